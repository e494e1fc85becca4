"""An OpenAPI document of one or several files: its nodes by JSON pointer (RFC 6901), with references resolved."""

from __future__ import annotations

import contextlib
import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from urllib.parse import unquote

from servanda.documents import Notation, Pointer, Reader
from servanda.errors import InterfaceError
from servanda.interfaces.trees import Tree
from servanda.verdict import Span

METHODS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
"""The methods that a path may have."""
# A path may have these beside its reference; what the reference leads to says the rest.
_PATH_ITEM = frozenset({*METHODS, "parameters", "servers"})
_VERSIONS = ("3.0.", "3.1.")
_SHOWN = 60
_READER = Reader(InterfaceError)
# RFC 6901, section 4: no sign, no leading zeros.
_INDEX = re.compile(r"0|[1-9][0-9]{0,8}")
# A scheme (RFC 3986), or a machine without one.
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A part of a document.

    Attributes:
        value: What is there; references are not followed yet.
        pointer: Its place in its file.
        document: Its file.
        via: The reference that led to it, or to what contains it; ``None`` if there was none on the way.
        beside: Members that stand beside the reference, by name.
    """

    value: Any
    pointer: Pointer
    document: Document = field(repr=False)
    via: Node | None = field(default=None, repr=False)
    beside: Mapping[str, Node] | None = field(default=None, repr=False)

    def get(self, *keys: str) -> Node | None:
        """Return what is further inside, references followed on the way; ``None`` if there is nothing."""
        node = self
        for key in keys:
            found = node.document.resolve(node).raw(key)
            if found is None:
                return None
            node = found
        return node.document.resolve(node)

    def raw(self, key: str) -> Node | None:
        """Return the member as it stands, its reference not followed."""
        if not isinstance(self.value, dict) or key not in self.value:
            return None
        return self._inside(key, self.value[key])

    def members(self) -> Iterator[tuple[str, Node]]:
        """Members of an object, references followed.

        Raises:
            InterfaceError: This is no object.
        """
        for key, value in self.object().items():
            yield key, self.document.resolve(self._inside(key, value))

    def items(self) -> Iterator[Node]:
        """Items of an array, as they stand.

        Raises:
            InterfaceError: This is no array.
        """
        if not isinstance(self.value, list):
            raise self.unexpected("an array")
        for index, value in enumerate(self.value):
            yield self._inside(str(index), value)

    def _inside(self, key: str, value: Any) -> Node:
        if self.beside and key in self.beside:
            return self.beside[key]
        return Node(value, (*self.pointer, key), self.document, self.via)

    def object(self) -> Mapping[str, Any]:
        """Return the value, which has to be an object.

        Raises:
            InterfaceError: It is none.
        """
        if not isinstance(self.value, dict):
            raise self.unexpected("an object")
        return self.value

    def texts(self) -> list[str]:
        """Return the value, which has to be an array of strings.

        Raises:
            InterfaceError: It is none.
        """
        if not isinstance(self.value, list) or not all(isinstance(each, str) for each in self.value):
            raise self.unexpected("an array of strings")
        return self.value

    def unexpected(self, wanted: str) -> InterfaceError:
        """Return the error that says that something else was expected here."""
        found = json.dumps(self.value, default=str)
        shown = found if len(found) <= _SHOWN else f"{found[:_SHOWN]}..."
        return InterfaceError(f"expected {wanted}, found {shown}", where=str(self.document.span(self.pointer).start))

    @property
    def shown(self) -> str:
        """Return the place as a reference from the root document, for messages."""
        return f"{self.document.label}#" + "".join(f"/{escaped(part)}" for part in self.pointer)

    @property
    def place(self) -> tuple[str, Pointer]:
        """Return the key that distinguishes it from every other node of the document."""
        return self.document.name, self.pointer


class Document:
    """A file of an OpenAPI document of version 3.0 or 3.1: the one at which it begins, or one that it refers to.

    Attributes:
        path: The file, as it is shown to a person.
        name: The file, from the root of its tree.
        entry: The file at which the document begins.
        label: How references in the entry call this file; empty for the entry itself.

    Args:
        content: JSON if the name of its file ends so, else YAML.
        path: The file, as it is shown to a person.
        tree: Where other files are that it refers to; without one there are none.
        name: The file, from the root of the tree.
        entry: The file at which the document begins, unless it is this one.

    Raises:
        InterfaceError: This is no such document.
    """

    def __init__(
        self, content: bytes | str, path: str, tree: Tree | None = None, name: str = "", entry: Document | None = None
    ) -> None:
        self.path, self.name, self.entry = path, name or path, entry or self
        self.label = posixpath.relpath(self.name, posixpath.dirname(self.entry.name) or ".") if entry else ""
        self._tree = tree
        self._files: dict[str, Document] = entry._files if entry else {self.name: self}  # noqa: SLF001  # of its own class
        self._parsed = _READER.parse(content, path, Notation.JSON if path.endswith(".json") else Notation.YAML)
        self.root = Node(self._parsed.value, (), self)
        if entry is None:
            self._expect_version()

    def _expect_version(self) -> None:
        content = self.root.value
        version = content.get("openapi") if isinstance(content, dict) else None
        if not isinstance(version, str) or not version.startswith(_VERSIONS):
            found = f"'openapi: {version}'" if version is not None else "no 'openapi'"
            raise InterfaceError(f"expected an OpenAPI document of version 3.0 or 3.1, found {found}", where=self.path)

    def resolve(self, node: Node) -> Node:
        """Return the node that a reference leads to; any other node as it is. Keys beside a reference are kept (3.1).

        Raises:
            InterfaceError: The reference leads nowhere, in a circle, out of its tree or to another machine.
        """
        if not isinstance(node.value, dict) or "$ref" not in node.value or not _refers(node):
            return node
        start, seen = node, set[tuple[str, Pointer]]()
        while _refers(node):
            if node.place in seen:
                raise InterfaceError("a reference leads in a circle", where=_where(start, "$ref"))
            seen.add(node.place)
            target = node.document.target(node)
            beside = node.document._beside(node) if isinstance(target.value, dict) else {}  # noqa: SLF001
            if beside:
                return _joined(node, target, beside)
            node = target
        return node

    def span(self, pointer: Pointer) -> Span:
        """Tell where a node, or the innermost node around it that is written, stands."""
        return Span(self.path, *self._parsed.span(pointer))

    def target(self, node: Node) -> Node:
        """Return where the reference of a node leads, which may be another reference.

        Raises:
            InterfaceError: It leads nowhere, out of its tree or to another machine.
        """
        reference: str = node.value["$ref"]
        location, _, fragment = reference.partition("#")
        document = self._file(location, node) if location else self
        if fragment and not fragment.startswith("/"):
            hint = "write it as a JSON pointer, which begins with '#/'"
            raise InterfaceError(f"the reference '{reference}' names an anchor", where=_where(node, "$ref"), hint=hint)
        value = document.root.value
        pointer = tuple(_unescaped(unquote(part)) for part in fragment.split("/")[1:])
        for part in pointer:
            inside = dict(enumerate(value)) if isinstance(value, list) else value
            key = int(part) if isinstance(value, list) and _INDEX.fullmatch(part) else part
            if not isinstance(inside, dict) or key not in inside:
                raise InterfaceError(f"the reference '{reference}' leads nowhere", where=_where(node, "$ref"))
            value = inside[key]
        return Node(value, pointer, document, node)

    def _beside(self, node: Node) -> Mapping[str, Any]:
        """Return what counts beside a reference: in 3.0 the parts of a path alone, in 3.1 keywords of a schema too."""
        beside = {key: value for key, value in node.value.items() if key not in _BESIDE}
        if self.entry.version.startswith("3.0."):
            return {key: value for key, value in beside.items() if key in _PATH_ITEM}
        return beside

    @cached_property
    def version(self) -> str:
        """Return the version of OpenAPI that it says it is of; empty if it says none."""
        content = self.root.value
        return str(content.get("openapi", "")) if isinstance(content, dict) else ""

    def as_it_was(self, node: Node) -> Any:
        """Return what stands where a node stands in another state, in this file or another one; else ``None``."""
        same = (each for each in self._files.values() if each.label == node.document.label)
        value = next((each.root.value for each in same), None)
        for part in node.pointer:
            if isinstance(value, dict):
                value = value.get(part)
            elif isinstance(value, list) and _INDEX.fullmatch(part) and int(part) < len(value):
                value = value[int(part)]
            else:
                return None
        return value

    def _file(self, location: str, node: Node) -> Document:
        """Return the file that the part of a reference before its ``#`` names."""
        where = _where(node, "$ref")
        if _ELSEWHERE.match(location):
            hint = "keep a copy of it beside the document, and refer to that"
            raise InterfaceError(f"'{location}' is not fetched", where=where, hint=hint)
        name = posixpath.normpath(posixpath.join(posixpath.dirname(self.name), unquote(location)))
        if name.startswith(("../", "/")) or self._tree is None:
            where_it_ends = f" '{self._tree.name}'" if self._tree is not None else ""
            hint = "bundle the documents into one first"
            raise InterfaceError(
                f"the reference to '{location}' leaves the tree{where_it_ends}", where=where, hint=hint
            )
        if name not in self._files:
            content = self._tree.read(name)
            if content is None:
                raise InterfaceError(f"there is no file '{name}'", where=where)
            shown = self._tree.place(name)
            self._files[name] = Document(content, shown, self._tree, name, self.entry)
        return self._files[name]


# Prose beside a reference changes no meaning.
_BESIDE = {"$ref", "description", "summary", "title", "example", "examples", "deprecated", "externalDocs"}


def read_document(tree: Tree, name: str) -> Document | None:
    """Return the document that begins at a file of a tree; ``None`` if there is no such file.

    Raises:
        InterfaceError: It cannot be read, or is no OpenAPI document of version 3.0 or 3.1.
    """
    content, shown = tree.read(name), tree.place(name)
    return Document(content, shown, tree, name) if content is not None else None


@contextlib.contextmanager
def followed(document: Document) -> Iterator[None]:
    """End with an error where parts of a document refer to each other in a chain that is too long to be followed.

    Raises:
        InterfaceError: They do.
    """
    try:
        yield
    except RecursionError:
        hint = "make the chain of references shorter"
        raise InterfaceError(
            "its parts refer to each other more deeply than can be followed", where=document.path, hint=hint
        ) from None


def _refers(node: Node) -> bool:
    if not isinstance(node.value, dict) or "$ref" not in node.value:
        return False
    reference = node.value["$ref"]
    # A table is no reference: properties of a schema may be called so, too.
    if not isinstance(reference, str | dict):
        raise Node(reference, (*node.pointer, "$ref"), node.document).unexpected("a reference as a string")
    return isinstance(reference, str)


def _joined(node: Node, target: Node, beside: Mapping[str, Any]) -> Node:
    """Return what a reference leads to together with what stands beside the reference."""
    members = {
        key: Node(value, (*node.pointer, key), node.document, node.via)
        for key, value in beside.items()
        if key in _PATH_ITEM
    }
    value = {**target.value, **{key: member.value for key, member in members.items()}}
    keywords = {key: each for key, each in beside.items() if key not in _PATH_ITEM}
    if keywords:
        listed = Node(target.value.get("allOf", []), (*target.pointer, "allOf"), target.document).items()
        value["allOf"] = [*(part.value for part in listed), _moved(keywords, node.document, target.document)]
    return Node(value, target.pointer, target.document, node, members)


def _where(node: Node, *inner: str) -> str:
    return str(node.document.span((*node.pointer, *inner)).start)


def _moved(value: Any, source: Document, target: Document) -> Any:
    """Return a part of one file as it has to be written in another one, so that its references lead where they led."""
    if source is target:
        return value
    if isinstance(value, list):
        return [_moved(each, source, target) for each in value]
    if not isinstance(value, dict):
        return value
    moved = {key: _moved(each, source, target) for key, each in value.items()}
    if isinstance(value.get("$ref"), str):
        location, mark, fragment = value["$ref"].partition("#")
        name = posixpath.join(posixpath.dirname(source.name), location) if location else source.name
        moved["$ref"] = posixpath.relpath(name, posixpath.dirname(target.name) or ".") + mark + fragment
    return moved


def escaped(part: str) -> str:
    """Return a key as a part of a JSON pointer."""
    return part.replace("~", "~0").replace("/", "~1")


def pointed(element: str) -> Pointer:
    """Return the pointer of a part as messages show it; nothing if it is in another file than the first one."""
    return tuple(map(_unescaped, element.split("/")[1:])) if element.startswith("#/") else ()


def _unescaped(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")
