"""Readiness of services: the probe under ``ready`` in ``[services.<name>]``."""

from __future__ import annotations

import re
from collections.abc import Collection
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from servanda.configuration.secrets import refuse_references
from servanda.configuration.shape import Form, Reading
from servanda.documents import Value

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
_OWN_PORT = re.compile(r"\{port\.([^{}]*)\}")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


def require_own_ports(ready: str, place: Value | None, ports: Collection[str]) -> None:
    """Refuse a probe of a port that the service does not have.

    Raises:
        ConfigurationError: It is one.
    """
    for name in _OWN_PORT.findall(ready):
        if name not in ports and place is not None:
            known = f"its ports: {', '.join(ports)}" if ports else "name it in 'ports'"
            raise place.error(f"'ready' names the unknown port '{name}'", known)


def _read(place: Value, _reading: Reading) -> str:
    text = refuse_references(place).text()
    if not text:
        return text
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
    return text


READY: Final = Form({"type": "string", "pattern": f"^(?:(?:{'|'.join(READY_FORMS)})://[^/].*)?$"}, _read)
"""Address of a readiness probe; an empty one is none."""
