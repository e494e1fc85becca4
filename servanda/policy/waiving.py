"""Writing a waiver, with everything else in the file left as it is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import tomlkit
from tomlkit.exceptions import ParseError
from tomlkit.items import AoT

from servanda.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wants to have waived.

    Attributes:
        fingerprint: Fingerprint of the finding; else ``rule`` and ``element`` name it.
        expires: The last day on which it counts.
    """

    reason: str
    owner: str
    expires: dt.date
    fingerprint: str = ""
    rule: str = ""
    element: str = ""
    link: str = ""


def add(path: Path, request: Request) -> None:
    """Append a waiver to this file; it is made if it does not exist.

    Raises:
        ConfigurationError: The file cannot be read or written, or is no TOML.
    """
    try:
        document = tomlkit.parse(path.read_text(encoding="utf-8")) if path.exists() else tomlkit.document()
    except ParseError as error:
        raise ConfigurationError(f"no TOML: {error}", where=f"{path}:{error.line}:{error.col}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"cannot be read: {error}", where=str(path)) from error
    entry = tomlkit.table()
    for key in ("fingerprint", "rule", "element", "reason", "owner", "expires", "link"):
        value = getattr(request, key)
        if value:
            entry.add(key, value)
    entries = document.setdefault("waiver", tomlkit.aot())
    if not isinstance(entries, AoT):
        raise ConfigurationError("waivers are written as [[waiver]] tables", where=str(path))
    entries.append(entry)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(tomlkit.dumps(document), encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"cannot be written: {error.strerror}", where=str(path)) from error
