"""Requests over HTTP as a request filter of the provider changes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final, Protocol

from servanda.pact import Body
from servanda.transports.changing import made_wrong, require_keys, text_by_name, values_by_name
from servanda.transports.http.interaction import HttpInteraction, HttpRequest
from servanda.transports.http.resolving import resolve
from servanda.transports.provider import Change, Exchange, Request
from servanda.verdict import Reason

_KEYS: Final = frozenset({"transport", "description", "method", "path", "query", "headers", "body", "values"})


class _Sender(Protocol):
    """Sends requests as they are."""

    async def verify(self, interaction: HttpInteraction) -> tuple[Reason, ...]: ...

    async def close(self) -> None: ...


class FilteredVerifier:
    """A provider's HTTP port whose requests are changed before they are sent.

    Args:
        sender: Sends them.
        change: Changes them.
        headers: Headers of every request, in place of those of the contract.
    """

    def __init__(self, sender: _Sender, change: Change, headers: Mapping[str, str]) -> None:
        self._sender = sender
        self._change = change
        self._headers = headers

    async def begin(self, interaction: HttpInteraction) -> Exchange:
        """Give what changes the request and sends it; nothing has to be done before."""

        async def exchange(values: Mapping[str, object]) -> tuple[Reason, ...]:
            filled = resolve(interaction, values)
            changed = await self._changed(filled.request, filled.description, values)
            return await self._sender.verify(replace(filled, requests=(changed,)))

        return exchange

    async def close(self) -> None:
        """Close the connections."""
        await self._sender.close()

    async def _changed(self, request: HttpRequest, description: str, values: Mapping[str, object]) -> HttpRequest:
        fields = dict(request.fields)
        if request.body and request.body.content_type and request.first("content-type") is None:
            fields["Content-Type"] = (request.body.content_type,)
        fields = _one_of_each([*fields.items(), *((name, (value,)) for name, value in self._headers.items())])
        content = request.body.content if request.body is not None else None
        changed = await self._change(
            {
                "transport": "http",
                "description": description,
                "method": request.method,
                "path": request.path,
                "query": {name: list(each) for name, each in request.query.items()},
                "headers": {name: list(each) for name, each in fields.items()},
                "body": content,
                "values": dict(values),
            }
        )
        return _request(request, changed)


def _request(request: HttpRequest, changed: Request) -> HttpRequest:
    require_keys(changed, _KEYS)
    method, path, body = changed.get("method"), changed.get("path"), changed.get("body")
    if not isinstance(method, str) or not isinstance(path, str):
        raise made_wrong("path" if isinstance(method, str) else "method", "a text")
    return replace(
        request,
        method=method,
        path=path,
        query=values_by_name(changed, "query"),
        fields=_one_of_each(text_by_name(changed, "headers").items()),
        body=Body(body) if isinstance(body, bytes) else None,
    )


def _one_of_each(fields: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    """Keep the last one of headers whose names differ only in case."""
    last = {name.lower(): (name, values) for name, values in fields}
    return dict(last.values())
