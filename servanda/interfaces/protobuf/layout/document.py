"""Typed access to a YAML document, with errors that name line and column."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from servanda.errors import InterfaceError

_FALSE_AND_TRUE = {"false": False, "true": True}
_BOOL = "tag:yaml.org,2002:bool"


class Value:
    """A value of a document, and where it stands.

    Raises:
        InterfaceError: It is not of the type that is asked for, or a mapping has a key that nobody knows.
    """

    def __init__(self, node: yaml.Node | None, path: str) -> None:
        self._node = node
        self._path = path

    @property
    def where(self) -> str:
        """File, line and column."""
        if self._node is None:
            return self._path
        mark = self._node.start_mark
        return f"{self._path}:{mark.line + 1}:{mark.column + 1}"

    def error(self, what: str, hint: str | None = None) -> InterfaceError:
        """The error that something is wrong with this value."""
        return InterfaceError(what, where=self.where, hint=hint)

    def entries(self, *known: str) -> dict[str, Value]:
        """A mapping; all its keys have to be among those known, if any are given."""
        if self._is_null():
            return {}
        if not isinstance(self._node, yaml.MappingNode):
            raise self.error("expected a mapping")
        found: dict[str, Value] = {}
        for key, value in self._node.value:
            name = str(key.value)
            if known and name not in known:
                hint = f"known keys: {', '.join(known)}"
                raise Value(key, self._path).error(f"unknown key '{name}'", hint)
            found[name] = Value(value, self._path)
        return found

    def items(self) -> Iterator[Value]:
        """A list; nothing if it is left empty."""
        if self._is_null():
            return
        if not isinstance(self._node, yaml.SequenceNode):
            raise self.error("expected a list")
        for node in self._node.value:
            yield Value(node, self._path)

    def text(self) -> str:
        """A string."""
        if not isinstance(self._node, yaml.ScalarNode) or self._is_null():
            raise self.error("expected a string")
        return str(self._node.value)

    def flag(self) -> bool:
        """A boolean."""
        if not isinstance(self._node, yaml.ScalarNode) or self._node.tag != _BOOL:
            raise self.error("expected true or false")
        return _FALSE_AND_TRUE[self._node.value.lower()]

    def _is_null(self) -> bool:
        return self._node is None or self._node.tag == "tag:yaml.org,2002:null"


def parse(content: bytes, path: str) -> Value:
    """The document in these bytes.

    Raises:
        InterfaceError: It is no YAML.
    """
    try:
        return Value(yaml.compose(content.decode(), yaml.SafeLoader), path)
    except UnicodeDecodeError as error:
        raise InterfaceError(f"no UTF-8: {error}", where=path) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else path
        raise InterfaceError(f"cannot be read as YAML: {error.problem}", where=place) from error
    except yaml.YAMLError as error:
        raise InterfaceError(f"cannot be read as YAML: {error}", where=path) from error
