from __future__ import annotations

from dataclasses import replace

import pytest

from platformkit.context import Principal, current, entered
from platformkit.limiter import LocalLimiter
from platformkit.transcoding import EdgeRequest, Handler, HttpResponse
from services.gateway.configuration import Counted, RateLimit
from services.gateway.pipeline.rate_limits import RateLimits
from tests.unit.platformkit.telemetry.recording import kept_numbers
from tests.unit.services.gateway.pipeline.stage import reason, through

GET_USER = "/plt.identity.v1.IdentityService/GetUser"


def limits(*each: RateLimit, shared: bool = True) -> RateLimits:
    return RateLimits(each, LocalLimiter(lambda: 1.0, shared=shared))


def limit(by: Counted, name: str = "l", requests: int = 2, rpcs: frozenset[str] = frozenset()) -> RateLimit:
    return RateLimit(name, requests, 60, by, rpcs=rpcs)


class As:
    """A stage that lets a request act for somebody."""

    def __init__(self, subject: str) -> None:
        self._principal = Principal(subject)

    async def __call__(self, request: EdgeRequest, handler: Handler) -> HttpResponse:
        with entered(replace(current(), principal=self._principal)):
            return await handler(request)


async def test_an_answer_says_what_is_left() -> None:
    response = await through(limits(limit(Counted.ADDRESS)))
    assert response.status == 200
    assert response.headers["ratelimit"] == '"l";r=1;t=30'
    assert response.headers["ratelimit-policy"] == '"l";q=2;w=60'


async def test_a_request_beyond_the_limit_is_told_when_to_come_back() -> None:
    stage = limits(limit(Counted.ADDRESS))
    responses = [await through(stage) for _ in range(3)]
    assert [response.status for response in responses] == [200, 200, 429]
    assert reason(responses[2]) == "RATE_LIMITED"
    assert responses[2].headers["retry-after"] == "30"
    assert responses[2].headers["ratelimit"] == '"l";r=0;t=30'


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        pytest.param("192.0.2.1", "192.0.2.2", False, id="two-addresses"),
        pytest.param("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True, id="one-network-of-ipv6"),
        pytest.param("2001:db8:1:2::1", "2001:db8:1:3::1", False, id="two-networks-of-ipv6"),
        pytest.param("::ffff:192.0.2.1", "192.0.2.1", True, id="ipv4-in-ipv6"),
        pytest.param("", "nobody", True, id="no-addresses"),
    ],
)
async def test_an_address_is_counted_as_whoever_has_it(first: str, second: str, together: bool) -> None:
    stage = limits(limit(Counted.ADDRESS, requests=1))
    await through(stage, peer=first)
    assert (await through(stage, peer=second)).status == (429 if together else 200)


async def test_a_subject_is_counted_wherever_it_comes_from_and_nobody_is_no_subject() -> None:
    stage = limits(limit(Counted.SUBJECT, requests=1))
    assert (await through(As("a"), stage, peer="192.0.2.1")).status == 200
    assert (await through(As("a"), stage, peer="192.0.2.2")).status == 429
    assert (await through(As("b"), stage)).status == 200
    assert [(await through(stage)).status for _ in range(3)] == [200] * 3


async def test_a_limit_of_an_rpc_counts_that_rpc_alone() -> None:
    stage = limits(limit(Counted.EVERYBODY, requests=1, rpcs=frozenset({GET_USER})))
    assert [(await through(stage, path="/v1/users")).status for _ in range(2)] == [200, 200]
    assert [(await through(stage, peer=f"192.0.2.{n}")).status for n in range(2)] == [200, 429]


async def test_an_unknown_path_is_counted_as_well() -> None:
    stage = limits(limit(Counted.ADDRESS, requests=1))
    assert [(await through(stage, path="/v2")).status for _ in range(2)] == [404, 429]


async def test_two_stages_tell_both_policies_and_the_inner_rest() -> None:
    outer, inner = limits(limit(Counted.ADDRESS, "address", 9)), limits(limit(Counted.SUBJECT, "subject"))
    response = await through(outer, As("a"), inner)
    assert response.headers["ratelimit-policy"] == '"address";q=9;w=60, "subject";q=2;w=60'
    assert response.headers["ratelimit"] == '"subject";r=1;t=30'


async def test_an_instance_that_counts_alone_says_so() -> None:
    response = await through(limits(limit(Counted.ADDRESS), shared=False))
    assert response.headers["ratelimit-policy"] == '"l";q=2;w=60;local'


async def test_a_refusal_is_counted_by_the_limit_and_by_nothing_of_the_caller() -> None:
    stage = limits(limit(Counted.ADDRESS, name="per-address"))
    with kept_numbers() as number:
        for _ in range(4):
            await through(stage)
    assert number("plt_rate_limit_refusals_total", limit="per-address") == 2
