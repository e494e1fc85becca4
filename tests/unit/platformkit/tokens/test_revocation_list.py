"""What a verifier knows to be revoked."""

from __future__ import annotations

from dataclasses import replace

from platformkit.tokens import RevocationList, RevokedAccount, RevokedToken
from tests.unit.platformkit.tokens.tokens_at_hand import CLAIMS


def test_tokens_of_the_new_version_are_good() -> None:
    revoked = RevocationList()
    revoked.add([RevokedAccount(CLAIMS.subject, 4, 300)])

    assert revoked.covers(replace(CLAIMS, version=3))
    assert not revoked.covers(replace(CLAIMS, version=4))
    assert not revoked.covers(replace(CLAIMS, subject="somebody else"))


def test_an_older_version_that_comes_late_brings_nothing_back() -> None:
    revoked = RevocationList()
    revoked.add([RevokedAccount(CLAIMS.subject, 5, 300), RevokedAccount(CLAIMS.subject, 4, 300)])

    assert revoked.covers(replace(CLAIMS, version=4))


def test_what_would_have_expired_is_forgotten() -> None:
    now = 0.0
    revoked = RevocationList(lambda: now)
    revoked.add([RevokedToken(CLAIMS.token_id, 10), RevokedAccount(CLAIMS.subject, 4, 10)])
    assert revoked.covers(CLAIMS)
    now = 11.0
    revoked.add([])

    assert not revoked.covers(CLAIMS)


def test_until_redis_was_read_nobody_knows_what_is_missing() -> None:
    assert RevocationList().age_seconds == float("inf")
