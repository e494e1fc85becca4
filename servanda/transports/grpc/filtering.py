"""Calls over gRPC as a request filter of the provider changes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final, Protocol

from servanda.pact import Body, Part, resolve
from servanda.transports.changing import made_wrong, require_keys, text_by_name
from servanda.transports.grpc.interaction import GrpcInteraction
from servanda.transports.provider import Change, Exchange
from servanda.verdict import Reason

_KEYS: Final = frozenset({"transport", "description", "method", "metadata", "body", "values"})


class _Sender(Protocol):
    """Sends calls as they are."""

    async def verify(self, interaction: GrpcInteraction) -> tuple[Reason, ...]: ...

    async def close(self) -> None: ...


class FilteredVerifier:
    """A provider's gRPC port whose calls are changed before they are sent.

    Args:
        sender: Sends them.
        change: Changes them.
        metadata: Metadata of every call, in place of that of the contract.
    """

    def __init__(self, sender: _Sender, change: Change, metadata: Iterable[tuple[str, str]]) -> None:
        self._sender = sender
        self._change = change
        self._metadata = {name: (value,) for name, value in metadata}

    async def begin(self, interaction: GrpcInteraction) -> Exchange:
        """Give what changes the call and sends it; nothing has to be done before."""

        async def exchange(values: Mapping[str, object]) -> tuple[Reason, ...]:
            filled = resolve(interaction, values)
            return await self._sender.verify(replace(filled, requests=(await self._changed(filled, values),)))

        return exchange

    async def close(self) -> None:
        """Close the channel."""
        await self._sender.close()

    async def _changed(self, interaction: GrpcInteraction, values: Mapping[str, object]) -> Part:
        request = interaction.request
        sent = {name.lower(): list(each) for name, each in {**interaction.request_metadata, **self._metadata}.items()}
        changed = await self._change(
            {
                "transport": "grpc",
                "description": interaction.description,
                "method": interaction.path,
                "metadata": sent,
                "body": request.body.content if request.body is not None else b"",
                "values": dict(values),
            }
        )
        require_keys(changed, _KEYS)
        if changed.get("method") != interaction.path:
            raise made_wrong("method", f"'{interaction.path}'")
        body = changed.get("body")
        content = replace(request.body or Body(b""), content=body if isinstance(body, bytes) else b"")
        fields = {name.lower(): each for name, each in text_by_name(changed, "metadata").items()}
        return replace(request, body=content, fields=fields)
