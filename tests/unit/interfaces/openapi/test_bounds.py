"""Documents with countless ways to the same schema are compared in no time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from servanda.errors import InterfaceError
from servanda.interfaces.openapi.check import check_document
from servanda.interfaces.openapi.claim import is_document
from servanda.interfaces.openapi.document import Document
from servanda.interfaces.openapi.schema import schema

DEPTH = 60


def reference(number: int) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/S{number}"}


def document(schemas: dict[str, Any]) -> Document:
    content = {"application/json": {"schema": reference(0)}}
    operation = {"requestBody": {"content": content}, "responses": {"200": {"content": content}}}
    text = {"openapi": "3.1.0", "paths": {"/a": {"post": operation}}, "components": {"schemas": schemas}}
    return Document(json.dumps(text), "shop.json")


def doubled(wrap: Any, last: str) -> Document:
    """Each schema leads to the next one twice, so that there are 2**60 ways to the last one."""
    schemas = {f"S{number}": wrap(reference(number + 1), reference(number + 1)) for number in range(DEPTH)}
    return document({**schemas, f"S{DEPTH}": {"type": last}})


WRAPS = {
    "allOf": lambda one, other: {"allOf": [one, other]},
    "anyOf": lambda one, other: {"anyOf": [one, other]},
    "oneOf": lambda one, other: {"oneOf": [one, other]},
    "properties": lambda one, other: {"properties": {"a": one, "b": other}},
    "not": lambda one, other: {"not": {"properties": {"a": one, "b": other}}},
    "if and then": lambda one, other: {"if": one, "then": other},
}


@pytest.mark.parametrize("wrap", WRAPS.values(), ids=WRAPS)
def test_a_change_behind_countless_ways_is_found(wrap: Any) -> None:
    found = check_document(doubled(wrap, "string"), doubled(wrap, "integer"))
    assert found


@pytest.mark.parametrize("wrap", WRAPS.values(), ids=WRAPS)
def test_no_change_behind_countless_ways_is_none(wrap: Any) -> None:
    assert check_document(doubled(wrap, "string"), doubled(wrap, "string")) == ()


def test_a_chain_of_parts_may_be_longer_than_the_stack_is_deep() -> None:
    schemas: dict[str, Any] = {f"S{number}": {"allOf": [reference(number + 1)]} for number in range(3000)}
    read = document({**schemas, "S3000": {"type": "string"}})
    start = read.entry.root.get("components", "schemas", "S0")
    assert start is not None
    assert schema(start).types == {"string"}


def test_a_schema_that_is_a_part_of_itself_is_refused() -> None:
    read = document({"S0": {"allOf": [reference(1)]}, "S1": {"allOf": [{}, reference(0)]}})
    with pytest.raises(InterfaceError, match="no part of itself"):
        check_document(read, read)


def test_what_is_renamed_behind_a_reference_is_the_same() -> None:
    def named(name: str) -> Document:
        inner = {"$ref": f"#/components/schemas/{name}"}
        both = {"not": {"properties": {"a": inner, "b": inner}}}
        return document({"S0": both, name: {"type": "object", "properties": {"again": inner}}})

    assert check_document(named("One"), named("Other")) == ()


def test_a_file_of_empty_lines_is_looked_at_in_no_time(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("\n" * 300_000 + "{\n" * 100_000, encoding="utf-8")
    assert not is_document(tmp_path / "a.yaml")


@pytest.mark.parametrize(
    "text",
    ["openapi: 3.1.0", '{"openapi": "3.1.0"}', '{\n\n  "openapi" : "3.1.0"}', "  'swagger': 2", "\ufeffopenapi: 3.1.0"],
)
def test_a_document_is_known_by_its_version(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    assert is_document(tmp_path / "a.yaml")
