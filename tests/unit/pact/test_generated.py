"""Values that generators make."""

import json
import re
import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from servanda.errors import ContractError
from servanda.pact.document import Generator
from servanda.pact.generated import text, value
from servanda.patterns import understood


def made(kind: str, example: object = "example", /, **attributes: Any) -> Any:
    return value(Generator(kind, attributes), {}, example)


@pytest.mark.parametrize(
    ("data_type", "given", "expected"),
    [
        ("INTEGER", "7", 7),
        ("INTEGER", 7, 7),
        ("INTEGER", 7.0, 7),
        ("DECIMAL", "7.5", 7.5),
        ("FLOAT", 7, 7.0),
        ("BOOLEAN", "true", True),
        ("BOOLEAN", "False", False),
        ("STRING", 7, "7"),
        ("STRING", True, "true"),
        ("STRING", {"a": 1}, '{"a": 1}'),
        ("RAW", 7, 7),
        (None, "7", "7"),
    ],
)
def test_a_value_of_a_state_has_the_type_that_the_generator_names(data_type: Any, given: Any, expected: Any) -> None:
    found = value(Generator("ProviderState", {"expression": "${id}", "dataType": data_type}), {"id": given}, "x")
    assert (found, type(found)) == (expected, type(expected))


def test_an_expression_is_converted_as_a_whole() -> None:
    generator = Generator("ProviderState", {"expression": "${a}${b}", "dataType": "INTEGER"})
    assert value(generator, {"a": 1, "b": "2"}, 0) == 12
    assert value(generator, {"a": 1}, 0) == 0


@pytest.mark.parametrize(
    ("data_type", "given"), [("INTEGER", "seven"), ("INTEGER", True), ("DECIMAL", "x"), ("BOOLEAN", "yes")]
)
def test_a_value_that_is_not_of_the_type_is_refused(data_type: str, given: object) -> None:
    with pytest.raises(ContractError, match=f"of a provider state is no {data_type}"):
        value(Generator("ProviderState", {"expression": "${id}", "dataType": data_type}), {"id": given}, "x")


def test_random_values_stay_within_what_is_asked_for() -> None:
    for _ in range(50):
        assert 3 <= made("RandomInt", 1, min=3, max=5) <= 5
        assert re.fullmatch(r"[0-9A-F]{8}", made("RandomHexadecimal", digits=8))
        assert re.fullmatch(r"[A-Za-z0-9]{20}", made("RandomString", size="20"))
        assert made("RandomBoolean", True) in (True, False)
        assert re.fullmatch(r"\d{1,8}", made("Regex", regex=r"\d{1,8}"))
        decimal = made("RandomDecimal", 1.5, digits=6)
        assert isinstance(decimal, float)
        assert re.fullmatch(r"\d+\.\d+", json.dumps(decimal))


@pytest.mark.parametrize(
    ("kind", "pattern"),
    [("RandomInt", r"\d+"), ("RandomDecimal", r"\d+\.\d+"), ("RandomBoolean", "true|false")],
)
def test_a_number_in_place_of_a_text_is_a_text(kind: str, pattern: str) -> None:
    assert re.fullmatch(pattern, made(kind, "cats"))


@pytest.mark.parametrize(
    ("form", "pattern"),
    [
        (None, r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ("lower-case-hyphenated", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        ("upper-case-hyphenated", r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}"),
        ("simple", r"[0-9a-f]{32}"),
        ("URN", r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    ],
)
def test_an_identifier_is_written_in_its_format(form: str | None, pattern: str) -> None:
    found = made("Uuid", format=form)
    assert re.fullmatch(pattern, found)
    assert uuid.UUID(found).version == 4
    assert found != made("Uuid", format=form)


def test_dates_and_times_are_those_of_now_in_the_format_that_is_asked_for() -> None:
    before = datetime.now().astimezone()
    assert before.date() <= date.fromisoformat(made("Date")) <= before.date() + timedelta(days=1)
    assert re.fullmatch(r"\d\d:\d\d:\d\d", made("Time"))
    assert datetime.fromisoformat(made("DateTime")) - before < timedelta(minutes=5)
    tomorrow = datetime.strptime(made("Date", format="dd/MM/yyyy", expression="tomorrow"), "%d/%m/%Y")  # noqa: DTZ007
    assert tomorrow.date() - before.date() in (timedelta(days=1), timedelta(days=2))
    assert made("Time", format="HH:mm", expression="noon + 1 hour") == "13:00"
    assert made("DateTime", format="HH:mm", expression="+1 day @ 3 o'clock pm") == "15:00"


@pytest.mark.parametrize(
    ("generator", "message"),
    [
        (Generator("RandomInt", {"min": "x"}), "has min 'x', expected an integer"),
        (Generator("RandomInt", {"min": 5, "max": 1}), "maximum 1 below the minimum 5"),
        (Generator("RandomString", {"size": 10**9}), "expected 0 to 10,000"),
        (Generator("RandomHexadecimal", {"digits": -1}), "expected 0 to 10,000"),
        (Generator("Regex", {"regex": "(?=a)b"}), "no text that matches"),
        (Generator("Date", {"format": "bb"}), "uses 'bb', which is not supported"),
        (Generator("Date", {"expression": "the day after"}), "cannot be understood"),
        (Generator("Time", {"expression": "+1 parsec"}), "cannot be understood"),
    ],
)
def test_a_generator_that_cannot_be_used_is_refused(generator: Generator, message: str) -> None:
    with pytest.raises(ContractError, match=message):
        value(generator, {}, "x")


@pytest.mark.parametrize("kind", ["MockServerURL", "OfAPlugin"])
def test_the_server_of_the_consumers_test_and_what_a_plugin_makes_stay_as_they_are(kind: str) -> None:
    assert made(kind, regex=".*(/a)", example="http://1:2/a") == "example"


@pytest.mark.parametrize("regex", [r"\p{Upper}{2}(?<n>\d)\k<n>", r"[\p{L}-]{3}", r"\Qa.b\E\d", r"\P{L}\pL", r"\x{41}+"])
def test_a_text_is_made_of_expressions_of_other_languages(regex: str) -> None:
    assert understood(regex).fullmatch(made("Regex", 1, regex=regex))


def test_a_text_takes_a_value_as_json_writes_it() -> None:
    generator = Generator("ProviderState", {"expression": "${id}"})
    assert [text(generator, {"id": each}, "x") for each in ("a", 7, True, [1])] == ["a", "7", "true", "[1]"]


def test_the_example_stays_where_no_text_can_be_made_that_it_fits_itself() -> None:
    generator = Generator("Regex", {"regex": r"(?=[A-Z])[a-zA-Zë]{3}(?<=Zoë)"})
    assert value(generator, {}, "Zoë") == "Zoë"
    with pytest.raises(ContractError, match="no text that matches"):
        value(generator, {}, "zoë")
