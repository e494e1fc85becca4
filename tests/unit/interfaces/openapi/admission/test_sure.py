"""Formats, bounds, null and other schemas: what is told is sure, and told of what was edited."""

from typing import Any

import pytest

from tests.unit.interfaces.openapi.admission.test_composition import CRATE, found, kinds, ref, rules

WHOLE = {"type": "integer"}
SMALL = {"minimum": -(2**31), "maximum": 2**31 - 1}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param({"format": "int32", **SMALL}, {"format": "int32"}, [], id="bounds that the format implies"),
        pytest.param({"format": "int32"}, SMALL, [], id="bounds instead of the format"),
        pytest.param(SMALL, {"format": "int32"}, [], id="the format instead of bounds"),
        pytest.param({"format": "int32"}, {"format": "int64"}, ["TYPE_NO_WIDEN"], id="another format"),
        pytest.param({"format": "int32", **SMALL}, {}, ["LIMIT_NO_LOOSEN", "TYPE_NO_WIDEN"], id="neither"),
        pytest.param({"format": "int32", "maximum": 9}, {"format": "int32"}, ["LIMIT_NO_LOOSEN"], id="a tighter bound"),
    ],
)
def test_a_format_of_whole_numbers_is_two_bounds(
    before: dict[str, Any], after: dict[str, Any], expected: list[str]
) -> None:
    told = rules({**WHOLE, **before}, {**WHOLE, **after}, "RESPONSE")

    assert [rule for rule in told if rule != "LIMIT_NO_TIGHTEN"] == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param({}, {"format": "webhook-url"}, [], id="a format of their own"),
        pytest.param({}, {"format": "uri"}, ["TYPE_NO_NARROW"], id="a format that everybody knows"),
        pytest.param({"format": "uri"}, {"format": "webhook-url"}, ["TYPE_NO_NARROW"], id="one instead of another"),
    ],
)
def test_a_format_that_nobody_knows_refuses_nothing(
    before: dict[str, Any], after: dict[str, Any], expected: list[str]
) -> None:
    text = {"type": "string"}

    assert rules({**text, **before}, {**text, **after}, "REQUEST") == expected


def test_nullable_without_a_type_may_mean_what_it_says() -> None:
    before, after = {"type": "string", "nullable": True}, {"anyOf": [{"type": "string"}], "nullable": True}

    assert rules(before, after, "REQUEST", version="3.0.3") == []
    assert rules(before, {"anyOf": [{"type": "string"}]}, "REQUEST", version="3.0.3") == ["TYPE_NO_NARROW"]


def test_what_stayed_as_it_is_became_nothing_else() -> None:
    texts = {"type": "array", "items": {"type": "string", "default": "a"}}
    after = {"anyOf": [texts, {"type": "array", "items": ref("Crate")}]}

    assert rules(texts, after, "REQUEST") == []


def test_other_properties_are_told_where_they_are() -> None:
    before, after = ({"type": "object", **more} for more in ({}, {"additionalProperties": {"type": "string"}}))

    messages = [message for _, message in found(before, after, "REQUEST")]

    assert messages
    assert all("/schema/additionalProperties: " in message for message in messages)


@pytest.mark.parametrize("side", ["REQUEST", "RESPONSE"])
def test_a_change_inside_an_alternative_is_no_overlap(side: str) -> None:
    heavier = {**CRATE, "properties": {**CRATE["properties"], "weight": {"type": "string"}}}
    choice = {"oneOf": [{"type": "null"}, ref("Crate")]}

    told = rules(choice, choice, side, components={"Crate": CRATE}, now={"Crate": heavier})

    assert told == ["TYPE_NO_NARROW" if side == "REQUEST" else "TYPE_NO_WIDEN"]


@pytest.mark.parametrize("member", ["a", "b"])
def test_a_reference_may_stand_where_the_properties_are_listed(member: str) -> None:
    schema = {"type": "object", "properties": {"$ref": "#/components/schemas/Listed"}}
    before, after = ({"Listed": {"a": {"type": "integer"}, name: {"type": "integer"}}} for name in ("a", member))
    fewer: dict[str, Any] = {"Listed": {}}

    assert rules(schema, schema, "RESPONSE", components=before, now=after) == []
    assert rules(schema, schema, "RESPONSE", components=after, now=fewer) == ["PROPERTY_NO_DELETE"]


@pytest.mark.parametrize("side", ["REQUEST", "RESPONSE"])
@pytest.mark.parametrize(
    "wrapped", [{"nullable": True, "anyOf": [ref("Crate")]}, {"nullable": True, "allOf": [ref("Crate")]}]
)
def test_nullable_without_a_type_means_nothing_in_version_3_0(wrapped: Any, side: str) -> None:
    before, after = ({"type": "object", "properties": {"crate": each}} for each in (ref("Crate"), wrapped))
    assert found(before, after, side, version="3.0.3") == []


def test_alternatives_that_are_left_out_are_told_and_not_what_is_left() -> None:
    components = kinds(One="tin", Other="wood", Last="glass")
    before, after = {"oneOf": [ref("One"), ref("Other"), ref("Last")]}, ref("One")

    told = found(before, after, "REQUEST", components)

    assert [rule for rule, _ in told] == ["ALTERNATIVE_NO_DELETE"] * 2
    assert ["Other" in message for _, message in told].count(True) == 1


def test_a_reference_to_another_schema_is_told_by_both_names() -> None:
    before, after = ({"type": "object", "properties": {"of": ref(name)}} for name in ("Crate", "Tin"))

    messages = [message for _, message in found(before, after, "RESPONSE")]

    assert messages
    assert all("schema Crate (now Tin): " in message for message in messages)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({"format": "int32"}, SMALL, id="bounds instead of the format"),
        pytest.param({"format": "int32"}, {"format": "int32", **SMALL}, id="bounds beside the format"),
        pytest.param({"format": "int32", **SMALL}, {"format": "int32"}, id="the format alone"),
    ],
)
@pytest.mark.parametrize("side", ["REQUEST", "RESPONSE"])
def test_bounds_of_a_format_are_no_tighter_limit(before: dict[str, Any], after: dict[str, Any], side: str) -> None:
    assert found({**WHOLE, **before}, {**WHOLE, **after}, side) == []


LETTERS: dict[str, Any] = {"type": "string", "enum": ["a", "b", "c"]}


def split(**defaults: str) -> dict[str, Any]:
    one, other = ({"type": "string", "enum": each} for each in (["a"], ["b", "c"]))
    parts = [
        {**part, **({"default": defaults[name]} if name in defaults else {})}
        for name, part in (("one", one), ("other", other))
    ]
    return {"oneOf": parts}


@pytest.mark.parametrize("side", ["REQUEST", "RESPONSE"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(LETTERS, split(), id="no default"),
        pytest.param({**LETTERS, "default": "a"}, {**split(), "default": "a"}, id="the default of the whole"),
        pytest.param({**LETTERS, "default": "a"}, split(one="a"), id="the default in its alternative"),
        pytest.param({**LETTERS, "default": "a"}, split(one="a", other="b"), id="another one beside it"),
        pytest.param(split(one="a"), split(one="a", other="b"), id="the default of another alternative"),
    ],
)
def test_listed_values_may_be_split_up_into_alternatives(before: Any, after: Any, side: str) -> None:
    assert found(before, after, side) == []
    assert found(after, before, side) == []


@pytest.mark.parametrize("after", [split(other="b"), {**split(one="a"), "default": "c"}, LETTERS])
def test_another_default_is_told(after: Any) -> None:
    assert rules({**LETTERS, "default": "a"}, after, "REQUEST") == ["SAME_DEFAULT"]
