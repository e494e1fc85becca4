"""Forms of the values of a configuration, each with its JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from servanda.configuration.secrets import refuse_references, require_references
from servanda.configuration.shape import Form, Key, Reading, Schema, Shape
from servanda.documents import Table, Value

_STRING: Final[Schema] = {"type": "string"}
_STRINGS: Final[Schema] = {"type": "array", "items": _STRING}


def _text(value: Value, _reading: Reading) -> str:
    return refuse_references(value).text()


def _texts(value: Value, _reading: Reading) -> tuple[str, ...]:
    texts = value.texts()
    if any("{" in text for text in texts):
        for each in value.items():
            refuse_references(each)
    return texts


def _texts_by_name(value: Value, _reading: Reading) -> Mapping[str, str]:
    return MappingProxyType({name: refuse_references(each).text() for name, each in value.table().entries()})


def _values_by_name(value: Value, *, placeholders: bool) -> Mapping[str, str]:
    entries = value.table().entries()
    return MappingProxyType(
        {name: require_references(each, placeholders=placeholders).text() for name, each in entries}
    )


def _named_file(value: Value, reading: Reading) -> str:
    text = _text(value, reading)
    if text:
        reading.path(text, value)
    return text


def _named_files(value: Value, reading: Reading) -> tuple[str, ...]:
    for each in value.items():
        reading.path(each.text(), each)
    return _texts(value, reading)


TEXT: Final = Form(_STRING, _text)
TEXTS: Final = Form(_STRINGS, _texts)
COMMAND: Final = Form({**_STRINGS, "minItems": 1}, _texts)
"""A command that has to be there."""
FLAG: Final = Form({"type": "boolean"}, lambda value, _: value.flag())
NUMBER: Final = Form({"type": "number", "minimum": 0}, lambda value, _: value.number())
TEXTS_BY_NAME: Final = Form({"type": "object", "additionalProperties": _STRING}, _texts_by_name)
VALUE: Final = Form(_STRING, lambda value, _: require_references(value).text())
"""A text that may name secrets, see :mod:`servanda.configuration.secrets`."""
VALUES_BY_NAME: Final = Form(
    {"type": "object", "additionalProperties": _STRING}, lambda value, _: _values_by_name(value, placeholders=False)
)
"""Texts that may name secrets, see :mod:`servanda.configuration.secrets`."""
ENVIRONMENT: Final = Form(
    {"type": "object", "additionalProperties": _STRING}, lambda value, _: _values_by_name(value, placeholders=True)
)
"""Variables, whose values may hold placeholders besides secrets."""
FILE: Final = Form(_STRING, _named_file)
"""A path that stays as it is written."""
FILES: Final = Form(_STRINGS, _named_files)
"""Paths that stay as they are written."""
FOLDER: Final = Form(
    _STRING,
    lambda value, reading: reading.path(_text(value, reading), value),
    absent=lambda _table, key, reading: reading.path(key.default, None),
)
"""A path from the folder of the configuration."""
NEEDED_FOLDER: Final = Form(FOLDER.schema, FOLDER.read)
"""A path that has to be there."""


def matching(pattern: str, unlike: str, example: str) -> Form:
    """Return the form of texts that match a pattern as a whole.

    Args:
        pattern: The pattern, of what Python and ECMA-262 read alike.
        unlike: What a text that does not match is not.
        example: How to write it.
    """
    compiled = re.compile(pattern)

    def read(value: Value, _reading: Reading) -> str:
        if not compiled.fullmatch(value.text()):
            raise value.error(f"'{value.text()}' is not {unlike}", f"write {example}")
        return value.text()

    return Form({"type": "string", "pattern": f"^(?:{pattern})$"}, read)


def above_zero(most: int, *, whole: bool = False, unit: str = "") -> Form:
    """Return the form of numbers above zero.

    Args:
        most: The largest one.
        whole: Whether it counts something.
        unit: What it counts, for messages.
    """
    expected = f"a {'whole ' if whole else ''}number {unit}above zero, at most {most:,}"

    def read(value: Value, _reading: Reading) -> float:
        number = value.raw
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise value.unexpected(expected)
        # Without bounds means without an end: "inf" and "nan" are numbers to TOML.
        if not 0 < number <= most or (whole and int(number) != number):
            raise value.unexpected(expected)
        return int(number) if whole else number

    return Form({"type": "integer" if whole else "number", "exclusiveMinimum": 0, "maximum": most}, read)


def known(names: Iterable[str]) -> Schema:
    """Return the schema of a text that is one of these names, or one that an extension adds."""
    return {"anyOf": [{"enum": list(names)}, _STRING]}


def table(shape: Shape) -> Form:
    """Return the form of a table."""

    def absent(around: Table, key: Key, reading: Reading) -> Any:
        return shape.read(around.table(key.name), reading)

    return Form(shape.schema, lambda value, reading: shape.read(value.table(), reading), absent, shape)


def optional_table(shape: Shape) -> Form:
    """Return the form of a table that may be absent; then there is ``None``."""
    return Form(shape.schema, lambda value, reading: shape.read(value.table(), reading), inner=shape)


def one_of(names: Iterable[str]) -> Form:
    """Return the form of a text that is one of these names."""
    listed = tuple(names)

    def read(value: Value, _reading: Reading) -> str:
        if value.text() not in listed:
            raise value.error(f"'{value.text()}' is unknown", f"known: {', '.join(listed)}")
        return value.text()

    return Form({"enum": list(listed)}, read)


def tables_by_name(shape: Shape) -> Form:
    """Return the form of tables by name; what is made of each learns its ``name``."""

    def read(value: Value, reading: Reading) -> Mapping[str, Any]:
        found = dict[str, Any]()
        for name, each in value.table().entries():
            with reading.noting():
                found[name] = shape.read(each.table(), reading, name=name)
        return MappingProxyType(found)

    schema = {"type": "object", "additionalProperties": shape.schema}
    return Form(schema, read, lambda *_: MappingProxyType({}), shape, ".<name>.")


def tables(shape: Shape) -> Form:
    """Return the form of a list of tables."""

    def read(value: Value, reading: Reading) -> tuple[Any, ...]:
        found = list[Any]()
        for each in value.items():
            with reading.noting():
                found.append(shape.read(each.table(), reading))
        return tuple(found)

    return Form({"type": "array", "items": shape.schema}, read, lambda *_: (), shape)
