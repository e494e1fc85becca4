"""Rpcs whose end is announced: ``plt.http.v1.deprecation`` as headers (RFC 9745 and RFC 8594)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from functools import lru_cache

from google.protobuf.descriptor import MethodDescriptor
from plt.http.v1 import deprecation_pb2

from platformkit.transcoding import EdgeRequest, Handler, HttpResponse


async def announce_deprecation(request: EdgeRequest, handler: Handler) -> HttpResponse:
    """Return the response, and with it since when its rpc is deprecated and until when it stays."""
    response = await handler(request)
    told = {} if request.match is None else _headers(request.match.route.method)
    return replace(response, headers={**response.headers, **told}) if told else response


@lru_cache(maxsize=1024)
def _headers(method: MethodDescriptor) -> dict[str, str]:
    options = method.GetOptions()
    if not options.HasExtension(deprecation_pb2.deprecation):
        return {}
    announced = options.Extensions[deprecation_pb2.deprecation]
    sunset = date.fromisoformat(announced.sunset) if announced.sunset else None
    return announcement(date.fromisoformat(announced.since), sunset, announced.link)


def announcement(since: date, sunset: date | None, link: str | None) -> dict[str, str]:
    """Return the headers that announce an end.

    Args:
        since: Day since which something is deprecated.
        sunset: Day from which on it may be gone, if that is decided.
        link: Page that says what to use instead, if there is one.
    """
    headers = {"deprecation": f"@{int(_midnight(since).timestamp())}"}
    if sunset is not None:
        headers["sunset"] = format_datetime(_midnight(sunset), usegmt=True)
    if link:
        headers["link"] = f'<{link}>; rel="deprecation"'
    return headers


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
