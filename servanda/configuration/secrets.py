"""Secrets that a configuration names and does not hold: variables of the environment, files, and generated ones."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from servanda.configuration.generated import generated_secret
from servanda.documents import Boundary, Value, read_bytes
from servanda.errors import ConfigurationError
from servanda.escaping import keep_secret, secret_values

_MOST_BYTES: Final = 64 << 10
_VARIABLE: Final = r"\{env\.(?P<variable>[A-Za-z_][A-Za-z0-9_]*)\}"
_FILE: Final = r"\{file\.(?P<file>[^{}\x00-\x1f]+)\}"
_GENERATED: Final = r"\{generated\.(?P<generated>[A-Za-z_][A-Za-z0-9_]{0,99})\}"
REFERENCE: Final = re.compile(rf"{_VARIABLE}|{_FILE}|{_GENERATED}")
"""A reference to a secret: ``{env.NAME}``, ``{file.PATH}`` or ``{generated.NAME}``."""
_BEGINNING: Final = re.compile(r"\{\s*(?:env|file|generated)\s*\.[^{}]{0,60}\}?", re.IGNORECASE)
# A name with parts, as placeholders have it: nobody writes that in braces of JSON, where names are quoted.
_NAMED: Final = re.compile(r"\{[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)+\}")
_PLACEHOLDER: Final = re.compile(r"\{[a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)+\}")
_WRITE: Final = "write {env.NAME}, {file.PATH} or {generated.NAME}"
_PLACES: Final = (
    "'environment', 'migrate_environment', 'parity_environment', 'versions_environment', 'headers' and 'certificate'"
)


@dataclass(frozen=True, slots=True)
class Secrets:
    """Values that the references of a configuration stand for.

    Attributes:
        root: Folder that relative paths of files start from.
        environ: The variables.
        project: Folder of the configuration that keeps the generated ones; ``root`` if absent. Every version of a
            service that runs in a project has the same ones, because they share its stores.
    """

    root: Path
    environ: Mapping[str, str] = field(repr=False)
    project: Path | None = None

    def fill(self, text: str, where: str) -> str:
        """Return a text with what its references stand for.

        Args:
            text: The text.
            where: The key in the configuration, for errors.

        Raises:
            ConfigurationError: A variable is not set or empty, a file cannot be read or is empty, or a generated secret
                cannot be kept; what it holds is never told.
        """

        def held(found: re.Match[str]) -> str:
            if not (value := self.value(found, where)):
                raise _empty(found, where)
            return value

        return REFERENCE.sub(held, text)

    def value(self, found: re.Match[str], where: str) -> str:
        """Return what one reference stands for; from then on no output shows it, if it is a secret.

        Args:
            found: A match of :data:`REFERENCE`.
            where: The key in the configuration, for errors.

        Raises:
            ConfigurationError: The variable is not set, the file cannot be read, or the generated secret cannot be
                kept.
        """
        if (name := found["generated"]) is not None:
            return self._generated(name, where)
        variable = found["variable"]
        if variable is None:
            return self._content(found["file"], where)
        self._require_variable(variable, where)
        keep_secret(secret_values({variable: self.environ[variable]}))
        return self.environ[variable]

    def require(self, found: re.Match[str], where: str, *, may_be_empty: bool = True) -> None:
        """Ask whether what a reference names is there; nothing of it is read. A generated secret can always be had.

        Args:
            found: A match of :data:`REFERENCE`.
            where: The key in the configuration, for errors.
            may_be_empty: Whether the key takes an empty value.

        Raises:
            ConfigurationError: The variable is not set, or there is no file that can be read; or it is empty, and the
                key takes nothing empty.
        """
        if (variable := found["variable"]) is not None:
            self._require_variable(variable, where)
            if not may_be_empty and not self.environ[variable]:
                raise _empty(found, where)
            return
        if found["file"] is None:
            return
        path = self._path(found["file"], where)
        if not os.path.isfile(path) or not os.access(path, os.R_OK):  # noqa: PTH113 - whatever the path is
            raise ConfigurationError("there is no file that can be read", where=where)

    def _generated(self, name: str, where: str) -> str:
        # Where a deployment has one already, as for a database that projects share, nothing has to be made up.
        text = self.environ.get(name) or generated_secret(self.project or self.root, name, where)
        keep_secret(secret_values({"SECRET": text}))
        return text

    def _require_variable(self, name: str, where: str) -> None:
        if name not in self.environ:
            what = f"the environment variable {name} is not set"
            raise ConfigurationError(what, where=where, hint=f"export {name}=...")

    def _path(self, name: str, shown: str) -> Path:
        path = self.root / name
        # An absolute path may lead anywhere: secrets lie outside of the tree. A link of the tree may not.
        if not os.path.isabs(name):  # noqa: PTH117 - as it is written
            Boundary.around(self.root, ConfigurationError).inside(path, shown)
        return path

    def _content(self, name: str, where: str) -> str:
        shown = f"{where}: {{file.{name}}}"
        try:
            text = read_bytes(self._path(name, shown), shown, _MOST_BYTES, ConfigurationError).decode()
        except UnicodeDecodeError:
            raise ConfigurationError("is no text in UTF-8", where=shown) from None
        if "\0" in text:
            raise ConfigurationError("holds a NUL character, which no environment or header can", where=shown)
        # An editor, and 'echo', end the last line.
        text = text.removesuffix("\n").removesuffix("\r")
        keep_secret(secret_values({"SECRET": text}))
        return text


def _empty(found: re.Match[str], where: str) -> ConfigurationError:
    if (variable := found["variable"]) is not None:
        what = f"the environment variable {variable} is empty"
        return ConfigurationError(what, where=where, hint=f"export {variable}=...")
    return ConfigurationError("is empty", where=f"{where}: {found[0]}")


def require_references(value: Value, *, placeholders: bool = False) -> Value:
    """Refuse a text that begins a reference which is none, or names in braces what nothing would fill.

    Args:
        value: The text.
        placeholders: Whether placeholders such as ``{port.http}`` are filled in it, too; whether one is known, only its
            service can say.

    Raises:
        ServandaError: It holds one; of the reader's kind.
    """
    if "{" not in value.text():
        return value
    rest = REFERENCE.sub("\0", value.text())
    if (found := _BEGINNING.search(rest)) is not None:
        raise value.error(f"'{found[0]}' names no variable, no file and no generated secret", _WRITE)
    for found in _NAMED.finditer(rest):
        if not (placeholders and _PLACEHOLDER.fullmatch(found[0])):
            raise value.error(f"unknown placeholder '{found[0]}'", _WRITE)
    return value


def refuse_references(value: Value) -> Value:
    """Refuse a text with a reference where nothing would fill it.

    Raises:
        ServandaError: It holds one; of the reader's kind.
    """
    if "{" in value.text() and (found := REFERENCE.search(value.text())) is not None:
        raise value.error(f"'{found[0]}' is not filled here", f"{_PLACES} may name secrets")
    return value
