"""The address that a request really comes from, where a proxy that is trusted says so."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from platformkit.transcoding import EdgeRequest, Handler, HttpResponse
from services.gateway.configuration import Network

FORWARDED_FOR: Final = "x-forwarded-for"


@dataclass(frozen=True, slots=True)
class Proxies:
    """Reads ``x-forwarded-for`` from the right, as long as each hop is a trusted proxy; the rest anybody can write.

    Attributes:
        networks: Networks of the proxies.
    """

    networks: Sequence[Network]

    async def __call__(self, request: EdgeRequest, handler: Handler) -> HttpResponse:
        """Hand the request on with the address of its caller as the peer."""
        hops = [hop.strip() for hop in request.headers.get(FORWARDED_FOR, "").split(",") if hop.strip()]
        peer = request.peer
        while hops and self._is_proxy(peer):
            try:
                peer = str(ipaddress.ip_address(hops.pop()))
            except ValueError:
                # What a proxy wrote that is no address is no reason to believe what stands before it.
                break
        return await handler(replace(request, peer=peer))

    def _is_proxy(self, peer: str) -> bool:
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in self.networks)
