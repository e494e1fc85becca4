"""Typed access to the parts of a document, with errors that say where, and what was expected."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Protocol

from servanda.documents.parts import Pointer
from servanda.documents.text import DocumentText
from servanda.errors import ServandaError

_SHOWN = 60
_WORDS = {None: "nothing", True: "true", False: "false"}
_TABLES = {"JSON": "an object", "YAML": "a mapping", "TOML": "a table"}


class _Places(Protocol):
    """Source of the places of parts."""

    path: str
    source: DocumentText
    notation: str

    def written(self, pointer: Pointer) -> str: ...

    def extent(self, pointer: Pointer) -> tuple[int, int, int, int]: ...

    def where(self, pointer: Pointer) -> str: ...

    def where_key(self, pointer: Pointer) -> str: ...


class Value:
    """A part of a document and its place.

    Attributes:
        raw: What is there.
        pointer: Where it is.

    Raises:
        ServandaError: It is not of the type that is asked for; of the reader's kind.
    """

    def __init__(self, raw: Any, pointer: Pointer, document: _Places) -> None:
        self.raw = raw
        self.pointer = pointer
        self.document = document

    @property
    def where(self) -> str:
        """Return file, line and column."""
        return self.document.where(self.pointer)

    @property
    def line(self) -> int:
        """Return the line, counted from 1."""
        return self.document.extent(self.pointer)[0]

    @property
    def name(self) -> str:
        """Return the path within the document, as ``services.identity.ports[0]``; empty for the root."""
        return dotted(self.pointer)

    def error(self, what: str, hint: str | None = None) -> ServandaError:
        """Return the error that something is wrong with this value."""
        said = f"{self.name}: {what}" if self.pointer else what
        return self.document.source.error(said, where=self.where, hint=hint)

    def unexpected(self, expected: str) -> ServandaError:
        """Return the error that something else was expected."""
        return self.error(f"expected {expected}, found {self._kind()}")

    def _kind(self) -> str:
        """Return what this is, for messages; of a short one what it says, too."""
        raw = self.raw
        if isinstance(raw, str):
            return f"the string {_shortened(json.dumps(raw, ensure_ascii=False))}"
        if isinstance(raw, bool) or raw is None:
            return _WORDS[raw]
        if isinstance(raw, int | float):
            return f"the number {_shortened(str(raw))}"
        if isinstance(raw, dict | list):
            return "a list" if isinstance(raw, list) else _TABLES[self.document.notation]
        return f"the date or time {raw}"

    def scalar(self) -> str:
        """Return a text; a number or a boolean as it is written, which is how YAML is read where texts are expected."""
        if isinstance(self.raw, bool | int | float):
            return self.document.written(self.pointer)
        return self.text()

    def text(self) -> str:
        """Return a text."""
        if not isinstance(self.raw, str):
            raise self.unexpected("a string")
        return self.raw

    def flag(self) -> bool:
        """Return a boolean."""
        if not isinstance(self.raw, bool):
            raise self.unexpected("true or false")
        return self.raw

    def integer(self) -> int:
        """Return an integer."""
        if isinstance(self.raw, bool) or not isinstance(self.raw, int):
            raise self.unexpected("an integer")
        return self.raw

    def number(self) -> float:
        """Return a non-negative number."""
        raw = self.raw
        if isinstance(raw, bool) or not isinstance(raw, int | float) or not 0 <= raw < math.inf:
            raise self.unexpected("a finite, non-negative number")
        try:
            return float(raw)
        except OverflowError:
            raise self.unexpected("a number below 1.8e308") from None

    def items(self) -> tuple[Value, ...]:
        """Return the items of a list."""
        if not isinstance(self.raw, list):
            raise self.unexpected("a list")
        return tuple(Value(each, (*self.pointer, str(index)), self.document) for index, each in enumerate(self.raw))

    def texts(self) -> tuple[str, ...]:
        """Return a list of strings."""
        if not isinstance(self.raw, list):
            raise self.unexpected("a list of strings")
        return tuple(each.text() for each in self.items())

    def table(self) -> Table:
        """Return a table."""
        return Table(self)


class Table:
    """A table of a document. Every read marks its key as known; :meth:`close` refuses what nobody asked for.

    Attributes:
        value: The table as a value.

    Raises:
        ServandaError: This is no table, a value has another type, a required key is missing or a key is unknown; of the
            reader's kind.
    """

    def __init__(self, value: Value) -> None:
        if not isinstance(value.raw, dict):
            raise value.unexpected(_TABLES[value.document.notation])
        self.value = value
        self._values: dict[str, Any] = value.raw
        self._known: dict[str, None] = {}

    @property
    def raw(self) -> Mapping[str, Any]:
        """Return the table as it is."""
        return self._values

    @property
    def where(self) -> str:
        """Return file, line and column."""
        return self.value.where

    def error(self, what: str, hint: str | None = None) -> ServandaError:
        """Return the error that something is wrong with this table."""
        return self.value.error(what, hint)

    def get(self, key: str) -> Value | None:
        """Return the value of a key; ``None`` if it is absent, or null in JSON or YAML."""
        self._known[key] = None
        return self._at(key) if self._values.get(key) is not None else None

    def required(self, key: str, example: str = "") -> Value:
        """Return the value of a key that has to be there."""
        found = self.get(key)
        if found is None:
            raise self.error(f"'{key}' is missing", f"add {example}" if example else None)
        return found

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; without a default it has to be there."""
        if isinstance(found := self._values.get(key), str):
            self._known[key] = None
            return found
        if default is not None and self.get(key) is None:
            return default
        example = f'{key} = "..."' if self.value.document.notation == "TOML" else ""
        return self.required(key, example).text()

    def name(self, key: str) -> str:
        """Return a text that has to be there and not empty."""
        found = self.text(key, "")
        if not found:
            raise self.error(f"'{key}' is missing")
        return found

    def number(self, key: str, default: float) -> float:
        """Return a non-negative number."""
        found = self.get(key)
        return default if found is None else found.number()

    def integer(self, key: str, default: int) -> int:
        """Return an integer."""
        found = self.get(key)
        return default if found is None else found.integer()

    def flag(self, key: str, *, default: bool) -> bool:
        """Return a boolean."""
        found = self.get(key)
        return default if found is None else found.flag()

    def items(self, key: str) -> tuple[Value, ...]:
        """Return the items of a list; none if the key is absent."""
        found = self.get(key)
        return () if found is None else found.items()

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of strings; empty if the key is absent."""
        found = self.get(key)
        return () if found is None else found.texts()

    def mapping(self, key: str) -> Mapping[str, str]:
        """Return a table of texts; empty if the key is absent."""
        found = self.get(key)
        if found is None:
            return MappingProxyType({})
        return MappingProxyType({name: each.text() for name, each in found.table().entries()})

    def table(self, key: str) -> Table:
        """Return a table within this one; empty if the key is absent."""
        return Table(self.get(key) or Value({}, (*self.value.pointer, key), self.value.document))

    def entries(self) -> Iterator[tuple[str, Value]]:
        """Return all keys with their values."""
        for key in self._values:
            self._known[key] = None
            yield key, self._at(key)

    def tables(self) -> Iterator[tuple[str, Table]]:
        """Return every value of this table as a table of its own."""
        for key, value in self.entries():
            yield key, value.table()

    def close(self, known: Iterable[str] = ()) -> None:
        """Refuse the keys that nobody asked for and that are not among those known."""
        for error in self.unknown(known):
            raise error

    def unknown(self, known: Iterable[str] = ()) -> Iterator[ServandaError]:
        """Return an error for each key that nobody asked for and that is not among those known."""
        names = (*self._known, *known)
        for key in self._values:
            if key not in names:
                import difflib  # noqa: PLC0415 - for mistakes alone

                close = difflib.get_close_matches(key, names, n=1)
                listed = f"known keys: {', '.join(sorted(names))}" if names else "no key is expected here"
                hint = f"did you mean '{close[0]}'? {listed}" if close else listed
                inner = (*self.value.pointer, key)
                said = f"{self.value.name}: unknown key '{key}'" if self.value.pointer else f"unknown key '{key}'"
                document = self.value.document
                yield document.source.error(said, where=document.where_key(inner), hint=hint)

    def _at(self, key: str) -> Value:
        return Value(self._values[key], (*self.value.pointer, key), self.value.document)


def dotted(pointer: Pointer) -> str:
    """Return a pointer as people write it: ``services.identity.ports[0]``."""
    shown = ""
    for part in pointer:
        if part.isdecimal() and shown:
            shown += f"[{part}]"
        else:
            shown += f".{part}" if shown else part
    return shown


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
