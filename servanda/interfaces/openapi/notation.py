"""JSON and YAML: what a text says, and where in it each part is written."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import yaml

from servanda.errors import InterfaceError
from servanda.verdict import Span

Pointer = tuple[str, ...]
"""A place within a value, as the parts of a JSON pointer (RFC 6901)."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_TEXTS = frozenset({f"{_TAG}str", f"{_TAG}timestamp", f"{_TAG}value"})
_SCALARS = frozenset({"int", "float", "bool", "null"})


class Written:
    """A text and what it says.

    Attributes:
        value: What it says. Keys are texts and dates stay texts, as in JSON.

    Args:
        text: JSON if the name of its file ends so, else YAML.
        path: Its file, as it is shown to a person.

    Raises:
        InterfaceError: It is neither; or an alias in it contains itself.
    """

    def __init__(self, text: str, path: str) -> None:
        self.path = path
        self._text = text
        if path.endswith(".json"):
            self.value: Any = _json(text, path)
        else:
            # The nodes are kept for their places: composing them takes most of the time.
            self._composed, self.value = _yaml(text, path)

    def span(self, pointer: Pointer) -> Span:
        """Where a part, or the innermost part around it that is written, stands."""
        node: Any = self._composed
        if node is None:
            return Span(self.path, 1, 1, 1, 1)
        start, end = node.start_mark, node.start_mark
        for part in pointer:
            found = self._inside(node, part)
            if found is None:
                break
            key, node = found
            start, end = key.start_mark, key.end_mark
        return Span(self.path, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def _inside(self, node: Any, part: str) -> tuple[Any, Any] | None:
        """The key and the value, or twice the item, at this part of a pointer."""
        if isinstance(node, yaml.MappingNode):
            # By name, since a document has thousands of paths and findings.
            if node not in self._members:
                self._members[node] = {key.value: (key, value) for key, value in node.value}
            return self._members[node].get(part)
        if isinstance(node, yaml.SequenceNode) and part.isdecimal() and len(part) < 10 and int(part) < len(node.value):
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


@contextlib.contextmanager
def _loader(text: str) -> Iterator[Any]:
    loader = _LOADER(text)
    try:
        yield loader
    finally:
        loader.dispose()


def _json(text: str, path: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InterfaceError(f"no JSON: {error.msg}", where=f"{path}:{error.lineno}:{error.colno}") from error


def _yaml(text: str, path: str) -> tuple[Any, Any]:
    """The root of the nodes, and the value that they make."""
    try:
        with _loader(text) as loader:
            root = loader.get_single_node()
            return root, _Construction(loader).value(root) if root is not None else None
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else path
        raise InterfaceError(f"no YAML: {getattr(error, 'problem', error)}", where=where) from error


class _Construction:
    """Makes values of nodes: of the kinds that JSON has too, which is what a document may hold.

    The library's own construction knows every kind and takes several times as long.
    """

    def __init__(self, loader: Any) -> None:
        self._loader = loader
        self._done: dict[Any, Any] = {}
        self._open: set[Any] = set()

    def value(self, node: Any) -> Any:
        if isinstance(node, yaml.ScalarNode):
            return node.value if node.tag in _TEXTS else self._scalar(node)
        # An alias is the very node that it stands for.
        if node in self._done:
            return self._done[node]
        if node in self._open:
            raise yaml.constructor.ConstructorError(None, None, "an alias contains itself", node.start_mark)
        self._open.add(node)
        if isinstance(node, yaml.MappingNode):
            self._loader.flatten_mapping(node)
            self._done[node] = {str(key.value): self.value(value) for key, value in node.value}
        else:
            self._done[node] = [self.value(item) for item in node.value]
        self._open.remove(node)
        return self._done[node]

    def _scalar(self, node: Any) -> Any:
        kind = node.tag.removeprefix(_TAG)
        if kind not in _SCALARS:
            raise yaml.constructor.ConstructorError(None, None, f"a value of kind '{node.tag}'", node.start_mark)
        return getattr(self._loader, f"construct_yaml_{kind}")(node)
