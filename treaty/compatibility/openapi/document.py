"""An OpenAPI document: its nodes by JSON pointer (RFC 6901), references resolved, and where they are written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from treaty.errors import InterfaceError
from treaty.verdict import Span

Pointer = tuple[str, ...]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_VERSIONS = ("3.0.", "3.1.")
_MAX_REFERENCES = 100
_SHOWN = 60


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A part of a document.

    Attributes:
        value: What is there; references are not followed yet.
        pointer: Its place.
    """

    value: Any
    pointer: Pointer
    document: Document = field(repr=False)

    def get(self, *keys: str) -> Node | None:
        """What is further inside, references followed on the way; ``None`` if there is nothing."""
        node = self
        for key in keys:
            node = node.document.resolve(node)
            if not isinstance(node.value, dict) or key not in node.value:
                return None
            node = Node(node.value[key], (*node.pointer, key), node.document)
        return node.document.resolve(node)

    def raw(self, key: str) -> Node | None:
        """The member as it stands, its reference not followed."""
        if not isinstance(self.value, dict) or key not in self.value:
            return None
        return Node(self.value[key], (*self.pointer, key), self.document)

    def members(self) -> Iterator[tuple[str, Node]]:
        """Members of an object, references followed.

        Raises:
            InterfaceError: This is no object.
        """
        for key, value in self.object().items():
            yield key, self.document.resolve(Node(value, (*self.pointer, key), self.document))

    def items(self) -> Iterator[Node]:
        """Items of an array, as they stand.

        Raises:
            InterfaceError: This is no array.
        """
        if not isinstance(self.value, list):
            raise self.unexpected("an array")
        for index, value in enumerate(self.value):
            yield Node(value, (*self.pointer, str(index)), self.document)

    def object(self) -> Mapping[str, Any]:
        """The value, which has to be an object.

        Raises:
            InterfaceError: It is none.
        """
        if not isinstance(self.value, dict):
            raise self.unexpected("an object")
        return self.value

    def texts(self) -> list[str]:
        """The value, which has to be an array of strings.

        Raises:
            InterfaceError: It is none.
        """
        if not isinstance(self.value, list) or not all(isinstance(each, str) for each in self.value):
            raise self.unexpected("an array of strings")
        return self.value

    def unexpected(self, wanted: str) -> InterfaceError:
        """The error that says that something else was expected here."""
        found = json.dumps(self.value, default=str)
        shown = found if len(found) <= _SHOWN else f"{found[:_SHOWN]}..."
        return InterfaceError(f"expected {wanted}, found {shown}", where=str(self.document.span(self.pointer).start))

    @property
    def shown(self) -> str:
        """The place as a person reads it."""
        return "#/" + "/".join(map(escaped, self.pointer))


class Document:
    """One OpenAPI document of version 3.0 or 3.1.

    Args:
        text: JSON or YAML.
        path: Its file, as it is shown to a person.

    Raises:
        InterfaceError: This is no such document, or a reference in it leads nowhere or out of it.
    """

    def __init__(self, text: str, path: str) -> None:
        self.path = path
        self._text = text
        content = _parsed(text, path)
        version = content.get("openapi") if isinstance(content, dict) else None
        if not isinstance(version, str) or not version.startswith(_VERSIONS):
            found = f"'openapi: {version}'" if version is not None else "no 'openapi'"
            raise InterfaceError(f"expected an OpenAPI document of version 3.0 or 3.1, found {found}", where=path)
        self.root = Node(content, (), self)

    def resolve(self, node: Node) -> Node:
        """The node that a reference leads to; any other node as it is. Keys beside a reference are kept (3.1).

        Raises:
            InterfaceError: The reference leads nowhere, in a circle, or to another document.
        """
        for _ in range(_MAX_REFERENCES):
            if not isinstance(node.value, dict) or not isinstance(node.value.get("$ref"), str):
                return node
            beside = {key: value for key, value in node.value.items() if key not in _BESIDE}
            target = self._target(node)
            if beside and isinstance(target.value, dict):
                return Node({**target.value, "allOf": [*target.value.get("allOf", ()), beside]}, target.pointer, self)
            node = target
        raise InterfaceError("a reference leads in a circle", where=self._where(node.pointer))

    def span(self, pointer: Pointer) -> Span:
        """Where a node, or the innermost node around it that is written, stands."""
        start, end = self._marks(pointer)
        return Span(self.path, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def _target(self, node: Node) -> Node:
        reference = node.value["$ref"]
        if not reference.startswith("#/"):
            hint = "bundle the documents into one first"
            raise InterfaceError(
                f"the reference '{reference}' leaves it", where=self._where((*node.pointer, "$ref")), hint=hint
            )
        value, pointer = self.root.value, tuple(map(_unescaped, reference[2:].split("/")))
        for part in pointer:
            try:
                value = value[int(part)] if isinstance(value, list) else value[part]
            except (KeyError, IndexError, TypeError, ValueError):
                raise InterfaceError(
                    f"the reference '{reference}' leads nowhere", where=self._where((*node.pointer, "$ref"))
                ) from None
        return Node(value, pointer, self)

    def _where(self, pointer: Pointer) -> str:
        return str(self.span(pointer).start)

    def _marks(self, pointer: Pointer) -> tuple[Any, Any]:
        node: Any = self._composed
        start, end = node.start_mark, node.start_mark
        for part in pointer:
            found = self._inside(node, part)
            if found is None:
                break
            key, node = found
            start, end = key.start_mark, key.end_mark
        return start, end

    def _inside(self, node: Any, part: str) -> tuple[Any, Any] | None:
        """The key and the value, or twice the item, at this part of a pointer."""
        if isinstance(node, yaml.MappingNode):
            # By name, since a document has thousands of paths and findings.
            if node not in self._members:
                self._members[node] = {key.value: (key, value) for key, value in node.value}
            return self._members[node].get(part)
        if isinstance(node, yaml.SequenceNode) and part.isdecimal() and int(part) < len(node.value):
            item = node.value[int(part)]
            return item, item
        return None

    @cached_property
    def _members(self) -> dict[Any, dict[str, tuple[Any, Any]]]:
        return {}

    @cached_property
    def _composed(self) -> Any:
        # JSON is YAML, tabs between its tokens apart.
        return yaml.compose(self._text.replace("\t", " "), Loader=_LOADER)


# Prose beside a reference changes no meaning.
_BESIDE = {"$ref", "description", "summary", "title", "example", "examples", "deprecated", "externalDocs"}


def read_document(path: Path, shown: str = "") -> Document:
    """The document in a file.

    Raises:
        InterfaceError: It cannot be read, or is no OpenAPI document of version 3.0 or 3.1.
    """
    try:
        return Document(path.read_text(encoding="utf-8"), shown or str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise InterfaceError(f"cannot be read: {error}", where=shown or str(path)) from error


def _parsed(text: str, path: str) -> Any:
    try:
        return json.loads(text) if path.endswith(".json") else _texts(yaml.load(text, Loader=_LOADER))  # noqa: S506
    except json.JSONDecodeError as error:
        raise InterfaceError(f"no JSON: {error.msg}", where=f"{path}:{error.lineno}:{error.colno}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else path
        raise InterfaceError(f"no YAML: {getattr(error, 'problem', error)}", where=where) from error


def _texts(value: Any) -> Any:
    """YAML takes ``200:`` for a number; in a document every key is a text."""
    if isinstance(value, dict):
        return {str(key): _texts(each) for key, each in value.items()}
    return [_texts(each) for each in value] if isinstance(value, list) else value


def escaped(part: str) -> str:
    """A key as a part of a JSON pointer."""
    return part.replace("~", "~0").replace("/", "~1")


def _unescaped(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")
