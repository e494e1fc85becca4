"""Names of services that somebody wrote, and that were perhaps meant."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final

from servanda.errors import ConfigurationError

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")


def meant(name: str, known: Iterable[str]) -> str:
    """Return a question for the known name that is closest to a name; empty if none is close."""
    import difflib  # noqa: PLC0415 - for mistakes alone

    found = difflib.get_close_matches(name, list(known), n=1)
    return f"did you mean '{found[0]}'?" if found else ""


def unknown_service(name: str, known: Iterable[str]) -> ConfigurationError:
    """Return the error that a service is not configured, with those that are."""
    names = sorted(known)
    key = name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)
    listed = f"configured services: {', '.join(names)}" if names else f"no service is configured: add [services.{key}]"
    hint = " ".join(part for part in (meant(name, names), listed) if part)
    return ConfigurationError(f"service '{name}' is not configured", hint=hint)
