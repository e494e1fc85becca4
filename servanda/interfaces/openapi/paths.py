"""Paths that two documents have in common: what is called at the same address, whatever its variables are called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from servanda.interfaces.openapi.document import METHODS, Document, Node
from servanda.interfaces.openapi.servers import VARIABLE, Server, addresses, reaches, servers_of, shape, without_host


@dataclass(frozen=True, slots=True)
class Kept:
    """A path in both documents.

    Attributes:
        name: The path as it was.
        now: The path as it is.
        before: What it had.
        after: What it has; ``None`` if it is gone.
    """

    name: str
    now: str
    before: Node
    after: Node | None

    @property
    def renamed(self) -> Mapping[str, str]:
        """Return names of its variables by what they are called now."""
        # From the end: a prefix may have moved between the path and the URL of a server, with its variables.
        was, is_now = (reversed(VARIABLE.findall(path)) for path in (self.name, self.now))
        return {new: old for old, new in zip(was, is_now, strict=False)}


def members(root: Node, key: str) -> Iterator[tuple[str, Node]]:
    """Yield the paths or webhooks of a document by name; what extends OpenAPI is none.

    Raises:
        InterfaceError: One of them is no object.
    """
    found = root.get(key)
    for name, node in found.members() if found is not None else ():
        if not name.startswith("x-") or key == "webhooks":
            node.object()
            yield name, node


def operations_of(item: Node) -> Iterator[tuple[str, Node]]:
    """Yield the operations of a path by method."""
    for method in METHODS:
        # Most methods are missing, and there are many paths.
        found = item.get(method) if method in item.object() else None
        if found is not None:
            yield method, found


def kept(previous: Document, current: Document, key: str) -> Iterator[Kept]:
    """Yield every path or webhook that was, with what became of it.

    Raises:
        InterfaceError: A part of the documents is not what it can be.
    """
    left = _Left(current, dict(members(current.root, key)))
    for name, node in members(previous.root, key):
        now = left.find(name, node, previous) if key == "paths" else name
        yield Kept(name, now or name, node, left.paths.get(now or name))


class _Left:
    """The paths that are left."""

    def __init__(self, document: Document, paths: Mapping[str, Node]) -> None:
        self.paths = paths
        self._root = document.root
        self._by_shape: dict[str, str] = {}
        for name in paths:
            self._by_shape.setdefault(shape(name), name)

    def find(self, name: str, node: Node, document: Document) -> str | None:
        """Return the path that is called as this one was: with the same name or at the same address."""
        same = name if name in self.paths else self._by_shape.get(shape(name))
        if same is not None and _written(node, document.root) == _written(self.paths[same], self._root):
            return same
        return self._moved(name, node, document) or same

    def _moved(self, name: str, node: Node, document: Document) -> str | None:
        """Return the path that has an address of this one; none of an address that is not said in full."""
        for candidate in self._candidates(name):
            item = self.paths[candidate]
            left = dict(operations_of(item))
            for method, was in operations_of(node):
                is_now = left.get(method)
                if is_now is None:
                    continue
                old, new = servers_of(was, node, document.root), servers_of(is_now, item, self._root)
                if _meet((name, old), (candidate, new)):
                    return candidate
        return None

    def _candidates(self, name: str) -> Iterator[str]:
        """Yield paths that end like this one or with whose end it ends, the longest first."""
        wanted = shape(name)
        longer = self._by_end.get(wanted, ())
        ends = [self._by_shape[end] for end in _ends(wanted) if end in self._by_shape]
        yield from sorted({*longer, *ends}, key=lambda path: (-len(path), path))

    @cached_property
    def _by_end(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self.paths:
            for end in _ends(shape(path)):
                found.setdefault(end, []).append(path)
        return found


def _ends(path: str) -> Iterator[str]:
    """Yield a path without its first segments: all of it, then one segment less, and so on."""
    while path:
        yield path
        _, slash, rest = path[1:].partition("/")
        path = slash + rest


def _meet(before: tuple[str, tuple[Server, ...]], after: tuple[str, tuple[Server, ...]]) -> bool:
    """Tell whether an operation has an address in both states; where one says no host, the rest counts."""
    (name, old), (now, new) = before, after
    asked = [address for _, address, _ in addresses(name, old)]
    if old[0].is_implied or new[0].is_implied:
        left = {without_host(address) for _, address, _ in addresses(now, new)}
        return any(without_host(address) in left for address in asked)
    return any(reaches(now, new, address) for address in asked)


def _written(item: Node, root: Node) -> list[object]:
    """Return all lists of servers that hold for a path or its operations, as they are written."""
    of_operations = [each.object().get("servers") for _, each in operations_of(item)]
    return [item.object().get("servers"), root.object().get("servers"), [each for each in of_operations if each]]
