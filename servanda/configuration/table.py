"""Typed access to one table of a TOML document, with errors that name the key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from servanda.errors import ConfigurationError


class Table:
    """One table. Every read marks its key as known; :meth:`close` rejects what nobody asked for.

    Attributes:
        where: The document and the table in it, for messages.

    Raises:
        ConfigurationError: A value has the wrong type, a required key is missing or a key is unknown.
    """

    def __init__(self, values: object, where: str) -> None:
        if not isinstance(values, dict):
            raise ConfigurationError(f"expected a table, found {type(values).__name__}", where=where)
        self._values: dict[str, object] = values
        self.where = where
        self._known: set[str] = set()

    def _fail(self, key: str, expected: str, actual: object) -> ConfigurationError:
        return ConfigurationError(f"'{key}' must be {expected}, found {actual!r}", where=self.where)

    def text(self, key: str, default: str | None = None) -> str:
        """A string."""
        self._known.add(key)
        value = self._values.get(key, default)
        if value is None:
            raise ConfigurationError(f"'{key}' is missing", where=self.where, hint=f'add {key} = "..."')
        if not isinstance(value, str):
            raise self._fail(key, "a string", value)
        return value

    def number(self, key: str, default: float) -> float:
        """A number that is not negative."""
        self._known.add(key)
        value = self._values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise self._fail(key, "a number that is not negative", value)
        return float(value)

    def flag(self, key: str) -> bool:
        """Return a boolean; ``False`` if the key is absent."""
        self._known.add(key)
        value = self._values.get(key, False)
        if not isinstance(value, bool):
            raise self._fail(key, "true or false", value)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings; empty if the key is absent."""
        self._known.add(key)
        value = self._values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._fail(key, "a list of strings", value)
        return tuple(value)

    def mapping(self, key: str) -> Mapping[str, str]:
        """A table of strings; empty if the key is absent."""
        self._known.add(key)
        value = self._values.get(key, {})
        if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
            raise self._fail(key, "a table of strings", value)
        return MappingProxyType(dict(value))

    def table(self, key: str) -> Table:
        """A table within this one; empty if the key is absent."""
        self._known.add(key)
        return Table(self._values.get(key, {}), f"{self.where} [{key}]")

    def tables(self) -> Iterator[tuple[str, Table]]:
        """Every value of this table as a table of its own."""
        for key, value in self._values.items():
            self._known.add(key)
            yield key, Table(value, f"{self.where}.{key}")

    def close(self) -> None:
        """Reject the keys that nobody asked for."""
        unknown = sorted(set(self._values) - self._known)
        if unknown:
            known = ", ".join(sorted(self._known))
            raise ConfigurationError(f"unknown key '{unknown[0]}'", where=self.where, hint=f"known keys: {known}")
