"""Documents of formats: ``contracts/values/<service>.toml``; ``docs/reference/values.schema.json`` describes one."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Final, TypeVar

from servanda.documents import ParsedDocument, Reader, Table, Value
from servanda.errors import InterfaceError
from servanda.interfaces.values.format import Content, Encoding, Format, Policy, RedisType
from servanda.interfaces.values.pattern import Pattern

ENDING: Final = ".toml"
"""Ending of the names of documents."""
_READER: Final = Reader(InterfaceError)
_FOR_EVER: Final = "none"
_NAMED: Final = MappingProxyType({Encoding.PROTOBUF: "message", Encoding.BINARY: "form"})
_WITHOUT_SCHEMA: Final = frozenset(_NAMED)
_Choice = TypeVar("_Choice", bound=enum.StrEnum)


def parse(content: bytes | str, path: str) -> tuple[Format, ...]:
    """Read the formats of a document; the name of its file is the service whose they are.

    Raises:
        InterfaceError: It says what no such document says; the error names the place.
    """
    document = _READER.parse(content, path)
    top = document.root.table()
    owner = PurePosixPath(path).name.removesuffix(ENDING)
    found = tuple(_format(owner, name, each, document) for name, each in top.table("formats").tables())
    top.close()
    return found


def _format(owner: str, name: str, table: Table, document: ParsedDocument) -> Format:
    table.text("description", "")
    kind = _chosen(table, "type", RedisType)
    found = Format(
        owner=owner,
        name=name,
        key=_pattern(table.required("key", 'key = "{namespace}:..."')),
        type=kind,
        contents=_fields(table) if kind.has_fields else MappingProxyType({"": _content(table)}),
        ttl=None if kind is RedisType.CHANNEL else _ttl(table.required("ttl", 'ttl = 60, or ttl = "none"')),
        writers=_services(table, "writers"),
        readers=_services(table, "readers"),
        policy=_chosen(table, "policy", Policy, Policy.FULL),
        document=document,
    )
    table.close()
    return found


def _fields(table: Table) -> Mapping[str, Content]:
    fields = table.required("fields", "a table [formats.NAME.fields]").table()
    found = {}
    for name, field in fields.tables():
        _pattern(Value(name, field.value.pointer, field.value.document))
        required = field.flag("required", default="{" not in name)
        found[name] = _content(field, is_required=required)
        field.close()
    return MappingProxyType(found)


def _content(table: Table, *, is_required: bool = True) -> Content:
    encoding = _chosen(table, "content", Encoding)
    key = _NAMED.get(encoding)
    message = table.required(key, f'{key} = "..."').text() if key is not None else ""
    given = table.get("schema") if encoding not in _WITHOUT_SCHEMA else None
    schema = given.table() if given is not None else None
    if schema is not None:
        _require_json(schema.value)
    return Content(encoding, message, schema.raw if schema is not None else None, table.value.pointer, is_required)


def _require_json(value: Value) -> None:
    match value.raw:
        case dict():
            for _, inner in value.table().entries():
                _require_json(inner)
        case list():
            for inner in value.items():
                _require_json(inner)
        case str() | int() | float() | bool() | None:
            pass
        case _:
            raise value.unexpected("a value that JSON has")


def _pattern(value: Value) -> Pattern:
    found = Pattern(value.text())
    if found.flaw:
        raise value.error(f"'{found.text}' is no pattern: {found.flaw}", 'write it as "{namespace}:user:{user_id}"')
    return found


def _ttl(value: Value) -> int | None:
    if value.raw == _FOR_EVER:
        return None
    if isinstance(value.raw, str) or value.integer() <= 0:
        raise value.unexpected('a number of seconds above 0, or "none"')
    return value.integer()


def _services(table: Table, key: str) -> tuple[str, ...]:
    return table.required(key, f'{key} = ["..."]').texts()


def _chosen(table: Table, key: str, choices: type[_Choice], default: _Choice | None = None) -> _Choice:
    given = table.get(key)
    if given is None and default is not None:
        return default
    value = given if given is not None else table.required(key, f'{key} = "{next(iter(choices))}"')
    if value.text() not in list(choices):
        raise value.error(f"'{value.text()}' is unknown", f"known: {', '.join(choices)}")
    return choices(value.text())
