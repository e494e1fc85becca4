"""Headers by which a stranger says who it is or where it is from: nobody is believed who has not proved it."""

from __future__ import annotations

import pytest

from platformkit.context import Principal
from platformkit.limiter import LocalLimiter
from platformkit.transcoding import HttpEdge, HttpRequest
from services.gateway.configuration import Configuration, Counted, RateLimit
from services.gateway.pipeline.proxies import Proxies
from services.gateway.pipeline.rate_limits import RateLimits
from tests.unit.platformkit.tokens.tokens_at_hand import CLAIMS, signed
from tests.unit.services.gateway.pipeline.stage import through
from tests.unit.services.gateway.pipeline.test_access import ROUTER, Doors, stages

IDENTITIES = [
    "grpc-metadata-authorization",
    "grpc-metadata-x-internal-token",
    "x-authenticated-user",
    "x-forwarded-email",
    "x-forwarded-user",
    "x-internal-token",
    "x-original-user",
    "x-principal",
    "x-remote-user",
    "x-roles",
    "x-user-id",
]
ADDRESSES = [
    "cf-connecting-ip",
    "client-ip",
    "fastly-client-ip",
    "forwarded",
    "true-client-ip",
    "x-client-address",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-forwarded",
    "x-forwarded-for",
    "x-original-forwarded-for",
    "x-originating-ip",
    "x-real-ip",
    "x-remote-addr",
]


@pytest.mark.parametrize("name", IDENTITIES)
async def test_a_header_that_names_somebody_is_no_proof(name: str) -> None:
    doors = Doors()
    edge = HttpEdge(ROUTER.match, doors, stages())
    response = await edge.handle(HttpRequest("GET", "/anybody", "", {name: "admin"}))
    assert (response.status, doors.seen) == (401, [])


@pytest.mark.parametrize("name", IDENTITIES)
async def test_a_header_that_names_somebody_changes_nobody_who_has_a_token(name: str) -> None:
    doors = Doors()
    edge = HttpEdge(ROUTER.match, doors, stages())
    await edge.handle(HttpRequest("GET", "/anybody", "", {"authorization": f"Bearer {signed()}", name: "admin"}))
    assert doors.principals == [Principal(CLAIMS.subject, CLAIMS.roles)]


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        pytest.param("", {"cookie": f"authorization=Bearer {signed()}"}, id="cookie"),
        pytest.param("", {"cookie": f"access_token={signed()}; __Host-token={signed()}"}, id="cookies-of-a-token"),
        pytest.param("", {"proxy-authorization": f"Bearer {signed()}"}, id="proxy-authorization"),
        pytest.param("", {"x-authorization": f"Bearer {signed()}"}, id="other-header"),
        pytest.param("", {"sec-websocket-protocol": f"bearer, {signed()}"}, id="protocol-of-a-socket"),
        pytest.param(f"access_token={signed()}", {}, id="query"),
    ],
)
async def test_a_token_counts_only_where_no_browser_sends_it_by_itself(query: str, headers: dict[str, str]) -> None:
    doors = Doors()
    response = await HttpEdge(ROUTER.match, doors, stages()).handle(HttpRequest("GET", "/anybody", query, headers))
    assert (response.status, doors.seen) == (401, [])


@pytest.mark.parametrize("name", ADDRESSES)
async def test_a_stranger_has_one_limit_wherever_it_says_that_it_is(name: str) -> None:
    limited = RateLimits([RateLimit("l", 2, 60, Counted.ADDRESS)], LocalLimiter(lambda: 1.0))
    told = [{name: address} for address in ("198.51.100.1", "198.51.100.2", "2001:db8::7")]
    responses = [await through(Proxies(()), limited, headers=headers) for headers in told]
    assert [response.status for response in responses] == [200, 200, 429]


@pytest.mark.parametrize(
    ("peer", "forwarded"),
    [
        pytest.param("10.0.0.1", "198.51.100.{}, 203.0.113.9", id="written-by-the-caller"),
        pytest.param("10.0.0.1", "198.51.100.{}, unknown", id="no-address"),
        pytest.param("10.0.0.1", "198.51.100.{}:4711", id="address-with-a-port"),
        pytest.param("10.0.0.1", "[2001:db8::{}]", id="address-in-brackets"),
        pytest.param("10.0.0.1", "2001:db8::{}", id="one-network-of-ipv6"),
        pytest.param("::ffff:10.0.0.1", "198.51.100.{}", id="proxy-in-ipv6"),
        pytest.param("110.0.0.1", "198.51.100.{}", id="stranger-beside-the-network"),
    ],
)
async def test_behind_a_proxy_nobody_gets_more_limits_by_what_it_writes(peer: str, forwarded: str) -> None:
    limited = RateLimits([RateLimit("l", 2, 60, Counted.ADDRESS)], LocalLimiter(lambda: 1.0))
    proxies = Proxies(Configuration(proxies=("10.0.0.0/8",)).proxy_networks)
    told = [{"x-forwarded-for": forwarded.format(number)} for number in range(1, 4)]
    responses = [await through(proxies, limited, headers=headers, peer=peer) for headers in told]
    assert [response.status for response in responses] == [200, 200, 429]
