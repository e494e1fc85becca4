"""Hashes by argon2id."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.auth.adapters.passwords import Argon2Passwords, HashParameters

CHEAP = HashParameters(1, 64, 1)


@pytest.fixture
def passwords() -> Iterator[Argon2Passwords]:
    passwords = Argon2Passwords(CHEAP, 2)
    yield passwords
    passwords.close()


async def test_a_password_matches_its_hash_and_no_other(passwords: Argon2Passwords) -> None:
    first, second = await passwords.hash("secret"), await passwords.hash("secret")

    assert first != second
    assert first.startswith("$argon2id$v=19$m=64,t=1,p=1$")
    assert await passwords.matches(first, "secret")
    assert not await passwords.matches(first, "Secret")


@pytest.mark.parametrize("password", ["", "secret", "\0"])
async def test_nothing_matches_where_there_is_no_hash(passwords: Argon2Passwords, password: str) -> None:
    assert not await passwords.matches(None, password)


async def test_a_hash_of_other_parameters_matches_and_is_outdated(passwords: Argon2Passwords) -> None:
    other = Argon2Passwords(HashParameters(2, 64, 1), 1)
    known = await other.hash("secret")
    other.close()

    assert await passwords.matches(known, "secret")
    assert passwords.is_outdated(known)
    assert not passwords.is_outdated(await passwords.hash("secret"))


async def test_a_hash_that_is_none_is_an_error_and_not_a_no(passwords: Argon2Passwords) -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        await passwords.matches("plain", "plain")
