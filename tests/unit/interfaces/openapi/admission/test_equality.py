"""Values and keywords that count as the same, as JSON does."""

from typing import Any

import pytest

from tests.unit.interfaces.openapi.admission.test_composition import TIN, WOOD, found, ref, rules


def test_an_object_may_have_what_two_alternatives_require() -> None:
    parts = [ref("Tin"), ref("Wood")]
    ((rule, message),) = found({"anyOf": parts}, {"oneOf": parts}, "REQUEST")
    assert rule == "ALTERNATIVE_NO_DELETE"
    assert message.endswith('for example {"metal": "a", "tree": "a"} is refused now.')
    assert rules({"oneOf": parts}, {"anyOf": parts}, "RESPONSE") == ["ALTERNATIVE_NO_ADD"]
    assert found({"anyOf": parts}, {"oneOf": parts}, "RESPONSE") == []
    closed = [{**each, "additionalProperties": False} for each in (TIN, WOOD)]
    assert found({"anyOf": closed}, {"oneOf": closed}, "REQUEST") == []


def test_what_only_a_new_alternative_asks_for_counts_as_not_there() -> None:
    assert (
        found({"oneOf": [ref("Tin"), ref("Wood")]}, {"oneOf": [ref("Tin"), ref("Wood"), ref("Glass")]}, "REQUEST") == []
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({"enum": [1, 0]}, {"enum": [True, False]}, id="values"),
        pytest.param({"const": 1}, {"const": True}, id="a constant"),
        pytest.param({"items": {"enum": [1]}}, {"items": {"enum": [True]}}, id="items"),
        pytest.param({"not": {"const": 0}}, {"not": {"const": False}}, id="what is refused"),
    ],
)
def test_a_truth_value_is_no_number(one: Any, other: Any) -> None:
    assert rules(one, other, "REQUEST")
    assert rules(one, other, "RESPONSE")
    named = ({"A": one}, {"A": other})
    assert rules(ref("A"), ref("A"), "REQUEST", *named)
    assert found({"enum": [1, 0]}, {"enum": [0.0, 1.0]}, "REQUEST") == []


NOT: dict[str, Any] = {"enum": ["a", "b"], "required": ["x", "y"]}


@pytest.mark.parametrize(
    ("before", "after", "is_same"),
    [
        pytest.param({"not": NOT}, {"not": {**NOT, "enum": ["b", "a"], "required": ["y", "x"]}}, True, id="an order"),
        pytest.param({"not": NOT}, {"not": {**NOT, "description": "None of it.", "title": "A"}}, True, id="a remark"),
        pytest.param({"not": NOT}, {"not": {**NOT, "enum": ["a", "b", "c"]}}, False, id="a value"),
        pytest.param({"not": {"const": [1, 2]}}, {"not": {"const": [2, 1]}}, False, id="the order of a list"),
        pytest.param(
            {"not": {"properties": {"title": {"type": "string"}}}},
            {"not": {"properties": {"title": {"type": "integer"}}}},
            False,
            id="a property that is called like a remark",
        ),
        pytest.param(
            {"dependentRequired": {"title": ["a"]}}, {"dependentRequired": {"title": ["b"]}}, False, id="dependent"
        ),
        pytest.param(
            {"patternProperties": {"title": {"type": "string"}}},
            {"patternProperties": {"title": {"type": "string", "description": "A."}}},
            True,
            id="a remark on a property",
        ),
        pytest.param(
            {"prefixItems": [{}, {"type": "null"}]}, {"prefixItems": [{"type": "null"}, {}]}, False, id="items"
        ),
    ],
)
def test_of_keywords_that_are_compared_as_a_whole_remarks_and_order_count_for_nothing(
    before: Any, after: Any, *, is_same: bool
) -> None:
    assert (found(before, after, "REQUEST") == []) is is_same


def test_a_value_that_two_alternatives_list_is_refused_by_one_of() -> None:
    whole = {"type": "string", "enum": ["a", "b", "c"]}
    parts = [{"type": "string", "enum": ["a", "b"]}, {"type": "string", "enum": ["b", "c"]}]
    ((rule, message),) = found(whole, {"oneOf": parts}, "REQUEST")
    assert rule == "ENUM_NO_DELETE"
    assert message.endswith('enum: "b" removed; for example "b" is refused now.')
    assert found(whole, {"anyOf": parts}, "REQUEST") == []
    assert found(whole, {"oneOf": parts}, "RESPONSE") == []
    assert found(whole, {"oneOf": [parts[0], {"const": "c"}]}, "REQUEST") == []


@pytest.mark.parametrize("side", ["REQUEST", "RESPONSE"])
@pytest.mark.parametrize(
    ("bounded", "listed"),
    [
        pytest.param({"type": "integer", "minimum": 1, "maximum": 3}, {"enum": [1, 2, 3]}, id="whole numbers"),
        pytest.param(
            {"type": "number", "minimum": 1, "exclusiveMaximum": 5, "multipleOf": 2}, {"enum": [2, 4]}, id="steps"
        ),
        pytest.param(
            {"type": "number", "minimum": 0, "maximum": 1, "multipleOf": 0.5}, {"enum": [0, 0.5, 1]}, id="parts"
        ),
        pytest.param(
            {"type": "integer", "minimum": 1, "maximum": 2}, {"oneOf": [{"const": 1}, {"const": 2}]}, id="constants"
        ),
    ],
)
def test_few_numbers_between_two_bounds_are_listed_values(bounded: Any, listed: Any, side: str) -> None:
    assert found(bounded, listed, side) == []
    assert found(listed, bounded, side) == []


def test_many_numbers_between_two_bounds_are_not_counted() -> None:
    assert rules({"type": "integer", "minimum": 1, "maximum": 3000}, {"enum": [1, 2, 3]}, "REQUEST")


def test_an_alternative_that_others_match_as_well_is_shown_by_what_keeps_them_from_it() -> None:
    other = {"type": "object", "properties": {"metal": {"type": "integer"}}}
    kind = {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "x"}}}

    told = [message for _, message in found({"type": "null"}, {"oneOf": [kind, other, {"type": "null"}]}, "RESPONSE")]

    assert any(message.endswith('for example {"kind": "x", "metal": true} can come now.') for message in told)


def test_an_alternative_that_others_always_match_as_well_is_none() -> None:
    kind = {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "x"}}}

    told = found({"type": "null"}, {"oneOf": [{"type": "null"}, {"type": "object"}, kind]}, "RESPONSE")

    assert ["const" in message.partition("; for example")[0] for _, message in told] == [False]


def of_parts(more: Any, *, length: int) -> dict[str, Any]:
    inner = {"Inner": {"type": "object", "properties": {"text": {"type": "string", "maxLength": length}}}}
    part = {"type": "object", "properties": {"inner": ref("Inner")}}
    return {**inner, "Part": part, "Whole": {"allOf": [ref("Part"), {"type": "object", **more}]}}


def test_what_changes_behind_one_part_is_told_once_at_its_place() -> None:
    before, after = (of_parts({"required": ["kind"]}, length=length) for length in (9, 5))

    [(rule, message)] = found(ref("Whole"), ref("Whole"), "REQUEST", before, after)

    assert rule == "LIMIT_NO_TIGHTEN"
    assert "schema Inner.text: " in message


def test_what_another_part_forbids_cannot_change_behind_one() -> None:
    before, after = (of_parts({"properties": {"inner": False}}, length=length) for length in (9, 5))

    assert found(ref("Whole"), ref("Whole"), "REQUEST", before, after) == []
