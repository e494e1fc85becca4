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
    assert is_written("time", "HH:mm:ss.SSS", "10:00:00.12") is False


def test_a_format_that_is_too_long_is_refused_before_it_is_read() -> None:
    with pytest.raises(ContractError, match="has 200000 characters, expected at most 500"):
        is_written("date", "'" * 200_000, "2026-11-29")


# A Thursday, the 184th day of its year.
@pytest.mark.parametrize(
    ("form", "written", "not_written"),
    [
        ("yyyy", "2026", "26"),
        ("uuuu", "2026", "26"),
        ("y", "2026", "20x6"),
        ("yyyyy", "02026", "2026"),
        ("yyyy G", "2026 AD", "2026 CE"),
        ("YYYY-'W'ww-e", "2026-W27-4", "2026-W57-4"),
        ("LLL", "JUL", "July"),
        ("MMMMM", "J", "X"),
        ("MM", "12", "7"),
        ("M", "07", "007"),
        ("dd", "13", "3"),
        ("d", "03", "003"),
        ("D", "184", "0"),
        ("QQ", "03", "05"),
        ("QQQ", "Q3", "Q5"),
        ("QQQQ", "3rd quarter", "5th quarter"),
        ("w W F", "27 1 5", "57 1 5"),
        ("EEEEE", "T", "X"),
        ("e ccc", "5 Thu", "8 Thu"),
        ("k", "24", "0"),
        ("KK", "00", "12"),
        ("hh", "12", "00"),
        ("a", "pm", "noon"),
        ("ss", "60", "5"),
        ("A", "35999123", "359991230"),
        ("N", "35999123000000", "x"),
        ("n", "123456789", "1234567890"),
        ("VV", "Europe/Paris", "Somewhere"),
        ("HH:mmXXX'['VV']'", "10:00+01:00[Europe/Warsaw]", "10:00+01:00"),
        ("zzzz", "Pacific Standard Time", "pst"),
        ("O", "GMT+8", "+8"),
        ("OOOO", "GMT+08:00", "GMT+8"),
        ("XX", "-0730", "-07:30"),
        ("XXX", "-07:30", "-0730"),
        ("XXXX", "-073000", "-07:30"),
        ("XXXXX", "-07:30:00", "-073000"),
        ("x", "+0800", "Z"),
        ("Z", "-0700", "Z"),
        ("Z", "+1800", "+1900"),
        ("ZZZZ", "GMT-07:00", "-07:00"),
        ("ZZZZZ", "Z", "-0700"),
        ("yyyy-MM-dd['T'HH:mm[:ss]]", "2026-07-02T10:00", "2026-07-02T10"),
        ("yyyy-MM-dd['T'HH:mm[:ss]]", "2026-07-02", "2026-07-02T"),
        ("EEE, MMM d, ''yy", "Thu, Jul 2, '26", "Thu, Jul 2, 26"),
        ("yyyy-MM-dd", "2024-02-29", "2026-02-29"),
        ("MM-dd", "02-29", "02-30"),
        ("EEEE, d MMMM yyyy", "Friday, 9 February 2024", "Monday, 9 February 2024"),
        ("EEE d.M.yy", "fri 9.2.24", "Thu 9.2.24"),
        ("EEE d.M.", "Mon 9.2.", "Mon 30.2."),
        ("yyyy-DDD", "2024-366", "2023-366"),
        ("dd.MM.yy", "29.02.24", "29.02.26"),
        ("d MMMM uuuu", "30 june 2026", "31 june 2026"),
        ("yy", "26", "2026"),
        ("MMMM", "July", "Juillet"),
        ("MMM", "Jul", "Juil"),
        ("MM", "07", "13"),
        ("M", "7", "13"),
        ("dd", "03", "32"),
        ("d", "3", "32"),
        ("DDD", "184", "367"),
        ("EEEE", "Thursday", "Jeudi"),
        ("EEE", "Thu", "Jeu"),
        ("EE", "Thu", "Jeu"),
        ("E", "Thu", "Jeu"),
        ("HH", "23", "24"),
        ("H", "9", "24"),
        ("hh", "12", "13"),
        ("h", "9", "13"),
        ("mm", "59", "60"),
        ("m", "5", "60"),
        ("ss", "59", "99"),
        ("s", "5", "99"),
        ("hh a", "11 PM", "11 XM"),
        ("X", "+02", "02"),
        ("X", "+0230", "+2"),
        ("X", "Z", "U"),
        ("XX", "+0200", "+02"),
        ("XXX", "+02:00", "+02"),
        ("yyyy-MM-dd'T'HHX", "2026-07-02T10+02", "2026-07-02"),
        ("x", "+02", "02"),
        ("xx", "+0200", "0200"),
        ("xxx", "+02:00", "02:00"),
        ("Z", "+0200", "0200"),
        ("ZZ", "+0200", "0200"),
        ("ZZZ", "+0200", "0200"),
        ("ZZZZZ", "+02:00", "02:00"),
        ("z", "UTC", "Nowhere"),
        ("HH 'o''clock'", "10 o'clock", "10 oclock"),
        ("HH''mm", "10'30", "1030"),
        ("HH%mm", "10%30", "1030"),
        ("HH'%'mm", "10%30", "1030"),
    ],
)
def test_each_letter_of_a_format_stands_for_its_part(form: str, written: str, not_written: str) -> None:
    assert is_written("timestamp", form, written)
    assert is_written("timestamp", form, not_written) is False


@pytest.mark.parametrize(
    ("kind", "written", "not_written"),
    [
        ("date", "2026-07-02", "2026-02-30"),
        ("time", "10:00:00.123456789", "25:00:00"),
        ("timestamp", "2026-07-02T10:00:00.1+02:00", "2026-07-02T25:00:00"),
    ],
)
def test_without_a_format_it_is_that_of_iso_8601(kind: str, written: str, not_written: str) -> None:
    assert is_written(kind, "", written)
    assert is_written(kind, "", not_written) is False


@pytest.mark.parametrize("digits", range(1, 10))
def test_a_fraction_may_have_up_to_nine_digits(digits: int) -> None:
    form = "ss." + "S" * digits
    assert is_written("time", form, "05." + "1" * digits)
    assert is_written("time", form, "05." + "1" * (digits + 1)) is False


def test_a_fraction_is_told_from_the_points_of_a_date() -> None:
    assert is_written("timestamp", "dd.MM.yyyy HH:mm:ss.SSS", "02.07.2026 10:00:00.123")
    assert is_written("timestamp", "dd.MM.yyyy HH:mm:ss.SS", "02.07.2026 10:00:00.123") is False
    assert is_written("timestamp", "dd.MM.yyyy HH:mm:ss.SSS", "02.07.2026 10:00:00") is False


@pytest.mark.parametrize(("form", "written"), [("HH:mm:ss SSS", "10:00:00 123"), ("HH:mm:ss'f'SSS", "10:00:00f123")])
def test_a_fraction_may_be_set_apart_by_anything(form: str, written: str) -> None:
    assert is_written("time", form, written)
    assert is_written("time", form, written[:-1]) is False
    assert is_written("time", form, written + "4") is False


def test_a_fraction_that_nothing_sets_apart_is_read_too() -> None:
    assert is_written("time", "HHmmssSSS", "100059123")
    assert is_written("time", "HHmmssSSS", "1000591234567") is False


def test_a_fraction_may_stand_behind_a_comma() -> None:
    assert is_written("time", "ss,nnnnnnnnn", "05,123456789")
    assert is_written("time", "ss,nnnnnnnnn", "05.123456789") is False


def test_a_format_may_have_five_hundred_characters_and_no_more() -> None:
    assert is_written("date", f"'{'x' * 498}'", "x" * 498)
    with pytest.raises(ContractError, match="has 501 characters"):
        is_written("date", f"'{'x' * 499}'", "x" * 499)


def test_a_letter_that_nobody_supports_is_refused() -> None:
    with pytest.raises(ContractError, match="'yyyy-bb' uses 'bb', which is not supported"):
        is_written("date", "yyyy-bb", "2026-03")
    with pytest.raises(ContractError, match="uses 'aa', which is not supported"):
        is_written("time", "hh aa", "10 AM")


def test_a_section_that_is_not_closed_is_refused() -> None:
    with pytest.raises(ContractError, match="opens or closes a section that it does not have"):
        is_written("date", "yyyy[-MM", "2026")


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("timestamp", "2021-02-03x04:05:06"),
        ("timestamp", "2021-02-03 04:05:06"),
        ("timestamp", "2021-02-03t04:05:06"),
        ("timestamp", "2021-02-03"),
        ("timestamp", "2021-02-03T"),
        ("timestamp", "2021-02-03T04"),
        ("time", "04"),
        ("date", "2021"),
    ],
)
def test_without_a_format_a_part_of_a_date_or_time_is_none(kind: str, text: str) -> None:
    assert is_written(kind, "", text) is False


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("timestamp", "2021-02-03T04:05:06Z"),
        ("timestamp", "2021-02-03T04:05:06,5-03:30"),
        ("timestamp", "20210203T040506+0100"),
        ("timestamp", "2021-02-03T04:05"),
        ("time", "04:05"),
        ("time", "T04:05:06"),
        ("date", "20210203"),
        ("date", "2021-W05-3"),
    ],
)
def test_without_a_format_the_forms_of_iso_8601_are_read(kind: str, text: str) -> None:
    assert is_written(kind, "", text)
