"""Shape of the tables of a configuration: their keys, what each means, and how it is read."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from servanda.documents import Boundary, Table, Value
from servanda.errors import ServandaError

Schema: TypeAlias = Mapping[str, Any]
"""Keywords of JSON Schema, draft 7 (https://json-schema.org/draft-07)."""
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


class Reading:
    """One pass over a configuration, with the mistakes that it met.

    Args:
        root: Folder that paths start from.
        boundary: The edge of the tree; ``None`` if paths are not followed.
    """

    def __init__(self, root: Path, boundary: Boundary | None) -> None:
        self.mistakes: list[ServandaError] = []
        self._root = root
        self._boundary = boundary

    def path(self, text: str, place: Value | None) -> Path:
        """Return the path that a text names.

        Args:
            text: The path, from the root.
            place: Where it is written; ``None`` for a default.

        Raises:
            ServandaError: It leads out of the tree.
        """
        path = self._root / text
        if self._boundary is not None:
            self._boundary.inside(path, place.where if place is not None else None)
        return path

    @contextlib.contextmanager
    def noting(self) -> Iterator[None]:
        """End this block at its first mistake, note that, and go on behind it."""
        try:
            yield
        except ServandaError as error:
            self.mistakes.append(error)


def _default(_table: Table, key: Key, _reading: Reading) -> Any:
    return key.default


@dataclass(frozen=True, slots=True)
class Form:
    """Form of a value.

    Attributes:
        schema: What a JSON Schema says of it.
        read: Reads it, or raises an error that names its place.
        absent: Gives what counts where the key is absent.
        inner: The tables within, if it holds some.
        step: What the path of a key within has between the two keys: ``.`` or ``.<name>.``.
    """

    schema: Schema
    read: Callable[[Value, Reading], Any]
    absent: Callable[[Table, Key, Reading], Any] = _default
    inner: Shape | None = None
    step: str = "."


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a table.

    Attributes:
        name: The key.
        form: Form of its value.
        meaning: What it means, in Markdown as in ``docs/reference``; empty if the keys within say it all.
        default: What counts without it.
        shown: The default in words, where the value does not say it.
        needed: An example, if it has to be there.
    """

    name: str
    form: Form
    meaning: str = ""
    default: Any = None
    shown: str = ""
    needed: str = ""

    @property
    def attribute(self) -> str:
        """Return its name in Python."""
        return self.name.replace("-", "_")

    def value(self, table: Table, reading: Reading) -> Any:
        """Return what a table says under this key.

        Raises:
            ServandaError: It says something that cannot be meant, or nothing where something is needed.
        """
        found = table.get(self.name)
        value = self.form.absent(table, self, reading) if found is None else self.form.read(found, reading)
        if self.needed and not value:
            raise table.error(f"'{self.name}' is missing", f"add {self.needed}")
        return value


def _agree(_values: Mapping[str, Any], _table: Table) -> None:
    return


@dataclass(frozen=True, slots=True)
class Shape:
    """A table: its keys, and what is made of their values.

    Attributes:
        make: Makes something of the values, by attribute.
        keys: Every key that it may have.
        check: Raises an error if values contradict each other.
        least: Number of keys that it has at least.
    """

    make: Callable[..., Any]
    keys: tuple[Key, ...]
    check: Callable[[Mapping[str, Any], Table], None] = _agree
    least: int = 0

    def read(self, table: Table, reading: Reading, **known: str) -> Any:
        """Return what is made of a table; None, which is of no use, if there are mistakes in it.

        Args:
            table: The table.
            reading: Takes the mistakes.
            known: What is known besides, such as the name of the table.
        """
        before, values = len(reading.mistakes), dict[str, Any](known)
        for key in self.keys:
            try:
                values[key.attribute] = key.value(table, reading)
            except ServandaError as error:
                reading.mistakes.append(error)
        # First: a misspelt key also looks like one that is missing.
        reading.mistakes[before:before] = table.unknown()
        if len(reading.mistakes) == before:
            with reading.noting():
                self.check(values, table)
                return self.make(**values)
        return None

    @property
    def schema(self) -> Schema:
        """Return the JSON Schema of such a table."""
        needed = [key.name for key in self.keys if key.needed]
        return {
            "type": "object",
            "properties": {key.name: described(key) for key in self.keys},
            **({"required": needed} if needed else {}),
            **({"minProperties": self.least} if self.least else {}),
            "additionalProperties": False,
        }


def described(key: Key) -> Schema:
    """Return the JSON Schema of the value of a key, with its meaning in plain text."""
    text = plain(key.meaning)
    told = {"description": f"{text[:1].upper()}{text[1:]}."} if text else {}
    default = {"default": key.default} if isinstance(key.default, str | int | float) and key.default != "" else {}
    return {**told, **default, **key.form.schema}


def plain(markdown: str) -> str:
    """Return a line of Markdown as plain text: links as their words, code without its ticks."""
    return _LINK.sub(r"\1", markdown).replace("`", "")
