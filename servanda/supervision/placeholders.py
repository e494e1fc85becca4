"""Filling the placeholders of configured commands, addresses and environments."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from servanda.configuration import REFERENCE, Secrets
from servanda.errors import ConfigurationError

# After the name of a service there may be a version, in which anything that is part of versions can stand.
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_-]*(?:@[A-Za-z0-9][A-Za-z0-9._+-]*|(?:\.[a-z0-9_-]+)*))\}")
_PLACEHOLDER_OR_SECRET = re.compile(rf"{_PLACEHOLDER.pattern}|{REFERENCE.pattern}")


def names_in(text: str) -> frozenset[str]:
    """Return the names of the placeholders in ``text``."""
    return frozenset(match[1] for match in _PLACEHOLDER.finditer(text))


class Placeholders:
    """Values by placeholder name. Braces around what cannot be a name, as in JSON, stay as they are."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = MappingProxyType(dict(values))

    @property
    def values(self) -> Mapping[str, str]:
        """Return every known value by name."""
        return self._values

    def having(self, values: Mapping[str, str]) -> Placeholders:
        """Return these placeholders and some more."""
        return Placeholders({**self._values, **values})

    def fill(self, text: str, where: str, secrets: Secrets | None = None) -> str:
        """``text`` with the value of every placeholder in it.

        Args:
            text: The text.
            where: Its place in the configuration, for errors.
            secrets: What references to secrets stand for, where a text may name secrets.

        Raises:
            ConfigurationError: It names a placeholder that has no value; the error says so of ``where``.
        """

        def value(match: re.Match[str]) -> str:
            # In one pass: what a secret or a password of a store holds is no placeholder.
            if secrets is not None and (secret := REFERENCE.fullmatch(match[0])) is not None:
                return secrets.value(secret, where)
            if (known := self._values.get(match[1])) is not None:
                return known
            raise ConfigurationError(
                f"unknown placeholder '{match[0]}'", where=where, hint=f"known: {', '.join(sorted(self._values))}"
            )

        return (_PLACEHOLDER if secrets is None else _PLACEHOLDER_OR_SECRET).sub(value, text)

    def fill_all(self, texts: tuple[str, ...], where: str) -> tuple[str, ...]:
        """:meth:`fill` for each part of a command."""
        return tuple(self.fill(text, where) for text in texts)

    def fill_values(
        self, environment: Mapping[str, str], where: str, secrets: Secrets | None = None
    ) -> Mapping[str, str]:
        """:meth:`fill` for each value of an environment."""
        filled = {key: self.fill(value, f"{where}.{key}", secrets) for key, value in environment.items()}
        return MappingProxyType(filled)
