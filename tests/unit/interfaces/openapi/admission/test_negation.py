"""Schemas with ``not``: what it admits is compared, and what nobody can tell is advice."""

from __future__ import annotations

from typing import Any

import pytest

from servanda.configuration import Limits
from servanda.interfaces.openapi.admission.bounds import Bounds
from servanda.interfaces.openapi.check import check_document
from servanda.verdict import Severity
from tests.unit.interfaces.openapi.admission.test_composition import document, found, ref, rules

TEXT: dict[str, Any] = {"type": "string"}
WHOLE: dict[str, Any] = {"type": "integer"}
PAIR: dict[str, Any] = {"type": "object", "properties": {"a": TEXT, "b": TEXT}}
BOTH: dict[str, Any] = {"required": ["a", "b"]}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({**TEXT, "not": {"const": ""}}, {**TEXT, "minLength": 1}, id="the empty text"),
        pytest.param({**TEXT, "not": {"minLength": 4}}, {**TEXT, "maxLength": 3}, id="a length"),
        pytest.param({**TEXT, "not": {"maxLength": 4}}, {**TEXT, "minLength": 5}, id="a least length"),
        pytest.param(
            {"type": "number", "not": {"minimum": 5}}, {"type": "number", "exclusiveMaximum": 5}, id="a bound"
        ),
        pytest.param(
            {"type": "number", "not": {"exclusiveMaximum": 5}}, {"type": "number", "minimum": 5}, id="an open bound"
        ),
        pytest.param(
            {"type": "integer", "minimum": 0, "not": {"const": 0}}, {"type": "integer", "minimum": 1}, id="a value"
        ),
        pytest.param({"type": ["string", "null"], "not": {"type": "null"}}, TEXT, id="a type"),
        pytest.param(
            {"type": "array", "items": {"const": "y", "not": TEXT}, "maxItems": 3},
            {"type": "array", "items": {"const": "y", "not": TEXT}, "maxItems": 2},
            id="a list of nothing",
        ),
        pytest.param(
            {"type": "object", "additionalProperties": False},
            {"type": "object", "allOf": [{"additionalProperties": TEXT}, {"additionalProperties": WHOLE}]},
            id="other properties that cannot be anything",
        ),
        pytest.param({"enum": ["a", "b", "c"], "not": {"enum": ["c"]}}, {"enum": ["a", "b"]}, id="a listed value"),
        pytest.param(
            {"allOf": [{"not": {**WHOLE, "maximum": 9}}, {"anyOf": [{**WHOLE, "maximum": 5}, {"type": "null"}]}]},
            {"type": "null"},
            id="in another part",
        ),
        pytest.param({**TEXT, "not": {"not": {"enum": ["a"]}}}, {"enum": ["a"]}, id="twice"),
        pytest.param({"type": "array", "not": {"maxItems": 0}}, {"type": "array", "minItems": 1}, id="an empty list"),
        pytest.param(
            {**PAIR, "not": BOTH},
            {**PAIR, "anyOf": [{"not": {"required": ["a"]}}, {"not": {"required": ["b"]}}]},
            id="two properties",
        ),
        pytest.param({**PAIR, "not": ref("Tin")}, {**PAIR, "not": {"$ref": "#/components/schemas/Tin"}}, id="the same"),
    ],
)
@pytest.mark.parametrize("side", ["REQUEST", "RESPONSE"])
def test_what_is_refused_in_another_way_is_no_change(before: Any, after: Any, side: str) -> None:
    assert found(before, after, side) == []
    assert found(after, before, side) == []


@pytest.mark.parametrize(
    ("before", "after", "rule", "example"),
    [
        pytest.param(TEXT, {**TEXT, "not": {"enum": ["x"]}}, "ENUM_NO_DELETE", '"x"', id="a value"),
        pytest.param(PAIR, {**PAIR, "not": BOTH}, "SAME_KEYWORD", '{"a": "a", "b": "a"}', id="both properties"),
        pytest.param(
            {**PAIR, "not": BOTH}, {**PAIR, "not": {"required": ["a"]}}, "TYPE_NO_NARROW", '"a"', id="one of them"
        ),
        pytest.param(TEXT, {**TEXT, "not": {"pattern": "^x-"}}, "SAME_KEYWORD", '"x-"', id="a pattern"),
    ],
)
def test_what_is_refused_now_is_shown(before: Any, after: Any, rule: str, example: str) -> None:
    [(told, message)] = found(before, after, "REQUEST")

    assert told == rule
    assert message.endswith(f"; for example {example} is refused now.")
    assert found(before, after, "RESPONSE") == []
    assert len(rules(after, before, "RESPONSE")) == 1


def test_what_contradicts_itself_in_a_circle_is_compared_as_a_whole() -> None:
    before, after = ({"A": {"not": {"anyOf": [ref("A"), {"type": each}]}}} for each in ("string", "integer"))

    assert found(ref("A"), ref("A"), "REQUEST", before, before) == []
    assert rules(ref("A"), ref("A"), "REQUEST", before, after) == ["NO_UNPROVEN_CHANGE"]


def test_beyond_the_bounds_what_no_value_shows_is_advice() -> None:
    choice = {"oneOf": [{"type": "object", "required": [name]} for name in "abcd"]}
    last: dict[str, Any] = {"required": ["x"]}
    wider, narrower = ({"allOf": [choice, {"anyOf": each}]} for each in ([{}, last], [last]))
    before, after = (document(each, "REQUEST", {}, "3.1.0") for each in (wider, narrower))

    [usual] = {each.finding.severity for each in check_document(before, after)}
    [beyond] = {each.finding.severity for each in check_document(before, after, bounds=Bounds(1, 1, 1))}

    assert (usual, beyond) == (Severity.ERROR, Severity.ADVICE)


def test_countless_ways_to_what_is_refused_are_no_hindrance() -> None:
    def deep(last: str) -> dict[str, Any]:
        inner = {f"S{n}": {"not": {"properties": {"a": ref(f"S{n + 1}"), "b": ref(f"S{n + 1}")}}} for n in range(40)}
        return {**inner, "S40": {"type": last}}

    assert found(ref("S0"), ref("S0"), "REQUEST", deep("string"), deep("string")) == []


PARTS: dict[str, Any] = {"allOf": [PAIR, {"type": "object", "properties": {"c": TEXT}}]}


def test_what_no_part_evaluates_is_forbidden() -> None:
    closed = {"type": "object", "properties": dict.fromkeys("abc", TEXT), "additionalProperties": False}

    [(rule, message)] = found(PARTS, {**PARTS, "unevaluatedProperties": False}, "REQUEST")

    assert rule == "ADDITIONAL_PROPERTIES_NO_FORBID"
    assert message.endswith("is refused now.")
    assert found({**PARTS, "unevaluatedProperties": False}, closed, "REQUEST") == []
    assert found(closed, {**PARTS, "unevaluatedProperties": False}, "RESPONSE") == []


def test_a_property_of_an_alternative_is_evaluated_where_it_holds() -> None:
    parts = [{"required": ["x"], "properties": {"x": TEXT}}, {"required": ["y"], "properties": {"y": TEXT}}]
    choice = {"type": "object", "anyOf": parts, "unevaluatedProperties": False}

    assert found(choice, {**choice, "anyOf": parts[::-1]}, "REQUEST") == []
    assert rules({**choice, "unevaluatedProperties": True}, choice, "REQUEST")
    assert rules(choice, {**choice, "anyOf": parts[:1]}, "REQUEST")


def test_the_bounds_are_those_that_the_repository_sets() -> None:
    limits = Limits(schema_cases=2, schema_steps=3, schema_judgements=4)

    assert Bounds.of(limits) == Bounds(2, 3, 4)
