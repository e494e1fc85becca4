"""Rate limits of callers (RateLimit header fields: draft-ietf-httpapi-ratelimit-headers-10)."""

from __future__ import annotations

import hashlib
import ipaddress
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

import grpc

from platformkit.context import current
from platformkit.limiter import Decision, Limit, Limiter
from platformkit.telemetry import Counter
from platformkit.transcoding import EdgeError, EdgeRequest, Handler, HttpResponse
from services.gateway.configuration import Counted, RateLimit

REFUSALS: Final = Counter("plt_rate_limit_refusals_total", "Requests beyond a rate limit", ("limit",))

RATE_LIMIT: Final = "ratelimit"
POLICY: Final = "ratelimit-policy"
RETRY_AFTER: Final = "retry-after"
# Whoever has one address of IPv6 has at least all of its network.
_IPV6_PREFIX: Final = 64


@dataclass(frozen=True, slots=True)
class RateLimits:
    """Counts a request against every limit that it falls under, and tells its caller what is left.

    Attributes:
        limits: The limits.
        limiter: Counts.
    """

    limits: Sequence[RateLimit]
    limiter: Limiter

    async def __call__(self, request: EdgeRequest, handler: Handler) -> HttpResponse:
        """Hand the request on if every limit lets it through.

        Raises:
            EdgeError: 429, with the time to wait.
        """
        taken = list(self._taken(request))
        if not taken:
            return await handler(request)
        decision = await self.limiter.take(taken)
        told = _headers(decision)
        if not decision.allowed:
            REFUSALS.add(decision.tightest.limit.name)
            raise _too_many(decision, told)
        response = await handler(request)
        return replace(response, headers=_merged(response.headers, told))

    def _taken(self, request: EdgeRequest) -> Iterator[tuple[str, Limit]]:
        rpc = request.match.route.rpc if request.match is not None else ""
        for each in self.limits:
            if each.rpcs and rpc not in each.rpcs:
                continue
            who = _who(each.by, request)
            if who is not None:
                yield who, each.limit


def _who(by: Counted, request: EdgeRequest) -> str | None:
    if by is Counted.EVERYBODY:
        return "all"
    if by is Counted.ADDRESS:
        return _network(request.peer)
    principal = current().principal
    # Names of subjects are others' to choose; a key is not.
    return None if principal is None else hashlib.sha256(principal.subject.encode()).hexdigest()[:32]


def _network(peer: str) -> str:
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, _IPV6_PREFIX), strict=False).network_address)


def _headers(decision: Decision) -> dict[str, str]:
    usage = decision.tightest
    # "local" is an extension of ours: this instance counts alone, because the store that all share is away.
    local = "" if decision.shared else ";local"
    policies = (
        f'"{each.limit.name}";q={each.limit.requests};w={math.ceil(each.limit.seconds)}{local}'
        for each in decision.usages
    )
    reset = math.ceil(usage.retry_seconds or usage.reset_seconds)
    return {
        RATE_LIMIT: f'"{usage.limit.name}";r={usage.remaining};t={reset}',
        POLICY: ", ".join(policies),
    }


def _merged(headers: Mapping[str, str], told: Mapping[str, str]) -> dict[str, str]:
    # A stage further in has counted as well: what it says is about the caller alone, and tighter as a rule.
    inner = headers.get(POLICY)
    policy = told[POLICY] if inner is None else f"{told[POLICY]}, {inner}"
    return {**told, **headers, POLICY: policy}


def _too_many(decision: Decision, told: dict[str, str]) -> EdgeError:
    usage = decision.tightest
    seconds = max(1, math.ceil(usage.retry_seconds))
    return EdgeError(
        HTTPStatus.TOO_MANY_REQUESTS,
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        f"more requests than the limit {usage.limit.name!r} allows; try again in {seconds} s",
        reason="RATE_LIMITED",
        headers={**told, RETRY_AFTER: str(seconds)},
    )
