"""Stages that change requests and responses: prefixes, headers, compression."""

from __future__ import annotations

import gzip
from datetime import date

import pytest

from services.gateway.configuration import Headers, OldAddress
from services.gateway.pipeline.compression import accepts_gzip, compress
from services.gateway.pipeline.headers import HeaderChanges, changed
from services.gateway.pipeline.prefixes import Prefixes
from tests.unit.services.gateway.pipeline.stage import ROUTER, Seen, through

PREFIXES = {"/api": "/v0", "/api/v1": "/v1", "/old": "/v1"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("/api/v1/users/7", "/v1/users/7", id="longest"),
        pytest.param("/old/users/7", "/v1/users/7", id="other"),
        pytest.param("/older/users/7", "/older/users/7", id="whole-segments-only"),
        pytest.param("/v1/users/7", "/v1/users/7", id="none"),
        pytest.param("/api", "/v0", id="nothing-behind"),
    ],
)
async def test_the_beginning_of_a_path_stands_for_another(path: str, expected: str) -> None:
    seen = Seen()
    response = await through(Prefixes(PREFIXES, ROUTER.match), seen, path=path)
    request = seen.requests[0]
    assert request.path == expected
    assert (request.match is not None) == (response.status == 200) == (expected == "/v1/users/7")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param(
            "/api/v1/users/7",
            {
                "deprecation": "@1793491200",
                "sunset": "Sat, 01 May 2027 00:00:00 GMT",
                "link": '<https://docs.test/addresses>; rel="deprecation"',
            },
            id="all",
        ),
        pytest.param("/older/users/7", {"deprecation": "@1577836800"}, id="undecided"),
        pytest.param("/api/v1/nothing", {"deprecation": "@1793491200"}, id="refused"),
        pytest.param("/v1/users/7", {}, id="new-address"),
    ],
)
async def test_the_end_of_an_old_address_is_announced(path: str, expected: dict[str, str]) -> None:
    old = OldAddress("/v1", date(2026, 11, 1), date(2027, 5, 1), "https://docs.test/addresses")
    prefixes = {"/api/v1": old, "/older": OldAddress("/v1", date(2020, 1, 1))}
    response = await through(Prefixes(prefixes, ROUTER.match), path=path)
    told = {name: value for name, value in response.headers.items() if name in {"deprecation", "sunset", "link"}}
    assert {**told, **expected} == told
    assert bool(told) == bool(expected)


def test_headers_are_stripped_then_renamed_and_given_defaults_last() -> None:
    changes = Headers(strip=("server",), rename={"old": "new"}, default={"new": "d", "more": "m"})
    assert changed({"server": "x", "old": "1", "kept": "k"}, changes) == {"new": "1", "kept": "k", "more": "m"}
    assert changed({}, changes) == {"new": "d", "more": "m"}
    assert changed({"old": "1", "new": "2"}, changes) == {"new": "1", "more": "m"}


async def test_the_headers_of_a_request_and_of_its_response_are_changed() -> None:
    seen = Seen()
    stage = HeaderChanges(Headers(strip=("cookie",)), Headers(default={"server": "plt"}))
    response = await through(stage, seen, headers={"cookie": "secret", "x": "1"})
    assert seen.requests[0].headers == {"x": "1"}
    assert response.headers["server"] == "plt"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("*", True),
        ("identity, *;q=0", False),
        ("*;q=0, gzip", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000, *", False),
        ("br", False),
        ("", False),
        ("xgzip", False),
    ],
)
def test_gzip_is_accepted_where_it_is_named_or_everything_is(header: str, expected: bool) -> None:
    assert accepts_gzip(header) == expected


async def test_a_long_body_is_compressed_for_whoever_reads_that() -> None:
    plain = await through(compress, path="/v1/users")
    packed = await through(compress, path="/v1/users", headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert plain.headers["vary"] == packed.headers["vary"] == "accept-encoding"


async def test_a_short_body_stays_as_it_is() -> None:
    response = await through(compress, headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in response.headers
