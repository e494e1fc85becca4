"""Headers and metadata that a request filter adds to a call: the proof of who makes it, as a rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qs, urlsplit

from servanda.transports.changing import text_by_name
from servanda.transports.provider import Change
from servanda.wire import Request

Pairs = tuple[tuple[str, str], ...]


async def metadata_of(change: Change | None, description: str, method: str, metadata: Pairs, body: bytes) -> Pairs:
    """Return the metadata of a call over gRPC as a request filter changes it.

    Args:
        change: The filter; ``None`` leaves it as it is.
        description: What the filter is told of the call.
        method: ``/package.Service/Method``.
        metadata: The metadata.
        body: The request message.

    Raises:
        VerificationError: The filter failed.
    """
    if change is None:
        return metadata
    sent = {"transport": "grpc", "method": method, "metadata": _lists(metadata)}
    changed = await change({**sent, "description": description, "body": body, "values": {}})
    return _pairs(text_by_name(changed, "metadata"))


async def headers_of(change: Change | None, description: str, request: Request) -> Pairs:
    """Return the headers of a request over HTTP as a request filter changes them.

    Args:
        change: The filter; ``None`` leaves them as they are.
        description: What the filter is told of the call.
        request: The request.

    Raises:
        VerificationError: The filter failed.
    """
    if change is None:
        return request.headers
    target = urlsplit(request.target)
    sent = {
        "transport": "http",
        "method": request.method,
        "path": target.path,
        "query": parse_qs(target.query, keep_blank_values=True),
        "headers": _lists(request.headers),
    }
    changed = await change({**sent, "description": description, "body": request.body or None, "values": {}})
    return _pairs(text_by_name(changed, "headers"))


def _lists(pairs: Pairs) -> dict[str, list[str]]:
    lists: dict[str, list[str]] = {}
    for name, value in pairs:
        lists.setdefault(name, []).append(value)
    return lists


def _pairs(lists: Mapping[str, Iterable[str]]) -> Pairs:
    return tuple((name, value) for name, values in lists.items() for value in values)
