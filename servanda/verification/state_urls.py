"""The URL at which the provider states of a running service are made true."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import replace
from urllib.parse import urlsplit

from servanda.configuration import Limits
from servanda.errors import ConfigurationError, ServandaError, VerificationError
from servanda.supervision import ServiceHandle, System
from servanda.verdict import Reason, ReasonKind, Transport
from servanda.verification.reach import connection_to
from servanda.verification.state_url import StateUrl


def open_state_url(
    stack: AsyncExitStack, system: System[ServiceHandle], name: str, limits: Limits
) -> StateUrl | Reason | None:
    """Return the URL of an instance for provider states; ``None`` if it declares none, or the reason that it has none.

    Args:
        stack: Closes its connections.
        system: Where the instance runs.
        name: Name of the instance.
        limits: How long a state may take.
    """
    if not system.service(name).service.states_url:
        return None
    try:
        base = _base(system, name)
        url = _resolved(system, name, base)
        way = connection_to(system, name)
        # What is meant for the provider, above all its credentials, is nobody else's business.
        opened = StateUrl(
            url, limits, way if _origin(url) == _origin(base) else replace(way, headers={}, certificate=None)
        )
    except ServandaError as error:
        return Reason(ReasonKind.STATE_FAILED, f"the provider states cannot be reached: {error}")
    stack.push_async_callback(opened.close)
    return opened


def _resolved(system: System[ServiceHandle], name: str, base: str) -> str:
    handle = system.service(name)
    where = f"services.{handle.service.name}.states_url"
    ports = {f"port.{port}": str(number) for port, number in handle.ports.items()}
    url = system.placeholders.having(ports).fill(handle.service.states_url, where)
    if url.startswith("/"):
        if not base:
            raise VerificationError(f"'{url}' is a path, and '{name}' has no port for HTTP", where=where)
        return base.rstrip("/") + url
    if not url.startswith(("http://", "https://")):
        raise ConfigurationError(
            f"'{url}' is no URL", where=where, hint="expected http://..., https://... or a path such as /states"
        )
    return url


def _base(system: System[ServiceHandle], name: str) -> str:
    handle = system.service(name)
    target = system.targets.get(handle.instance.name, {}).get(Transport.HTTP)
    if target is not None:
        return target
    port = handle.service.transports.get(Transport.HTTP, "")
    return f"http://{system.address(name, port)}" if port in handle.ports else ""


def _origin(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise ConfigurationError(f"'{url}' is no URL: {error}") from error
    return parts.scheme, parts.netloc
