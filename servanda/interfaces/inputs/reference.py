"""The syntax of inputs: ``path#key=value,...``, as buf has it.

Source: the reference page "Inputs" of buf's documentation.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from servanda.errors import InterfaceError


class InputFormat(enum.StrEnum):
    """Format of an input; the values are those of the option ``format``."""

    DIRECTORY = "dir"
    GIT = "git"
    TAR = "tar"
    ZIP = "zip"
    BINARY_IMAGE = "binpb"
    JSON_IMAGE = "json"


IMAGES = frozenset({InputFormat.BINARY_IMAGE, InputFormat.JSON_IMAGE})
_ENDINGS = MappingProxyType(
    {
        ".git": InputFormat.GIT,
        ".tar": InputFormat.TAR,
        ".tar.gz": InputFormat.TAR,
        ".tgz": InputFormat.TAR,
        ".zip": InputFormat.ZIP,
        ".binpb": InputFormat.BINARY_IMAGE,
        ".binpb.gz": InputFormat.BINARY_IMAGE,
        ".bin": InputFormat.BINARY_IMAGE,
        ".bin.gz": InputFormat.BINARY_IMAGE,
        ".json": InputFormat.JSON_IMAGE,
        ".json.gz": InputFormat.JSON_IMAGE,
    }
)
_FORMATS = MappingProxyType(
    {**{str(kind): kind for kind in InputFormat}, "bin": InputFormat.BINARY_IMAGE, "targz": InputFormat.TAR}
)
_FOREIGN = (".txtpb", ".yaml", ".proto", ".zst")
_ARCHIVE = frozenset({"subdir", "strip_components"})
_OPTIONS = MappingProxyType(
    {
        InputFormat.DIRECTORY: frozenset[str](),
        InputFormat.GIT: frozenset({"branch", "tag", "ref", "commit", "subdir", "depth"}),
        InputFormat.TAR: _ARCHIVE | {"compression"},
        InputFormat.ZIP: _ARCHIVE,
        InputFormat.BINARY_IMAGE: frozenset({"compression"}),
        InputFormat.JSON_IMAGE: frozenset({"compression"}),
    }
)


@dataclass(frozen=True, slots=True)
class Reference:
    """An input as it was asked for.

    Attributes:
        text: The whole of it.
        location: Path or address.
        options: What stands behind ``#``, ``format`` apart.
    """

    text: str
    format: InputFormat
    location: str
    options: Mapping[str, str]


def folder_reference(path: str) -> Reference:
    """Return a reference to a folder, whatever it is called: of a configured one the name is no syntax."""
    return Reference(path, InputFormat.DIRECTORY, path, MappingProxyType({}))


def parse_reference(text: str) -> Reference:
    """Return what an input refers to.

    Raises:
        InterfaceError: It cannot be understood, or has an option that its kind does not have.
    """
    location, _, tail = text.partition("#")
    options: dict[str, str] = {}
    for part in tail.split(",") if tail else ():
        key, equals, value = part.partition("=")
        if not (key and equals and value) or key in options:
            raise InterfaceError(f"'{part}' is no option: expected each once as key=value", where=text)
        options[key] = value
    kind = _kind(location, options.pop("format", ""), text)
    for key in options:
        if key not in _OPTIONS[kind]:
            known = ", ".join(sorted(_OPTIONS[kind])) or "none"
            raise InterfaceError(f"an input of kind '{kind}' has no option '{key}'", where=text, hint=f"known: {known}")
    return Reference(text, kind, location, MappingProxyType(options))


def _kind(location: str, wanted: str, text: str) -> InputFormat:
    if not location:
        raise InterfaceError("an input needs a path", where=text or "''")
    if wanted:
        if wanted not in _FORMATS:
            raise InterfaceError(f"unknown format '{wanted}'", where=text, hint=f"known: {', '.join(_FORMATS)}")
        return _FORMATS[wanted]
    for ending, kind in _ENDINGS.items():
        if location.endswith(ending):
            return kind
    if location.endswith(_FOREIGN):
        known = ", ".join(_ENDINGS)
        raise InterfaceError("this kind of file is no input", where=text, hint=f"a folder, or one of {known}")
    return InputFormat.DIRECTORY
