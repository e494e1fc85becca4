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
