"""Formats of dates and times that nobody can have meant."""

import pytest

from servanda.errors import ContractError
from servanda.pact.matching.times import is_written


def test_a_part_that_is_said_twice_is_refused() -> None:
    with pytest.raises(ContractError, match="'yyyy-MM-yyyy' repeats a part"):
        is_written("date", "yyyy-MM-yyyy", "2026-11-2026")


def test_more_digits_than_nanoseconds_have_are_refused() -> None:
    with pytest.raises(ContractError, match="which is not supported"):
        is_written("time", "HH:mm:ss." + "S" * 400, "10:00:00.1")


def test_a_fraction_of_a_second_has_as_many_digits_as_its_format() -> None:
    assert is_written("time", "HH:mm:ss.SSS", "10:00:00.123")
    assert not is_written("time", "HH:mm:ss.SSS", "10:00:00.12")


def test_a_format_that_is_too_long_is_refused_before_it_is_read() -> None:
    with pytest.raises(ContractError, match="has 200000 characters, expected at most 500"):
        is_written("date", "'" * 200_000, "2026-11-29")
