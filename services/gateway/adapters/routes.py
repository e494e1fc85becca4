"""Interfaces that outside traffic reaches, and their paths."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import grpc
from google.protobuf.descriptor import ServiceDescriptor

from platformkit.access import PolicyError, policies_of
from platformkit.discovery import Registry
from platformkit.status import ServiceError
from platformkit.telemetry import get_logger
from platformkit.transcoding import Match, Route, RouteError, Router, TemplateError, routes_of
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
        self._routes: dict[str, tuple[Route, ...]] = {}
        self._router = Router(())
        self._keep({shown.full_name: shown for shown in interfaces})
        self._read = False
        self._awaited = not self._interfaces

    @property
    def interfaces(self) -> tuple[ServiceDescriptor, ...]:
        """Return the interfaces that have routes, by name."""
        return tuple(found for _, found in sorted(self._interfaces.items()) if found is not None)

    def match(self, verb: str, path: str) -> Match:
        """Return the route of the moment for a request, see `Router.match`.

        Raises:
            ServiceError: UNAVAILABLE, there is none, and discovery has not been read yet: there may be one.
        """
        try:
            return self._router.match(verb, path)
        except ServiceError as error:
            if self._awaited and not self._read and error.code is grpc.StatusCode.NOT_FOUND:
                raise _not_discovered(path) from error
            raise

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
        for name, found in new.items():
            # One interface with a faulty route must not take the routes of all others away.
            try:
                self._routes[name] = () if found is None else self._new_routes(found)
            except (RouteError, TemplateError, PolicyError) as error:
                self._log.error("interface not routed", interface=name, error=str(error))
                self._routes[name], new[name] = (), None
            else:
                self._log.info("interface shown", interface=name, routed=found is not None)
        self._interfaces |= new
        self._router = Router(route for shown in self.interfaces for route in self._routes[shown.full_name])

    def _new_routes(self, shown: ServiceDescriptor) -> tuple[Route, ...]:
        routes = routes_of(shown)
        policies_of(shown)
        taken = {(route.verb, route.template.shape): route for each in self._routes.values() for route in each}
        for route in routes:
            first = taken.get((route.verb, route.template.shape))
            if first is not None:
                raise RouteError(f"{route.verb} {route.template.text} belongs to {first.method.full_name} already")
        return routes


def _not_discovered(path: str) -> ServiceError:
    message = f"which services there are is not known yet, so nothing can be told about {path}; try again"
    return ServiceError(grpc.StatusCode.UNAVAILABLE, message, reason="NOT_DISCOVERED")
