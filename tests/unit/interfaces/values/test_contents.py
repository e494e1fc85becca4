"""Contents of values, held against what formats say of them."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf.wrappers_pb2 import StringValue

from servanda.errors import InterfaceError
from servanda.interfaces.values.contents import objection
from servanda.interfaces.values.format import Content, Encoding

ITEM = {
    "type": "object",
    "required": ["id", "price"],
    "properties": {"id": {"type": "string"}, "price": {"type": "integer", "minimum": 0}},
}
DECODERS = {"shop.v1.Name": (StringValue.FromString,)}


def told(value: bytes, encoding: Encoding, schema: Any = None, message: str = "") -> tuple[str, str, str] | None:
    found = objection(value, Content(encoding, message, schema), DECODERS)
    return None if found is None else (found.what, found.expected, found.actual)


@pytest.mark.parametrize(
    ("value", "encoding", "schema", "message"),
    [
        pytest.param(b'{"id": "a", "price": 3}', Encoding.JSON, ITEM, "", id="JSON of its schema"),
        pytest.param(b'{"id": "a", "price": 3, "unit": "kg"}', Encoding.JSON, ITEM, "", id="a member more"),
        pytest.param(b"12", Encoding.INTEGER, {"maximum": 12}, "", id="an integer within its bounds"),
        pytest.param(b"007", Encoding.INTEGER, {"maximum": 12}, "", id="an integer with leading zeros"),
        pytest.param(b"open", Encoding.TEXT, {"enum": ["open"]}, "", id="a text among others"),
        pytest.param(b"{", Encoding.BINARY, None, "form", id="a form of its own"),
        pytest.param(StringValue(value="Pen").SerializeToString(), Encoding.PROTOBUF, None, "shop.v1.Name", id="known"),
        pytest.param(b"{", Encoding.PROTOBUF, None, "shop.v1.Other", id="a message that nobody knows"),
    ],
)
def test_what_a_format_says_is_admitted(value: bytes, encoding: Encoding, schema: Any, message: str) -> None:
    assert told(value, encoding, schema, message) is None


UNSATISFIED = "does not satisfy the schema of the format at "


@pytest.mark.parametrize(
    ("value", "encoding", "schema", "expected"),
    [
        pytest.param(
            b'{"id": "a"}',
            Encoding.JSON,
            ITEM,
            (f"{UNSATISFIED}$", 'required: ["id", "price"]', "no price"),
            id="a member that is missing",
        ),
        pytest.param(
            b'{"id": "a", "price": "secret"}',
            Encoding.JSON,
            ITEM,
            (f"{UNSATISFIED}$.price", 'type: "integer"', "string"),
            id="a member of another type",
        ),
        pytest.param(
            b'{"id": "a", "price": -1}',
            Encoding.JSON,
            ITEM,
            (f"{UNSATISFIED}$.price", "minimum: 0", "integer"),
            id="a number out of bounds",
        ),
        pytest.param(
            b"13", Encoding.INTEGER, {"maximum": 12}, (f"{UNSATISFIED}$", "maximum: 12", "integer"), id="an integer"
        ),
        pytest.param(b"[]", Encoding.JSON, ITEM, (f"{UNSATISFIED}$", 'type: "object"', "array"), id="another document"),
    ],
)
def test_what_does_not_satisfy_the_schema_is_told_without_its_value(
    value: bytes, encoding: Encoding, schema: Any, expected: tuple[str, str, str]
) -> None:
    assert told(value, encoding, schema) == expected


@pytest.mark.parametrize("value", [b"{" * 100_000, b"\xff", b"{"])
def test_what_cannot_be_read_is_told_by_its_length(value: bytes) -> None:
    expected = ("holds what the format does not admit", "json", f"{len(value)} bytes")
    assert told(value, Encoding.JSON, ITEM) == expected


def test_bytes_of_another_message_are_told() -> None:
    expected = ("holds what the format does not admit", "protobuf shop.v1.Name", "3 bytes")
    assert told(b'{"a', Encoding.PROTOBUF, message="shop.v1.Name") == expected


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        ({"type": "number of pens"}, "is no JSON Schema"),
        ({"$ref": "http://127.0.0.1:1/schema.json"}, "refers to what it does not hold: http://127.0.0.1:1/schema.json"),
    ],
)
def test_a_schema_that_is_none_is_refused(schema: Any, why: str) -> None:
    with pytest.raises(InterfaceError, match=why):
        told(b"{}", Encoding.JSON, schema)
