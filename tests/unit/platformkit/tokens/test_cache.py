"""Tokens that are remembered, for how long, and what makes them forgotten."""

from __future__ import annotations

import pytest

from platformkit.tokens import (
    KeySet,
    PublicKey,
    Refusal,
    RefusedTokenError,
    RevocationList,
    RevokedAccount,
    RevokedToken,
    VerifiedTokens,
    Verifier,
)
from tests.unit.platformkit.tokens.tokens_at_hand import CLAIMS, KEY, NOW, signed


class CountedKeys(KeySet):
    """One key, and how often it was asked for."""

    def __init__(self) -> None:
        self.asked = 0

    async def find(self, key_id: str) -> PublicKey:
        self.asked += 1
        return KEY.public


class Platform:
    """A cache with a clock that is set by hand."""

    def __init__(self, capacity: int = 10) -> None:
        self.now = float(NOW)
        self.keys = CountedKeys()
        self.revoked = RevocationList(lambda: self.now)
        verifier = Verifier(self.keys, "plt.auth", "plt", clock=lambda: self.now)
        self.tokens = VerifiedTokens(verifier, self.revoked, capacity=capacity, clock=lambda: self.now)


async def test_a_token_is_verified_once() -> None:
    platform = Platform()
    token = signed()

    assert [await platform.tokens.verify(token) for _ in range(3)] == [CLAIMS] * 3
    assert platform.keys.asked == 1


async def test_a_token_is_verified_again_after_a_minute() -> None:
    platform = Platform()
    token = signed()
    await platform.tokens.verify(token)
    platform.now += 60
    await platform.tokens.verify(token)

    assert platform.keys.asked == 2


async def test_a_remembered_token_expires() -> None:
    platform = Platform()
    token = signed(expire_time=NOW + 10)
    await platform.tokens.verify(token)
    platform.now += 15

    with pytest.raises(RefusedTokenError) as refused:
        await platform.tokens.verify(token)
    assert refused.value.refusal is Refusal.EXPIRED


async def test_a_token_that_is_refused_is_not_remembered() -> None:
    platform = Platform()
    for _ in range(2):
        with pytest.raises(RefusedTokenError):
            await platform.tokens.verify(signed(audience="elsewhere"))

    assert len(platform.tokens) == 0


@pytest.mark.parametrize(
    "revocation",
    [
        pytest.param(RevokedToken("token-1", 300), id="token"),
        pytest.param(RevokedAccount(CLAIMS.subject, CLAIMS.version + 1, 300), id="account"),
    ],
)
async def test_a_remembered_token_is_refused_as_soon_as_it_is_revoked(
    revocation: RevokedToken | RevokedAccount,
) -> None:
    platform = Platform()
    token = signed()
    await platform.tokens.verify(token)
    platform.revoked.add([revocation])

    with pytest.raises(RefusedTokenError) as refused:
        await platform.tokens.verify(token)
    assert refused.value.refusal is Refusal.REVOKED
    assert len(platform.tokens) == 0


async def test_those_go_first_that_were_not_asked_for() -> None:
    platform = Platform(capacity=2)
    first, second, third = (signed(token_id=f"token-{number}") for number in range(3))
    await platform.tokens.verify(first)
    await platform.tokens.verify(second)
    await platform.tokens.verify(first)
    await platform.tokens.verify(third)
    assert (len(platform.tokens), platform.keys.asked) == (2, 3)

    await platform.tokens.verify(first)
    assert platform.keys.asked == 3
    await platform.tokens.verify(second)
    assert platform.keys.asked == 4


async def test_a_huge_token_is_not_even_hashed() -> None:
    with pytest.raises(RefusedTokenError) as refused:
        await Platform().tokens.verify("a" * 10_000_000)
    assert refused.value.refusal is Refusal.TOO_LARGE


async def test_text_that_no_encoding_has_is_refused() -> None:
    with pytest.raises(RefusedTokenError):
        await Platform().tokens.verify("\ud800")
