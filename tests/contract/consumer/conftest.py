"""Consumers as several tests drive them: apps by clients, the gateway by its edge, the audit trail by its handler."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import Any, Protocol, TypeAlias

import grpc
import httpx2
import pytest
from google.protobuf.descriptor import ServiceDescriptor

from platformkit.channels import HttpChannel
from platformkit.events import Record, decode
from servanda import Delivery, Observe, ObserveFor, Transport
from services.audit.adapters.event_handlers import EVENTS, record_event
from services.audit.adapters.memory import MemoryEntries
from services.audit.domain.entry import Occurrence
from services.gateway.adapters.edge import gateway
from services.gateway.adapters.routes import Routes
from tests.contract.consumer.browser import Browser
from tests.contract.consumer.web_app_client import WebAppClient

Edge: TypeAlias = Callable[[ServiceDescriptor, grpc.aio.Channel], AbstractAsyncContextManager[httpx2.AsyncClient]]
Recorded: TypeAlias = Callable[[Delivery], Awaitable[Occurrence]]


class ObservedWebAppClient(WebAppClient):
    """The client of the web app, with every document that it reads observed."""

    def __init__(self, base_url: str, observe: Observe, network: httpx2.BaseTransport | None) -> None:
        super().__init__(base_url, network)
        self._observe = observe

    def _ask(self, method: str, path: str, **options: Any) -> Any:
        observed = self._observe.http(method, path, query=options.get("params"), body=options.get("json"))
        return observed(super()._ask(method, path, **options))


class OpenWebApp(Protocol):
    """Gives the web app's client of a gateway at an address, in a page of an origin if one is given."""

    def __call__(self, base_url: str, origin: str = "") -> WebAppClient: ...


@pytest.fixture
def open_web_app(servanda_observe: ObserveFor) -> OpenWebApp:
    """Opener of the web app."""

    def opened(base_url: str, origin: str = "") -> WebAppClient:
        return ObservedWebAppClient(base_url, servanda_observe("web-app"), Browser(origin) if origin else None)

    return opened


@pytest.fixture
def edge(servanda_observe: ObserveFor) -> Edge:
    """The gateway as outside traffic sees it, with a channel to the interface behind it."""

    @asynccontextmanager
    async def opened(interface: ServiceDescriptor, channel: grpc.aio.Channel) -> AsyncIterator[httpx2.AsyncClient]:
        transport = Transport.HTTP if isinstance(channel, HttpChannel) else Transport.GRPC
        observed = servanda_observe("gateway").aio_channel(channel, transport)
        application = gateway(Routes([interface]), lambda _: observed)
        try:
            served = httpx2.ASGITransport(application)
            async with httpx2.AsyncClient(transport=served, base_url="http://gateway") as client:
                yield client
        finally:
            await channel.close()

    return opened


@pytest.fixture
def recorded(servanda_observe: ObserveFor) -> Recorded:
    """Entry that the handler of the audit trail makes of a record."""
    audit = servanda_observe("audit")
    audit.sends_nothing()

    async def record(delivery: Delivery) -> Occurrence:
        entries = MemoryEntries()
        event = decode(Record(delivery.topic, delivery.key, delivery.value, delivery.headers), EVENTS)
        await record_event(entries, replace(event, message=audit(event.message, Transport.KAFKA)))
        (entry,) = entries.rows.values()
        return entry.occurrence

    return record
