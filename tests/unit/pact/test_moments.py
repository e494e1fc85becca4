"""Moments that are described from now."""

from datetime import UTC, datetime

import pytest

from servanda.errors import ContractError
from servanda.pact.moments import moment

# A Wednesday.
NOW = datetime(2024, 1, 31, 10, 20, 30, tzinfo=UTC)


def described(expression: str, *, dates: bool = True, times: bool = True) -> str:
    return moment(expression, NOW, dates=dates, times=times).strftime("%Y-%m-%d %H:%M:%S")


@pytest.mark.parametrize(
    ("expression", "day"),
    [
        ("", "2024-01-31"),
        ("now", "2024-01-31"),
        ("today", "2024-01-31"),
        ("yesterday", "2024-01-30"),
        ("tomorrow", "2024-02-01"),
        ("+ 1 day", "2024-02-01"),
        ("-2 days", "2024-01-29"),
        ("+1 week", "2024-02-07"),
        ("+1 fortnight", "2024-02-14"),
        ("+1 month", "2024-02-29"),
        ("+13 months", "2025-02-28"),
        ("- 1 year", "2023-01-31"),
        ("tomorrow + 1 week - 1 day", "2024-02-07"),
        ("+1 day+1 month", "2024-03-01"),
        ("next week", "2024-02-07"),
        ("last fortnight", "2024-01-17"),
        ("next month", "2024-02-29"),
        ("next monday", "2024-02-05"),
        ("next wed", "2024-02-07"),
        ("last wednesday", "2024-01-24"),
        ("last thurs", "2024-01-25"),
        ("next january", "2025-01-31"),
        ("next jun + 1 day", "2024-07-01"),
        ("last dec", "2023-12-31"),
        ("TODAY + 1 DAY", "2024-02-01"),
    ],
)
def test_a_date_is_counted_from_today(expression: str, day: str) -> None:
    assert described(expression, times=False) == f"{day} 10:20:30"


@pytest.mark.parametrize(
    ("expression", "time"),
    [
        ("now", "10:20:30"),
        ("midnight", "00:00:00"),
        ("noon", "12:00:00"),
        ("1 o'clock am", "01:00:00"),
        ("12 o'clock am", "00:00:00"),
        ("1 o'clock pm", "13:00:00"),
        ("11 o'clock", "11:00:00"),
        ("9 o'clock", "21:00:00"),
        ("+ 1 hour", "11:20:30"),
        ("-20 minutes - 30 seconds", "10:00:00"),
        ("noon + 5 milliseconds + 1 second", "12:00:01"),
        ("next hour", "11:20:30"),
        ("last minute", "10:19:30"),
    ],
)
def test_a_time_is_counted_from_now(expression: str, time: str) -> None:
    assert described(expression, dates=False) == f"2024-01-31 {time}"


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("", "2024-01-31 10:20:30"),
        ("tomorrow", "2024-02-01 10:20:30"),
        ("tomorrow @ noon", "2024-02-01 12:00:00"),
        ("@ midnight + 1 hour", "2024-01-31 01:00:00"),
        ("next friday @ +1 hour", "2024-02-02 11:20:30"),
    ],
)
def test_a_date_and_a_time_stand_on_both_sides_of_a_sign(expression: str, told: str) -> None:
    assert described(expression) == told


@pytest.mark.parametrize(
    "expression",
    ["soon", "+1", "+ day", "1 day", "+1 parsec", "next", "next thing", "+999999 years", "now now", "@ 99"],
)
def test_what_describes_no_moment_is_refused(expression: str) -> None:
    with pytest.raises(ContractError, match="cannot be understood"):
        described(expression)
