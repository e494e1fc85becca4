"""Beginnings of paths that stand for others: versions of the outside interface, old addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from platformkit.status import ServiceError
from platformkit.transcoding import EdgeRequest, Handler, HttpResponse, Match
from services.gateway.configuration import OldAddress
from services.gateway.pipeline.deprecation import announcement


@dataclass(frozen=True, slots=True)
class Prefixes:
    """Replaces the beginning of a path, whole segments only; the longest one that fits counts.

    Whoever uses an old address is told its end with each answer, unless the rpc behind it has an end of its own.

    Attributes:
        prefixes: What a beginning stands for.
        match: The route for a verb and a path; the stages behind this one need that of the new path.
    """

    prefixes: Mapping[str, str | OldAddress]
    match: Callable[[str, str], Match]

    async def __call__(self, request: EdgeRequest, handler: Handler) -> HttpResponse:
        """Hand the request on with the path that it stands for."""
        fitting = [prefix for prefix in self.prefixes if f"{request.path}/".startswith(f"{prefix}/")]
        if not fitting:
            return await handler(request)
        prefix = max(fitting, key=len)
        new = self.prefixes[prefix]
        path = (new.path if isinstance(new, OldAddress) else new) + request.path.removeprefix(prefix)
        match = None
        with suppress(ServiceError):
            # Without a route, the refusal comes where the route would.
            match = self.match(request.verb, path)
        response = await handler(replace(request, path=path, match=match))
        if isinstance(new, OldAddress):
            told = announcement(new.since, new.sunset, new.link)
            return replace(response, headers={**told, **response.headers})
        return response
