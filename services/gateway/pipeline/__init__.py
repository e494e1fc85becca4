"""Stages that a request passes between the outside and its route, one module each.

The port in front of them refuses what is no HTTP within limits, the edge around them gives the request its id, its
deadline and its route, writes the access log, and turns every error into the one error document; the body is read
behind the last stage, unless one asks for it.
"""

from __future__ import annotations

from collections.abc import Callable

from platformkit.limiter import Limiter
from platformkit.tokens import VerifiedTokens
from platformkit.transcoding import Match, Middleware
from services.gateway.configuration import Configuration, Counted
from services.gateway.pipeline.authentication import Authentication
from services.gateway.pipeline.authorisation import authorise
from services.gateway.pipeline.compression import compress
from services.gateway.pipeline.conditional import map_etags
from services.gateway.pipeline.cors import CrossOrigin
from services.gateway.pipeline.deprecation import announce_deprecation
from services.gateway.pipeline.headers import HeaderChanges
from services.gateway.pipeline.prefixes import Prefixes
from services.gateway.pipeline.protection import protect
from services.gateway.pipeline.proxies import Proxies
from services.gateway.pipeline.rate_limits import RateLimits


def pipeline(
    configuration: Configuration,
    match: Callable[[str, str], Match],
    limiter: Limiter,
    tokens: VerifiedTokens | None = None,
) -> tuple[Middleware, ...]:
    """Return the stages in their order, outermost first.

    Args:
        configuration: What they keep to.
        match: The route for a verb and a path.
        limiter: Counts requests.
        tokens: Verifies access tokens; None where nobody issues any: then every rpc is open.
    """
    by_subject = [limit for limit in configuration.limits if limit.by is Counted.SUBJECT]
    others = [limit for limit in configuration.limits if limit.by is not Counted.SUBJECT]
    proved: tuple[Middleware, ...] = () if tokens is None else (Authentication(tokens), authorise)
    return (
        protect,
        Proxies(configuration.proxy_networks),
        # Outside of whatever refuses, so that a page may read the refusal.
        CrossOrigin(configuration.cors),
        compress,
        Prefixes(configuration.prefixes, match),
        HeaderChanges(configuration.request, configuration.response),
        # Ahead of authentication, so that guessing tokens is limited as well.
        RateLimits(others, limiter),
        *proved,
        RateLimits(by_subject, limiter),
        announce_deprecation,
        map_etags,
    )
