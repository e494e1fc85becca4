"""Network that an attempt comes from, as the caller of the service says."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Final

CLIENT_ADDRESS: Final = "x-client-address"
"""Metadata key in which the gateway says which address a request came from. It comes from nobody outside: the gateway
passes no metadata of theirs on."""

# A network of this size is what one customer of a provider gets: attempts from one are counted together.
_IPV6_PREFIX: Final = 64


def network_of(metadata: Iterable[tuple[str, str | bytes]]) -> str:
    """Return the network that a request came from; empty if nobody says, or says something else.

    The address of an IPv4 host, or the network of 64 bits of an IPv6 host.
    """
    told = [value for key, value in metadata if key == CLIENT_ADDRESS and isinstance(value, str)]
    if len(told) != 1:
        return ""
    try:
        address = ipaddress.ip_address(told[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), _IPV6_PREFIX), strict=False))
