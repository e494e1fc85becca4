"""What may be deleted, and when."""

import pytest

from servanda.interfaces.protobuf.comparison import compare
from servanda.interfaces.protobuf.rules.table import BEYOND_BUF
from tests.unit.interfaces.protobuf.rules.conftest import Found, state

UNANNOUNCED = "DEPRECATION_BEFORE_DELETE"
EARLY = "DEPRECATION_SUNSET_BEFORE_DELETE"
OVERDUE = "DEPRECATION_SUNSET_NO_OVERDUE"


def deprecation(rules: set[str]) -> set[str]:
    return {rule for rule in rules if rule.startswith("DEPRECATION_")}


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        pytest.param("message A {}", {UNANNOUNCED}, id="a message"),
        pytest.param("message A { option deprecated = true; }", set(), id="a deprecated message"),
        pytest.param(
            "message A { option deprecated = true; string f = 1; }", set(), id="a deprecated message with a field"
        ),
        pytest.param("enum A { A_UNSPECIFIED = 0; }", {UNANNOUNCED}, id="an enum"),
        pytest.param("service A { rpc Do(Kept) returns (Kept); }", {UNANNOUNCED}, id="a service"),
        pytest.param(
            "service A { option deprecated = true; rpc Do(Kept) returns (Kept); }", set(), id="its rpc with it"
        ),
        pytest.param("// Sunset: 2026-11-23\nmessage A { option deprecated = true; }", {EARLY}, id="a day too early"),
        pytest.param("// Sunset: 2026-11-22\nmessage A { option deprecated = true; }", set(), id="on the day"),
    ],
)
def test_only_what_was_announced_is_deleted(found: Found, element: str, expected: set[str]) -> None:
    kept = "message Kept {}\n"

    rules = found(kept + element, kept)

    assert deprecation(rules) - {OVERDUE} == expected


def test_of_many_values_those_are_told_that_are_gone() -> None:
    sources = (
        "enum E {{ option allow_alias = true; Z = 0; AGAIN = 0; {} }}".format(" ".join(f"E{n} = {n};" for n in numbers))
        for numbers in (range(1, 50), [*range(1, 20), *range(23, 50)])
    )
    rule = next(rule for rule in BEYOND_BUF if rule.id == UNANNOUNCED)

    before, after = map(state, sources)
    breaches = compare(before, after, [rule])

    assert [breach.objection.message for breach in breaches] == [
        f"Enum value 'E{number}' was deleted without having been deprecated before." for number in (20, 21, 22)
    ]
    assert {breach.objection.element for breach in breaches} == {f"shop.v1.E.E{number}" for number in (20, 21, 22)}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("message A { string a = 1; }", "message A { string b = 1; }", id="a field under another name"),
        pytest.param("enum A { X = 0; Y = 1; }", "enum A { X = 0; Z = 1; }", id="an enum value under another name"),
        pytest.param("message A { map<string, string> m = 1; }", "message A { reserved 1; }", id="the entry of a map"),
    ],
)
def test_what_is_still_there_in_some_form_was_not_deleted(found: Found, before: str, after: str) -> None:
    gone = {UNANNOUNCED} if "reserved" in after else set()

    assert deprecation(found(before, after)) == gone


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        pytest.param("2026-11-22", {OVERDUE}, id="today"),
        pytest.param("2026-11-23", set(), id="tomorrow"),
        pytest.param("soon", {"DEPRECATION_SUNSET_IS_DATE"}, id="no date"),
        pytest.param("", {"DEPRECATION_SUNSET_IS_DATE"}, id="nothing"),
    ],
)
def test_nothing_outlives_its_sunset(found: Found, date: str, expected: set[str]) -> None:
    source = f"// Sunset: {date}\nmessage A {{ option deprecated = true; }}"

    assert found(source, source) == expected
