"""Moments are written in the formats in which they are read."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from servanda.errors import ContractError
from servanda.pact.date_texts import written
from servanda.pact.matching.times import is_written

# A Thursday, the 184th day of its year.
MOMENT = datetime(2026, 7, 2, 9, 5, 7, 123456, timezone(-timedelta(hours=7, minutes=30)))


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "2026-07-02T09:05:07.123-07:30"),
        ("EEE, d MMM yy h:m:s a", "Thu, 2 Jul 26 9:5:7 AM"),
        ("EEEE dd MMMM uuuu", "Thursday 02 July 2026"),
        ("MMMMM EEEEE", "J T"),
        ("DDD D", "183 183"),
        ("Q QQ QQQ QQQQ", "3 03 Q3 3rd quarter"),
        ("YYYY-'W'ww-e", "2026-W27-4"),
        ("YY G GGGG", "26 AD Anno Domini"),
        ("kk KK hh", "09 09 09"),
        ("S SSSSSSSSS n", "1 123456000 123456000"),
        ("A N", "32707123 32707123456000"),
        ("X XX XXX x Z ZZZZ ZZZZZ O OOOO", "-0730 -0730 -07:30 -0730 -0730 GMT-07:30 -07:30 GMT-7:30 GMT-07:30"),
        ("''yy' o''clock'", "'26 o'clock"),
        ("yyyy[-MM]", "2026-07"),
    ],
)
def test_each_letter_is_written(form: str, text: str) -> None:
    assert written(form, MOMENT) == text


@pytest.mark.parametrize(
    "form",
    [
        "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
        "EEE, dd MMM yyyy hh:mm a",
        "DDD QQQ ww ccc",
        "kk KK",
        "n",
        "A",
        "N",
        "VV",
        "z",
        "OOOO",
        "Z",
        "ZZZZ",
        "ZZZZZ",
        "X",
        "xxx",
        "G",
        "LLLL",
    ],
)
@pytest.mark.parametrize(
    "moment", [datetime(2024, 2, 29, 23, 59, 59, 1, UTC), datetime(2026, 7, 2, tzinfo=UTC)], ids=str
)
def test_what_is_written_is_read(form: str, moment: datetime) -> None:
    assert is_written("timestamp", form, written(form, moment))


def test_a_letter_that_nobody_supports_is_refused() -> None:
    with pytest.raises(ContractError, match="uses 'bb', which is not supported"):
        written("bb", MOMENT)
