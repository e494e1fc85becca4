"""A document: its value, and where each part of it is written."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from servanda.documents.boundary import Boundary
from servanda.documents.files import read_bytes
from servanda.documents.json import outline_json, read_json
from servanda.documents.limits import DocumentLimits
from servanda.documents.parts import Part, Pointer, find
from servanda.documents.text import DocumentText, decode
from servanda.documents.toml import read_toml
from servanda.documents.value import Value
from servanda.errors import ServandaError


class Notation(enum.StrEnum):
    """Notation of a document."""

    JSON = "JSON"
    YAML = "YAML"
    TOML = "TOML"

    @classmethod
    def of(cls, path: str) -> Notation:
        """Return the notation that the end of a file's name says; YAML if it says none."""
        return cls.JSON if path.endswith(".json") else cls.TOML if path.endswith(".toml") else cls.YAML


class ParsedDocument:
    """Content of a text, with the places of its parts.

    Attributes:
        value: Tables are ``dict`` with texts as keys, lists are ``list``. Of TOML, dates are dates.
        path: The file, as it is shown to a person.
        source: The text.
        notation: How it is written.

    Args:
        source: The text.
        notation: How it is written.
        value: What it says.
        outline: Finds where its parts are.
    """

    def __init__(self, source: DocumentText, notation: Notation, value: Any, outline: Callable[[], Part]) -> None:
        self.value = value
        self.path = source.path
        self.source = source
        self.notation = str(notation)
        self._outline = outline

    @property
    def root(self) -> Value:
        """Return the value with its place."""
        return Value(self.value, (), self)

    def span(self, pointer: Pointer) -> tuple[int, int, int, int]:
        """Find the key at a pointer, or the item, or the innermost one around it that is written.

        Returns:
            Line and column of its first character, line and column after its last one, counted from 1.
        """
        (start, end), _, _ = find(self._part, pointer)
        return (*self.source.position(start), *self.source.position(end))

    def extent(self, pointer: Pointer) -> tuple[int, int, int, int]:
        """Find the value at a pointer, or the innermost one around it that is written, as :meth:`span` does."""
        _, (start, end), _ = find(self._part, pointer)
        return (*self.source.position(start), *self.source.position(end))

    def written(self, pointer: Pointer) -> str:
        """Return the text of the value at a pointer, as it is written."""
        _, (start, end), _ = find(self._part, pointer)
        return self.source.text[start:end]

    def where(self, pointer: Pointer) -> str:
        """Return ``path:line:column`` of the value at a pointer, or of the innermost one around it."""
        line, column, _, _ = self.extent(pointer)
        return f"{self.path}:{line}:{column}"

    def where_key(self, pointer: Pointer) -> str:
        """Return ``path:line:column`` of the key at a pointer, or of the innermost one around it."""
        line, column, _, _ = self.span(pointer)
        return f"{self.path}:{line}:{column}"

    @cached_property
    def _part(self) -> Part:
        return self._outline()


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads documents.

    Attributes:
        error: The kind of error that is made of what is wrong with one.
        limits: How much one may ask for.
    """

    error: type[ServandaError] = ServandaError
    limits: DocumentLimits = field(default_factory=DocumentLimits)

    def read(self, path: Path, shown: str | None = None, notation: Notation | None = None) -> ParsedDocument:
        """Read a file.

        Args:
            path: The file.
            shown: How it is called in messages; its path if left out.
            notation: How it is written; if left out, the end of its name says it.

        Raises:
            ServandaError: It cannot be read, is not what it should be or is beyond a limit; of the kind ``error``.
        """
        content = read_bytes(path, shown or str(path), self.limits.size, self.error)
        return self.parse(content, shown or str(path), notation or Notation.of(path.name))

    def find(self, path: Path, shown: str | None = None) -> ParsedDocument | None:
        """Read a file of a tree, as :meth:`read` does; ``None`` if there is none.

        Raises:
            ServandaError: As :meth:`read`; or a symbolic link leads out of the tree.
        """
        found = Boundary.around(path.parent, self.error).inside(path, shown)
        if not (path.is_symlink() or found.exists()):
            return None
        return self.read(found, shown or str(path), Notation.of(path.name))

    def parse(self, content: bytes | str, shown: str, notation: Notation | None = None) -> ParsedDocument:
        """Read a document from memory, as :meth:`read` does."""
        size = len(content)
        if size > self.limits.size:
            raise self.error(f"larger than the limit of {self.limits.size:,} bytes", where=shown)
        source = (
            DocumentText(content, shown, self.error) if isinstance(content, str) else decode(content, shown, self.error)
        )
        notation = notation or Notation.of(shown)
        match notation:
            case Notation.JSON:
                value = read_json(source, self.limits)
                return ParsedDocument(source, notation, value, lambda: outline_json(source))
            case Notation.YAML:
                # Most commands read no YAML, and its library takes long to import.
                from servanda.documents.yaml import read_yaml  # noqa: PLC0415

                value, outline = read_yaml(source, self.limits)
            case Notation.TOML:
                value, outline = read_toml(source, self.limits)
        return ParsedDocument(source, notation, value, lambda: outline)
