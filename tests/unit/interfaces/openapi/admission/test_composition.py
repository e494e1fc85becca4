"""Schemas composed in another way: what admits the same is no change, and what does not is told truthfully."""

from __future__ import annotations

import json
from typing import Any

import pytest

from servanda.interfaces.openapi.check import check_document
from servanda.interfaces.openapi.document import Document

Found = list[tuple[str, str]]
CRATE: dict[str, Any] = {
    "type": "object",
    "required": ["label"],
    "properties": {"label": {"type": "string"}, "weight": {"type": "integer"}},
}
TIN: dict[str, Any] = {"type": "object", "required": ["metal"], "properties": {"metal": {"type": "string"}}}
WOOD: dict[str, Any] = {
    "type": "object",
    "required": ["tree"],
    "properties": {"tree": {"type": "string"}, "age": {"type": "integer"}},
}
GLASS: dict[str, Any] = {"type": "object", "required": ["colour"], "properties": {"colour": {"type": "string"}}}


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def document(schema: Any, side: str, components: Any, version: str) -> Document:
    content = {"content": {"application/json": {"schema": schema}}}
    operation: dict[str, Any] = {"responses": {}}
    if side == "REQUEST":
        operation["requestBody"] = content
    else:
        operation["responses"] = {"200": {"description": "Fine.", **content}}
    paths = {"/crates": {"post": operation}}
    text = {"openapi": version, "paths": paths, "components": {"schemas": components}}
    return Document(json.dumps(text), "depot.json")


def found(before: Any, after: Any, side: str, components: Any = None, now: Any = None, version: str = "3.1.0") -> Found:
    """The rules that find something on one side of a call, with their messages; what comes no more is told apart."""
    components = components or {"Crate": CRATE, "Tin": TIN, "Wood": WOOD, "Glass": GLASS}
    documents = (
        document(schema, side, each, version)
        for schema, each in ((before, components), (after, now if now is not None else components))
    )
    told = [each.finding for each in check_document(*documents) if each.rule.id != "OPENAPI_RESPONSE_VALUE_NO_DELETE"]
    return [(each.rule.removeprefix("OPENAPI_").partition("_")[2], each.message) for each in told]


def rules(*args: Any, **named: Any) -> list[str]:
    return sorted({rule for rule, _ in found(*args, **named)})


SAME = [
    pytest.param(ref("Crate"), {"anyOf": [ref("Crate")]}, id="a reference and a choice of one"),
    pytest.param(ref("Crate"), {"allOf": [ref("Crate")], "description": "A crate."}, id="a reference in allOf"),
    pytest.param(ref("Crate"), CRATE, id="a reference and what it leads to"),
    pytest.param({"enum": ["a", "b"]}, {"oneOf": [{"const": "a"}, {"const": "b"}]}, id="values and constants"),
    pytest.param(
        {"type": "string", "enum": ["a", "b"]},
        {"type": "string", "oneOf": [{"const": "a", "title": "A"}, {"const": "b", "title": "B"}]},
        id="values and constants with titles",
    ),
    pytest.param({"enum": ["a", 1]}, {"anyOf": [{"const": 1}, {"enum": ["a"]}]}, id="values of two types"),
    pytest.param({"const": "a"}, {"enum": ["a"]}, id="a constant and one value"),
    pytest.param({"type": ["string", "null"]}, {"oneOf": [{"type": "null"}, {"type": "string"}]}, id="null"),
    pytest.param(
        {"type": ["string", "integer"], "maxLength": 5},
        {"anyOf": [{"type": "integer"}, {"type": "string", "maxLength": 5}]},
        id="types and alternatives",
    ),
    pytest.param(
        {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        id="anyOf and oneOf that cannot both match",
    ),
    pytest.param(
        {"oneOf": [ref("Tin"), ref("Wood")]}, {"oneOf": [ref("Wood"), ref("Tin")]}, id="alternatives in another order"
    ),
    pytest.param(
        {"allOf": [ref("Crate"), {"anyOf": [ref("Tin"), ref("Wood")]}]},
        {"anyOf": [{"allOf": [ref("Crate"), ref("Tin")]}, {"allOf": [ref("Wood"), ref("Crate")]}]},
        id="allOf distributed over anyOf",
    ),
    pytest.param(
        {"allOf": [ref("Tin"), ref("Wood")]},
        {
            "type": "object",
            "required": ["tree", "metal"],
            "properties": {**TIN["properties"], **WOOD["properties"]},
        },
        id="allOf written out",
    ),
    pytest.param({"type": "integer", "minimum": 1}, {"type": "integer", "exclusiveMinimum": 0}, id="whole bounds"),
    pytest.param({"type": "integer"}, {"type": "number", "multipleOf": 1}, id="whole numbers"),
    pytest.param({"type": "boolean"}, {"enum": [True, False]}, id="both truth values"),
    pytest.param({"type": "number", "minimum": 1}, {"type": "number", "minimum": 1.0}, id="a number written otherwise"),
    pytest.param({"type": "string", "minLength": 0}, {"type": "string"}, id="a limit that limits nothing"),
    pytest.param({"type": "integer", "minLength": 3}, {"type": "integer"}, id="a limit on another type"),
    pytest.param(
        {"allOf": [{"type": "string", "minLength": 2}, {"minLength": 5}]},
        {"type": "string", "minLength": 5},
        id="the tighter of two limits",
    ),
]


@pytest.mark.parametrize("side", ["REQUEST", "RESPONSE"])
@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_admits_the_same_is_no_change(one: Any, other: Any, side: str) -> None:
    assert found(one, other, side) == []
    assert found(other, one, side) == []


NULL = {"oneOf": [{"type": "null"}, ref("Crate")]}


@pytest.mark.parametrize(
    "wrapped",
    [
        NULL,
        {"anyOf": [ref("Crate"), {"type": "null"}]},
        {"type": ["object", "null"], **{k: v for k, v in CRATE.items() if k != "type"}},
    ],
)
def test_that_something_may_be_null_is_one_finding(wrapped: Any) -> None:
    [(rule, message)] = found(ref("Crate"), wrapped, "RESPONSE")

    assert rule == "TYPE_NO_WIDEN"
    assert message.endswith(": it may be null now; for example null can come now.")
    assert found(wrapped, ref("Crate"), "RESPONSE") == []


def test_what_two_alternatives_of_one_admit_is_not_admitted() -> None:
    after = {"oneOf": [{"enum": [None, 1]}, {"type": "null"}]}

    assert found({"type": "integer"}, after, "RESPONSE") == []


def test_null_of_version_3_0_is_the_same_null() -> None:
    before, after = {"type": "string"}, {"type": "string", "nullable": True}

    assert rules(before, after, "RESPONSE", version="3.0.3") == ["TYPE_NO_WIDEN"]
    assert rules(after, before, "REQUEST", version="3.0.3") == ["TYPE_NO_NARROW"]
    assert rules(before, after, "REQUEST", version="3.0.3") == []


def test_a_bound_of_version_3_0_is_compared_as_the_same_bound_is_in_3_1() -> None:
    before = {"type": "integer", "minimum": 0, "exclusiveMinimum": True}

    assert found(before, {"type": "integer", "minimum": 1}, "REQUEST", version="3.0.3") == []


def test_a_request_may_be_split_into_alternatives_that_take_more() -> None:
    whole = {"type": "object", "required": ["from", "until"], "properties": {"from": {}, "until": {}}}
    parts = [{**whole, "required": [name]} for name in ("from", "until")]

    assert found(whole, {"anyOf": parts}, "REQUEST") == []


def test_an_answer_that_is_split_loses_what_is_required_and_no_property() -> None:
    whole = {"type": "object", "required": ["from", "until"], "properties": {"from": {}, "until": {}}}
    parts = [{"type": "object", "required": [name], "properties": {name: {}}} for name in ("from", "until")]

    assert rules(whole, {"anyOf": parts}, "RESPONSE") == ["PROPERTY_NO_BECOME_OPTIONAL"]


def test_alternatives_are_put_together_without_losing_a_property() -> None:
    together = {"type": "object", "properties": {**TIN["properties"], **WOOD["properties"]}}

    assert found({"oneOf": [ref("Tin"), ref("Wood")]}, together, "REQUEST") == []


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
def test_alternatives_that_are_called_otherwise_and_moved_are_the_same(keyword: str) -> None:
    now = {"NewGlass": GLASS, "NewTin": TIN, "NewWood": WOOD}
    after = {keyword: [ref("NewGlass"), ref("NewTin"), ref("NewWood")]}

    assert found({keyword: [ref("Tin"), ref("Wood")]}, after, "REQUEST", now=now) == []


def test_a_new_alternative_of_an_answer_is_named() -> None:
    now = {"NewGlass": GLASS, "NewTin": TIN, "NewWood": WOOD}
    after = {"oneOf": [ref("NewGlass"), ref("NewTin"), ref("NewWood")]}

    [(rule, message)] = found({"oneOf": [ref("Tin"), ref("Wood")]}, after, "RESPONSE", now=now)

    assert rule == "ALTERNATIVE_NO_ADD"
    assert "alternative #/components/schemas/NewGlass of oneOf was added" in message


def test_an_alternative_that_is_gone_is_no_change_of_another_one() -> None:
    before, after = {"oneOf": [ref("Tin"), ref("Wood")]}, {"oneOf": [ref("Glass"), ref("Tin")]}

    [(rule, message)] = found(before, after, "REQUEST")

    assert rule == "ALTERNATIVE_NO_DELETE"
    assert "alternative #/components/schemas/Wood of oneOf was removed" in message


def test_a_change_inside_an_alternative_is_told_of_its_own_alternative() -> None:
    heavier = {**WOOD, "required": ["tree", "age"]}
    before, after = {"oneOf": [ref("Tin"), ref("Wood")]}, {"oneOf": [ref("Plank"), ref("Tin")]}

    [(rule, message)] = found(before, after, "REQUEST", now={"Tin": TIN, "Plank": heavier})

    assert rule == "PROPERTY_NO_NEW_REQUIRED"
    assert "Wood (now Plank): property 'age' became required" in message


def test_a_change_of_an_alternative_counts_though_another_one_would_take_it_by_chance() -> None:
    before = {"Tin": {"properties": {"metal": {"type": "string"}}}, "Wood": {"properties": {"tree": {}}}}
    after = {**before, "Tin": {"properties": {"metal": {"type": "integer"}}}}
    choice = {"anyOf": [ref("Tin"), ref("Wood")], "type": "object"}

    assert rules(choice, choice, "REQUEST", before, after) == ["TYPE_NO_NARROW"]


def kinds(**values: str) -> dict[str, Any]:
    return {
        name: {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"const": kind}, "size": {"type": "integer"}},
        }
        for name, kind in values.items()
    }


def test_alternatives_are_paired_by_the_value_of_a_property() -> None:
    before, after = kinds(One="tin", Other="wood"), kinds(Other="tin", One="wood")
    after["Other"]["properties"]["size"] = {"type": "string"}
    choice = {"oneOf": [ref("One"), ref("Other")]}

    told = found(choice, choice, "REQUEST", before, after)

    assert [rule for rule, _ in told] == ["TYPE_NO_NARROW"]
    assert "schema One.size (now Other.size): type changed from integer to string" in told[0][1]


def test_what_is_listed_tells_alternatives_apart_that_are_alike_in_all_else() -> None:
    def choice(*kinds_: str, prose: str, **sizes: str) -> dict[str, Any]:
        parts = (
            {
                "type": "object",
                "description": prose,
                "required": ["kind"],
                "properties": {"kind": {"const": kind}, "size": {"type": sizes.get(kind, "integer")}},
            }
            for kind in kinds_
        )
        return {"oneOf": list(parts)}

    told = found(
        choice("tin", "wood", "glass", prose="Old."),
        choice("glass", "tin", "wood", prose="New.", tin="string"),
        "REQUEST",
    )

    assert [rule for rule, _ in told] == ["TYPE_NO_NARROW"]
    assert "schema/oneOf/0/properties/size: type changed from integer to string" in told[0][1]


def test_what_stands_beside_a_reference_counts_from_version_3_1_on() -> None:
    limited = {**ref("Crate"), "maxProperties": 1}

    assert rules(ref("Crate"), limited, "REQUEST", version="3.1.0") == ["LIMIT_NO_TIGHTEN"]
    assert rules(ref("Crate"), limited, "REQUEST", version="3.0.3") == []


def discriminated(*names: str, **mapping: str) -> dict[str, Any]:
    mapped = {value: ref(name)["$ref"] for value, name in mapping.items()}
    return {"oneOf": list(map(ref, names)), "discriminator": {"propertyName": "kind", "mapping": mapped}}


OPEN = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}}


def test_a_mapping_to_components_that_are_called_otherwise_is_the_same() -> None:
    before, after = discriminated("A", "B", a="A", b="B"), discriminated("Y", "X", a="X", b="Y")
    others = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}, "n": {}}}

    assert found(before, after, "REQUEST", {"A": OPEN, "B": others}, {"X": OPEN, "Y": others}) == []


def test_another_value_of_a_discriminator_is_a_change() -> None:
    before, after = discriminated("A", a="A"), discriminated("A", b="A")

    assert rules(before, after, "REQUEST", {"A": OPEN}) == ["SAME_KEYWORD"]
    assert rules(before, after, "RESPONSE", {"A": OPEN}) == ["SAME_KEYWORD"]


def test_without_a_mapping_the_name_of_a_component_is_the_value_of_its_discriminator() -> None:
    before = {"oneOf": [ref("A")], "discriminator": {"propertyName": "kind"}}
    after = {"oneOf": [ref("X")], "discriminator": {"propertyName": "kind"}}

    assert rules(before, after, "REQUEST", {"A": OPEN}, {"X": OPEN}) == ["SAME_KEYWORD"]


def test_additional_properties_are_forbidden_by_each_part_for_itself() -> None:
    closed = {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": False}
    more = {"type": "object", "properties": {"b": {"type": "string"}}}

    assert "PROPERTY_NO_DELETE" not in rules({"allOf": [closed, more]}, closed, "RESPONSE")
    assert "ADDITIONAL_PROPERTIES_NO_FORBID" in rules(more, {"allOf": [more, closed]}, "REQUEST")


def test_a_property_may_be_added_whatever_others_were_admitted() -> None:
    more = {**TIN, "properties": {**TIN["properties"], "weight": {"type": "integer"}}}

    closed, more_closed = ({**each, "additionalProperties": False} for each in (TIN, more))

    assert found(TIN, more, "REQUEST") == []
    assert found(TIN, more, "RESPONSE") == []
    assert rules(closed, more_closed, "RESPONSE") == ["CLOSED_NO_NEW_PROPERTY"]


def test_more_than_one_alternative_may_match_of_any_but_not_of_one() -> None:
    parts = [{"type": "object", "required": [name], "properties": {"a": {}, "b": {}}} for name in ("a", "b")]

    [(rule, message)] = found({"anyOf": parts}, {"oneOf": parts}, "REQUEST")

    assert rule == "ALTERNATIVE_NO_DELETE"
    assert "a value that fits several alternatives is refused now" in message
    assert found({"anyOf": parts}, {"oneOf": parts}, "RESPONSE") == []
    assert rules({"oneOf": parts}, {"anyOf": parts}, "RESPONSE") == ["ALTERNATIVE_NO_ADD"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param({"propertyNames": {"maxLength": 5}}, {}, [], id="less is refused"),
        pytest.param({}, {"propertyNames": {"maxLength": 5}}, ["SAME_KEYWORD"], id="more is refused"),
        pytest.param(
            {}, {"not": {"type": "string", "pattern": "^[a-z]{50}$"}}, ["NO_UNPROVEN_CHANGE"], id="nothing shows it"
        ),
        pytest.param({"patternProperties": {"^x": {}}}, {}, ["NO_UNPROVEN_CHANGE"], id="patterns of names"),
        pytest.param({"not": ref("Tin")}, {"not": TIN}, [], id="the same behind a reference"),
    ],
)
def test_a_keyword_that_is_not_looked_into_counts_if_it_may_refuse(
    before: Any, after: Any, expected: list[str]
) -> None:
    assert rules(before, after, "REQUEST") == expected


def test_schemas_that_contain_each_other_are_compared() -> None:
    def tree(leaf: Any, *, wrapped: bool) -> dict[str, Any]:
        child = {"anyOf": [{"type": "null"}, ref("Tree")]} if wrapped else {"oneOf": [ref("Tree"), {"type": "null"}]}
        return {"Tree": {"type": "object", "properties": {"child": child, "leaf": leaf}}}

    before, same = tree({"type": "string"}, wrapped=False), tree({"type": "string"}, wrapped=True)
    other = tree({"type": "integer"}, wrapped=True)

    assert found(ref("Tree"), ref("Tree"), "REQUEST", before, same) == []
    assert rules(ref("Tree"), ref("Tree"), "REQUEST", before, other) == ["TYPE_NO_NARROW"]


def test_a_schema_that_is_one_of_its_alternatives_is_compared() -> None:
    before, after = ({"A": {"anyOf": [{"type": each}, ref("A")]}} for each in ("string", "integer"))

    assert found(ref("A"), ref("A"), "REQUEST", before, before) == []
    assert rules(ref("A"), ref("A"), "REQUEST", before, after) == ["TYPE_NO_NARROW"]


def test_what_would_become_too_many_cases_is_compared_as_it_is_written() -> None:
    def parts(last: str) -> dict[str, Any]:
        names = "abcdefghijk"
        choices = [{"oneOf": [{"required": [f"{name}{number}"]} for number in range(6)]} for name in names]
        return {"type": "object", "allOf": [*choices, {"oneOf": [{"required": [last]}, *choices[0]["oneOf"]]}]}

    assert found(parts("x"), parts("x"), "REQUEST") == []
    assert rules(parts("x"), parts("y"), "REQUEST") == ["NO_UNPROVEN_CHANGE"]


def test_a_long_example_is_described() -> None:
    [(_, message)] = found({"type": "string"}, {"type": "string", "maxLength": 255}, "REQUEST")

    assert message.endswith(
        "maxLength changed from none to 255; for example a string of 256 characters is refused now."
    )


def test_an_example_does_not_change_the_fingerprint() -> None:
    def fingerprint(extra: Any) -> str:
        before, after = (
            document(
                {**TIN, "required": required, "properties": {**TIN["properties"], **extra}}, "REQUEST", {}, "3.1.0"
            )
            for required in ([], ["metal"])
        )
        [one] = check_document(before, after)
        return one.finding.fingerprint

    assert fingerprint({}) == fingerprint({"weight": {"const": 5}})
