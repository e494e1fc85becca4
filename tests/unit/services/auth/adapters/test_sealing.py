"""Private keys in the store."""

from __future__ import annotations

import pytest

from platformkit.lifecycle import StartError
from services.auth.adapters.sealing import Sealed, sealing_key
from services.auth.domain.errors import SigningKeyError

KEY, OTHER = b"k" * 32, b"o" * 32
SECRET = '{"kty": "EC", "d": "secret"}'


def test_what_is_sealed_can_be_opened_and_not_read() -> None:
    sealed = Sealed(KEY).seal(SECRET)
    assert "secret" not in sealed
    assert Sealed(KEY).open(sealed) == SECRET


def test_what_was_stored_without_a_key_can_be_opened_with_one() -> None:
    assert Sealed(KEY).open(Sealed(None).seal(SECRET)) == SECRET


@pytest.mark.parametrize("key", [None, OTHER])
def test_what_is_sealed_with_another_key_cannot_be_opened(key: bytes | None) -> None:
    with pytest.raises(SigningKeyError, match="KEY_ENCRYPTION_KEY"):
        Sealed(key).open(Sealed(KEY).seal(SECRET))


def test_a_sealed_key_cannot_be_changed() -> None:
    sealed = Sealed(KEY).seal(SECRET)
    with pytest.raises(SigningKeyError):
        Sealed(KEY).open(sealed[:-4] + "AAAA")


@pytest.mark.parametrize("text", ["short", "a" * 42, "a" * 44, "ä" * 43, "*" * 43])
def test_a_key_that_is_none_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(StartError, match="KEY_ENCRYPTION_KEY") as refused:
        sealing_key(text)
    assert text not in str(refused.value)


def test_no_key_is_no_encryption() -> None:
    assert sealing_key("") is None
