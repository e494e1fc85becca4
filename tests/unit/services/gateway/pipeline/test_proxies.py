from __future__ import annotations

import ipaddress

import pytest

from services.gateway.pipeline.proxies import Proxies
from tests.unit.services.gateway.pipeline.stage import Seen, through

STAGE = Proxies((ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("fd00::/8")))


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        pytest.param("192.0.2.1", "", "192.0.2.1", id="no-proxy"),
        pytest.param("192.0.2.1", "198.51.100.9", "192.0.2.1", id="a-stranger-says-so"),
        pytest.param("10.0.0.1", "198.51.100.9", "198.51.100.9", id="one-proxy"),
        pytest.param("10.0.0.1", "198.51.100.9, 10.0.0.2", "198.51.100.9", id="two-proxies"),
        pytest.param("10.0.0.1", "203.0.113.1, 198.51.100.9", "198.51.100.9", id="written-by-the-caller"),
        pytest.param("10.0.0.1", "198.51.100.9, unknown", "10.0.0.1", id="no-address"),
        pytest.param("fd00::1", "2001:db8::7", "2001:db8::7", id="ipv6"),
        pytest.param("", "198.51.100.9", "", id="no-peer"),
    ],
)
async def test_the_peer_is_the_last_address_that_no_trusted_proxy_has(peer: str, forwarded: str, expected: str) -> None:
    seen = Seen()
    await through(STAGE, seen, peer=peer, headers={"x-forwarded-for": forwarded})
    assert seen.requests[0].peer == expected
