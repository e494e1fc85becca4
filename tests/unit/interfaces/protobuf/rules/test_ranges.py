"""Intervals that cover numbers, told apart from a set of all these numbers by their speed alone."""

from hypothesis import given
from hypothesis import strategies as st

from servanda.interfaces.protobuf.rules.ranges import Cover, Interval, shown

NUMBERS = st.integers(-5, 25)
INTERVALS = st.tuples(NUMBERS, NUMBERS).map(lambda pair: (min(pair), max(pair)))


def numbers(intervals: list[Interval]) -> set[int]:
    return {number for start, end in intervals for number in range(start, end + 1)}


@given(st.lists(INTERVALS), NUMBERS)
def test_a_number_is_covered_if_an_interval_holds_it(intervals: list[Interval], number: int) -> None:
    assert (number in Cover(intervals)) is (number in numbers(intervals))


@given(st.lists(INTERVALS), INTERVALS)
def test_what_is_missing_is_what_no_interval_holds(intervals: list[Interval], whole: Interval) -> None:
    assert numbers(Cover(intervals).missing(whole)) == numbers([whole]) - numbers(intervals)


def test_what_is_missing_is_told_in_as_few_parts_as_possible() -> None:
    assert shown(Cover([(3, 4), (5, 6), (9, 9)]).missing((1, 10))) == "1 to 2, 7 to 8, 10"
