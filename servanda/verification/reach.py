"""The way to one provider: its transports, opened when they are first needed."""

from __future__ import annotations

import contextlib
from contextlib import AsyncExitStack
from typing import cast

from servanda.configuration import Configuration, Connection, Limits, connection
from servanda.pact import Interaction
from servanda.supervision import ServiceHandle, System
from servanda.transport import transport_kind
from servanda.transports.provider import Exchange, OpenVerifier, Provider, Verifier


class Reach:
    """Opens the transports to one provider.

    Args:
        provider: Name of the instance.
        stack: Closes what was opened.
    """

    def __init__(
        self,
        provider: str,
        system: System[ServiceHandle],
        configuration: Configuration,
        limits: Limits,
        stack: AsyncExitStack,
    ) -> None:
        self._name = provider
        self._system = system
        self._configuration = configuration
        self._limits = limits
        self._stack = stack
        self._open: dict[str, Verifier] = {}

    async def begin(self, interaction: Interaction) -> Exchange:
        """Do what has to be done before the provider states of an interaction, and give the rest.

        Raises:
            VerificationError: The provider cannot be reached on this transport.
            ConfigurationError: A header names a variable of the environment that is not set.
            ExtensionError: The distribution that adds the transport is broken.
        """
        transport = interaction.transport
        if transport not in self._open:
            open_verifier = cast("OpenVerifier", transport_kind(transport).module("verifying").open_verifier)
            self._open[transport] = open_verifier(self._provider(), self._limits)
            self._stack.push_async_callback(_close, self._open[transport])
        return await self._open[transport].begin(interaction)

    def _provider(self) -> Provider:
        handle = self._system.service(self._name)
        addresses = {port: self._system.address(self._name, port) for port in handle.ports}
        values, events = self._system.placeholders.values, self._configuration.events
        return Provider(handle.service, addresses, values, events, connection_to(self._system, self._name))


def connection_to(system: System[ServiceHandle], provider: str) -> Connection:
    """Return the way of requests to an instance.

    Raises:
        ConfigurationError: A header names a variable of the environment that is not set.
    """
    handle = system.service(provider)
    targets = system.targets.get(handle.instance.name)
    return connection(handle.service, handle.instance.source.folder, handle.environment, targets)


async def _close(verifier: Verifier) -> None:
    # All is verified by now: a connection that cannot be closed takes nothing of that back.
    with contextlib.suppress(Exception):
        await verifier.close()
