"""The way to one provider: its transports, opened when they are first needed."""

from __future__ import annotations

import contextlib
from contextlib import AsyncExitStack
from typing import cast

from servanda.configuration import Configuration, Connection, Limits, connection
from servanda.pact import Interaction
from servanda.supervision import ServiceHandle, System
from servanda.transport import transport_kind
from servanda.transports.provider import Change, Exchange, OpenVerifier, Provider, Verifier
from servanda.verification.provider_code import ProviderCode
from servanda.verification.request_filter import request_filter


class Reach:
    """Opens the transports to one provider.

    Args:
        provider: Name of the instance.
        code: Processes with code of the provider.
        stack: Closes the transports.
    """

    def __init__(
        self,
        provider: str,
        system: System[ServiceHandle],
        configuration: Configuration,
        code: ProviderCode,
        limits: Limits,
        stack: AsyncExitStack,
    ) -> None:
        self._name = provider
        self._system = system
        self._configuration = configuration
        self._code = code
        self._limits = limits
        self._stack = stack
        self._open: dict[tuple[str, str], Verifier] = {}
        self._way: Connection | None = None
        self._change: Change | None = None

    async def begin(self, interaction: Interaction) -> Exchange:
        """Do what has to be done before the provider states of an interaction, and give the rest.

        Raises:
            VerificationError: The provider cannot be reached on this transport.
            ConfigurationError: A header names a variable of the environment that is not set.
            ExtensionError: The distribution that adds the transport is broken.
        """
        transport, path = interaction.transport, interaction.path
        if self._way is None:
            self._way = connection_to(self._system, self._name)
        way = self._way.to(transport, path)
        key = transport, way.targets.get(transport, "")
        if key not in self._open:
            open_verifier = cast("OpenVerifier", transport_kind(transport).module("verifying").open_verifier)
            self._open[key] = open_verifier(self._provider(way), self._limits)
            self._stack.push_async_callback(_close, self._open[key])
        return await self._open[key].begin(interaction)

    def _provider(self, way: Connection) -> Provider:
        handle = self._system.service(self._name)
        addresses = {port: self._system.address(self._name, port) for port in handle.ports}
        values, events = self._system.placeholders.values, self._configuration.events
        return Provider(handle.service, addresses, values, events, way, self._changed_by(handle))

    def _changed_by(self, handle: ServiceHandle) -> Change | None:
        # One for all transports: what keeps it from being opened is told by each, and tried once.
        if self._change is None:
            self._change = request_filter(handle, self._code, self._limits)
        return self._change


def connection_to(system: System[ServiceHandle], provider: str) -> Connection:
    """Return the way of requests to an instance.

    Raises:
        ConfigurationError: A header names a variable of the environment that is not set.
    """
    handle = system.service(provider)
    targets = system.targets.get(handle.instance.name)
    routes = {
        str(transport): {
            prefix: _place(system, handle, f"{transport}.{prefix}", place) for prefix, place in by_path.items()
        }
        for transport, by_path in handle.service.routes.items()
    }
    return connection(handle.service, handle.instance.source.folder, handle.environment, targets, routes)


def _place(system: System[ServiceHandle], handle: ServiceHandle, route: str, place: str) -> str:
    """Return what a route leads to: ``host:port``, or a URL."""
    name, where = handle.instance.name, f"services.{handle.service.name}.routes.{route}"
    if "://" not in place:
        return system.address(name, place)
    ports = {f"port.{port}": str(number) for port, number in handle.ports.items()}
    return system.placeholders.having(ports).fill(place, where)


async def _close(verifier: Verifier) -> None:
    # All is verified by now: a connection that cannot be closed takes nothing of that back.
    with contextlib.suppress(Exception):
        await verifier.close()
