"""Which values of answers later requests ask for."""

from __future__ import annotations

import random

import pytest

from servanda.parity import Identifiers

SOURCE = random.Random(1)  # noqa: S311 - nothing secret


@pytest.mark.parametrize("name", ["access_token", "token", "session_token"])
def test_a_field_asks_for_what_was_told_under_its_name_or_one_with_the_same_last_word(name: str) -> None:
    known = Identifiers()
    known.learn("access_token", "over grpc", "over http")
    assert known.some(name, SOURCE) == ("over grpc", "over http")


def test_what_was_told_under_its_own_name_comes_first() -> None:
    known = Identifiers()
    known.learn("session_id", "a session", "a session")
    known.learn("user_id", "a user", "a user")
    assert {known.some("user_id", SOURCE) for _ in range(20)} == {("a user", "a user")}


def test_a_name_with_another_last_word_tells_nothing() -> None:
    known = Identifiers()
    known.learn("token_kind", "access", "access")
    assert known.some("token", SOURCE) is None
