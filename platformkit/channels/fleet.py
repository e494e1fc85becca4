"""The instances of a service, and which of them gets the next call."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Iterable
from typing import Final

import grpc

from platformkit.backoff import Backoff
from platformkit.channels.endpoint import Endpoint, EndpointState
from platformkit.channels.liveness import answers
from platformkit.context import start_detached
from platformkit.discovery import Instance
from platformkit.telemetry import get_logger

PROBE_SECONDS: Final = 1.0
"""How long an instance may take to answer a health check."""


class Fleet:
    """Endpoints by instance; made when an instance is first picked and dropped with it.

    Args:
        connect: Makes the channel to an instance.
        grace_seconds: Time for calls on their way to an instance that was dropped.
        clock: Seconds that never go backwards.
    """

    def __init__(
        self,
        connect: Callable[[Instance], grpc.aio.Channel],
        grace_seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._connect = connect
        self._grace_seconds = grace_seconds
        self._clock = clock
        self._instances: tuple[Instance, ...] = ()
        self._endpoints: dict[Instance, Endpoint] = {}
        self._probes: dict[Instance, asyncio.Task[None]] = {}
        self._farewells: set[asyncio.Task[None]] = set()
        self._turn = 0
        self._log = get_logger("channels")

    def show(self, instances: Iterable[Instance]) -> None:
        """Take these instances for all that there are."""
        self._instances = tuple(instances)
        for gone in self._endpoints.keys() - set(self._instances):
            self._forget_probe(gone)
            farewell = start_detached(self._endpoints.pop(gone).channel.close(self._grace_seconds))
            self._farewells.add(farewell)
            farewell.add_done_callback(self._farewells.discard)

    def pick(self, tried: Collection[Endpoint]) -> Endpoint | None:
        """Return the endpoint with the fewest calls on their way, of those that work and else of all; in turn if equal.

        Args:
            tried: Not these.

        Returns:
            The endpoint, whose breaker wants to hear how it went; None if all were tried.
        """
        self._turn += 1
        known = [endpoint for endpoint in map(self._endpoint, self._in_turn()) if endpoint not in tried]
        for endpoint in known:
            if endpoint.doubtful:
                self._prove(endpoint)
        ranked = sorted(known, key=lambda endpoint: (endpoint.doubtful, endpoint.in_flight))
        allowed = next((endpoint for endpoint in ranked if not endpoint.doubtful and endpoint.breaker.allow()), None)
        # If none works as far as anybody knows, a call still is no worse off than without having been tried.
        return allowed or next(iter(ranked), None)

    def works(self, besides: Collection[Endpoint]) -> bool:
        """Tell whether there is an endpoint that works besides these."""
        known = (endpoint for endpoint in map(self._endpoint, self._instances) if endpoint not in besides)
        return any(endpoint.state is EndpointState.WORKING for endpoint in known)

    def count(self, state: EndpointState) -> int:
        """Return how many instances that were called are in a state; any thread may ask."""
        return sum(endpoint.state is state for endpoint in tuple(self._endpoints.values()))

    async def close(self, grace: float | None) -> None:
        """Close the channels to all instances."""
        for instance in tuple(self._probes):
            self._forget_probe(instance)
        endpoints, self._endpoints, self._instances = tuple(self._endpoints.values()), {}, ()
        closing = (endpoint.channel.close(grace) for endpoint in endpoints)
        # Those that were dropped end too: whoever made calls over them has given them up by now.
        await asyncio.gather(*closing, *self._farewells, return_exceptions=True)

    def _in_turn(self) -> tuple[Instance, ...]:
        first = self._turn % len(self._instances) if self._instances else 0
        return self._instances[first:] + self._instances[:first]

    def _endpoint(self, instance: Instance) -> Endpoint:
        if instance not in self._endpoints:
            self._endpoints[instance] = Endpoint(instance, self._connect(instance), self._clock)
        return self._endpoints[instance]

    def _prove(self, endpoint: Endpoint) -> None:
        probe = self._probes.get(endpoint.instance)
        if probe is None or probe.done():
            self._probes[endpoint.instance] = start_detached(self._until_it_answers(endpoint))

    def _forget_probe(self, instance: Instance) -> None:
        probe = self._probes.pop(instance, None)
        if probe is not None:
            probe.cancel()

    async def _until_it_answers(self, endpoint: Endpoint) -> None:
        instance, backoff, told = endpoint.instance, Backoff(), False
        while not await answers(endpoint.channel, PROBE_SECONDS):
            if not told:
                self._log.warning("an instance is passed over: it does not answer", instance=instance.id)
                told = True
            await backoff.wait()
        if told:
            self._log.info("an instance answers again", instance=instance.id)
        endpoint.answered()
