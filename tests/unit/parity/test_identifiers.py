"""Which values of answers later requests ask for."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from servanda.parity import Identifiers

SOURCE = random.Random(1)  # noqa: S311 - nothing secret


@pytest.mark.parametrize("name", ["access_token", "token", "session_token"])
def test_a_field_asks_for_what_was_told_under_its_name_or_one_with_the_same_last_word(name: str) -> None:
    known = Identifiers()
    known.learn("access_token", "over grpc", "over http")
    assert known.some(name, SOURCE) == ("over grpc", "over http")


def drawn(known: Identifiers, name: str) -> Counter[str]:
    return Counter(pair[0] for _ in range(200) if (pair := known.some(name, SOURCE)) is not None)


def test_what_was_told_under_its_own_name_comes_more_often() -> None:
    known = Identifiers()
    known.learn("session_id", "a session", "a session")
    known.learn("user_id", "a user", "a user")
    found = drawn(known, "user_id")
    assert found["a user"] > found["a session"] > 0


def test_the_newest_values_come_most_often_and_old_ones_still() -> None:
    known = Identifiers()
    for number in range(50):
        known.learn("refresh_token", f"token {number}", f"token {number}")
    found = drawn(known, "refresh_token")
    newest = sum(found[f"token {number}"] for number in (47, 48, 49))
    assert 100 < newest < 200


def test_a_name_with_another_last_word_tells_nothing() -> None:
    known = Identifiers()
    known.learn("token_kind", "access", "access")
    assert known.some("token", SOURCE) is None
