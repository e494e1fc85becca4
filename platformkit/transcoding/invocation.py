"""The call behind the HTTP edge."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import grpc
from google.protobuf import message_factory
from google.protobuf.message import Message

from platformkit.transcoding.metadata import Metadata
from platformkit.transcoding.route import Route


@dataclass(frozen=True, slots=True)
class Invocation:
    """A call to make.

    Attributes:
        route: The route that the request took; ``route.method`` is the rpc.
        message: The request message.
        metadata: What travels beside it.
        timeout: Time for the call, in seconds.
    """

    route: Route
    message: Message
    metadata: Metadata
    timeout: float


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer of a call.

    Attributes:
        message: The response message.
        initial: Metadata ahead of it.
        trailing: Metadata after it.
    """

    message: Message
    initial: Metadata = ()
    trailing: Metadata = ()


Invoke = Callable[[Invocation], Awaitable[Reply]]
"""Makes the call, or raises ServiceError or grpc.aio.AioRpcError."""


def through(channel_of: Callable[[str], grpc.aio.Channel]) -> Invoke:
    """Makes calls through channels.

    Args:
        channel_of: The channel to a proto service, by its full name. May raise ServiceError.
    """

    async def invoke(invocation: Invocation) -> Reply:
        method = invocation.route.method
        channel = channel_of(method.containing_service.full_name)
        callable_ = channel.unary_unary(
            invocation.route.rpc,
            request_serializer=message_factory.GetMessageClass(method.input_type).SerializeToString,
            response_deserializer=message_factory.GetMessageClass(method.output_type).FromString,
        )
        call = callable_(invocation.message, timeout=invocation.timeout, metadata=tuple(invocation.metadata))
        message = await call
        return Reply(message, tuple(await call.initial_metadata() or ()), tuple(await call.trailing_metadata() or ()))

    return invoke
