"""Values that came in answers and come no more: a fact for those who wait for them, and advice to all others."""

from __future__ import annotations

from typing import Any

import pytest

from servanda.interfaces.openapi.check import check_document
from servanda.verdict import Severity
from tests.unit.interfaces.openapi.admission.test_composition import document, ref

CARD = {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "card"}, "of": {"type": "string"}}}
CASH = {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "cash"}}}


def gone(before: Any, after: Any, side: str = "RESPONSE", components: Any = None) -> list[str]:
    """Findings about values that come no more."""
    documents = (document(schema, side, components or {}, "3.1.0") for schema in (before, after))
    found = [each.finding for each in check_document(*documents)]
    told = [each for each in found if each.rule == "OPENAPI_RESPONSE_VALUE_NO_DELETE"]
    assert {each.severity for each in told} <= {Severity.ADVICE}
    return [each.message.partition("can come no more: ")[2] for each in told]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        pytest.param({"enum": ["a", "b"]}, {"enum": ["a"]}, '"b"; for example "b" comes no more.', id="a value"),
        pytest.param({"enum": ["a", "b"]}, {"const": "b"}, '"a"; for example "a" comes no more.', id="a constant"),
        pytest.param(
            {"type": ["string", "null"]}, {"type": "string"}, "null; for example null comes no more.", id="null"
        ),
        pytest.param(
            {"anyOf": [{"type": "string"}, {"type": "null"}]},
            {"type": "string"},
            "null; for example null comes no more.",
            id="null as an alternative",
        ),
        pytest.param(
            {"type": "string"},
            {"enum": ["a"]},
            'other values than the listed ones; for example "" comes no more.',
            id="all but the listed ones",
        ),
        pytest.param({"type": "boolean"}, {"const": True}, "false; for example false comes no more.", id="no"),
        pytest.param(
            {"enum": ["a", "b"]},
            {"oneOf": [{"const": "a"}, {"const": "c"}]},
            '"b"; for example "b" comes no more.',
            id="beside a new one",
        ),
    ],
)
def test_what_comes_no_more_is_told_with_an_example(before: Any, after: Any, told: str) -> None:
    assert gone(before, after) == [told]
    assert gone(before, after, "REQUEST") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({"enum": ["a"]}, {"enum": ["a", "b"]}, id="a new value"),
        pytest.param({"enum": ["a", "b"]}, {"anyOf": [{"const": "b"}, {"const": "a"}]}, id="written as alternatives"),
        pytest.param({"type": "string"}, {"type": "string", "maxLength": 5}, id="a limit"),
        pytest.param({"type": "string"}, {"type": "integer"}, id="another type, which is told itself"),
        pytest.param({"oneOf": [CARD, CASH]}, {"oneOf": [CASH, CARD]}, id="another order"),
        pytest.param(CARD, {"oneOf": [CARD, CASH]}, id="one alternative of two"),
    ],
)
def test_what_still_can_come_is_not_told(before: Any, after: Any) -> None:
    assert gone(before, after) == []


def test_a_value_inside_an_alternative_is_told_at_its_place() -> None:
    fewer = {**CARD, "properties": {**CARD["properties"], "of": {"enum": ["x"]}}}  # type: ignore[dict-item]

    [told] = gone({"oneOf": [CARD, CASH]}, {"oneOf": [CASH, fewer]})

    assert told.startswith("other values than the listed ones; for example ")


def test_what_is_split_up_among_alternatives_still_comes() -> None:
    both = {"type": "object", "properties": {"kind": {"enum": ["card", "cash"]}}, "required": ["kind"]}

    assert gone(both, {"oneOf": [CARD, CASH]}) == []
    assert gone({"items": both}, {"items": {"oneOf": [CARD, CASH]}}) == []


def test_what_is_shared_is_told_once() -> None:
    one, two = ({"S": {"enum": each}} for each in (["a", "b"], ["a"]))
    schema = {"type": "object", "properties": {"x": ref("S"), "y": ref("S")}}
    documents = [document(schema, "RESPONSE", each, "3.1.0") for each in (one, two)]

    assert len(check_document(documents[0], documents[1])) == 1
