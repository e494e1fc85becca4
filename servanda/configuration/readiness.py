"""Reading how it is found out that a service is ready."""

from __future__ import annotations

import re
from collections.abc import Collection
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from servanda.documents import Table, Value

READY_FORMS: Final = MappingProxyType(
    {
        "http": "http://127.0.0.1:{port.http}/readyz",
        "https": "https://127.0.0.1:{port.https}/readyz",
        "grpc": "grpc://127.0.0.1:{port.grpc}",
        "tcp": "tcp://127.0.0.1:{port.http}",
    }
)
"""An example of each form of a readiness probe, by its scheme."""
_WITH_PORT: Final = frozenset({"grpc", "tcp"})
_MOST_SECONDS: Final = 604_800
_OWN_PORT = re.compile(r"\{port\.([^{}]*)\}")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


def readiness_probe(table: Table, ports: Collection[str]) -> str:
    """Read ``ready`` of a service; empty if it has none.

    Args:
        table: The table of the service.
        ports: Names of its ports.

    Raises:
        ConfigurationError: It is no address, or names a port that the service does not have.
    """
    found = table.get("ready")
    if found is None or not found.text():
        return ""
    text = found.text()
    for name in _OWN_PORT.findall(text):
        if name not in ports:
            known = f"its ports: {', '.join(ports)}" if ports else "name it in 'ports'"
            raise found.error(f"'ready' names the unknown port '{name}'", known)
    _require_address(found, text)
    return text


def readiness_seconds(table: Table) -> float | None:
    """Read how long a service may take to become ready; ``None`` for what the limits say.

    Raises:
        ConfigurationError: It is no number above zero, or more than a week.
    """
    found = table.get("ready_seconds")
    if found is None:
        return None
    seconds = found.number()
    if not 0 < seconds <= _MOST_SECONDS:
        raise found.unexpected(f"a number of seconds above zero, at most {_MOST_SECONDS:,}")
    return seconds


def _require_address(place: Value, text: str) -> None:
    expected = f"expected one of {', '.join(READY_FORMS.values())}"
    try:
        # A placeholder stands for a part of an address; a number can be one anywhere but in a scheme.
        parts = urlsplit(_PLACEHOLDER.sub("1", text))
        port = parts.port
    except ValueError as error:
        raise place.error(f"'ready' is no address: {error}", expected) from None
    if parts.scheme not in READY_FORMS or not parts.hostname:
        raise place.error(f"'ready' is '{text}', which is no address of a probe", expected)
    if parts.scheme in _WITH_PORT and port is None:
        raise place.error(f"'ready' is '{text}', which has no port", expected)
