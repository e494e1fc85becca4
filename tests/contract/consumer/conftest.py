"""The gateway as a consumer: driven through its own edge, in front of a channel to the stand-in of a service."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TypeAlias

import grpc
import httpx
import pytest
from google.protobuf.descriptor import ServiceDescriptor

from platformkit.channels import HttpChannel
from servanda import ObserveFor, Transport
from services.gateway.adapters.edge import gateway
from services.gateway.adapters.routes import Routes

Edge: TypeAlias = Callable[[ServiceDescriptor, grpc.aio.Channel], AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
def edge(servanda_observe: ObserveFor) -> Edge:
    """The gateway as outside traffic sees it, with a channel to the interface behind it."""

    @asynccontextmanager
    async def opened(interface: ServiceDescriptor, channel: grpc.aio.Channel) -> AsyncIterator[httpx.AsyncClient]:
        transport = Transport.HTTP if isinstance(channel, HttpChannel) else Transport.GRPC
        observed = servanda_observe("gateway").aio_channel(channel, transport)
        application = gateway(Routes([interface]), lambda _: observed)
        try:
            served = httpx.ASGITransport(application)
            async with httpx.AsyncClient(transport=served, base_url="http://gateway") as client:
                yield client
        finally:
            await channel.close()

    return opened
