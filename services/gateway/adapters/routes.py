"""Which interfaces outside traffic reaches, and by which paths."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from google.protobuf.descriptor import ServiceDescriptor

from platformkit.discovery import Registry
from platformkit.telemetry import get_logger
from platformkit.transcoding import Router, routes_of
from services.gateway.adapters.interfaces import interface


class NotDiscoveredError(Exception):
    """Discovery has not been read yet, so nothing can be told from what does not exist."""


class Routes:
    """The routes of every interface that was ever shown.

    An interface whose last instance went away keeps its routes: a caller is told that the service is away (503), not
    that there is no such thing (404).

    Args:
        interfaces: Known from the start.
        find: The interface with a full name.
    """

    def __init__(
        self,
        interfaces: Iterable[ServiceDescriptor] = (),
        find: Callable[[str], ServiceDescriptor | None] = interface,
    ) -> None:
        self._find = find
        self._log = get_logger("gateway.routes")
        self._interfaces: dict[str, ServiceDescriptor | None] = {}
        self._router = Router(())
        self._read = False
        self._keep({shown.full_name: shown for shown in interfaces})

    @property
    def interfaces(self) -> tuple[ServiceDescriptor, ...]:
        """The interfaces that have routes, by name."""
        return tuple(found for _, found in sorted(self._interfaces.items()) if found is not None)

    @property
    def router(self) -> Router:
        """The router of the moment."""
        return self._router

    def show(self, names: Iterable[str]) -> None:
        """Adds the routes of the interfaces that are new among these; one that nobody generated code for has none."""
        new = {name: self._find(name) for name in names if name not in self._interfaces}
        if new:
            self._keep(new)

    async def follow(self, registry: Registry) -> None:
        """Shows what discovery shows, from now on."""
        async for instances in registry.watch():
            self.show(name for instance in instances for name in instance.interfaces)
            self._read = True

    async def require_discovery(self) -> None:
        """Returns if discovery was read.

        Raises:
            NotDiscoveredError: It was not, yet.
        """
        if not self._read:
            raise NotDiscoveredError("discovery has not been read yet")

    def _keep(self, new: dict[str, ServiceDescriptor | None]) -> None:
        self._interfaces |= new
        self._router = Router(route for shown in self.interfaces for route in routes_of(shown))
        for name, found in new.items():
            self._log.info("interface shown", interface=name, routed=found is not None)
