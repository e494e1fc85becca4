"""Nothing that a field with ``debug_redact`` holds is in a log, a span or an error, whatever an rpc makes of it."""

from __future__ import annotations

import importlib
import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import plt
import pytest
import structlog
from google.protobuf import json_format, message_factory
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor, ServiceDescriptor
from google.protobuf.field_mask_pb2 import FieldMask

from platformkit.channels import MemoryChannel
from platformkit.lifecycle.guard import Guard
from platformkit.status import ServiceError
from platformkit.telemetry import configure_logging
from platformkit.telemetry.redaction import holds_sensitive, is_sensitive
from platformkit.transcoding import HttpEdge, Router, encode_request, routes_of, through
from tests.unit.platformkit.telemetry.recording import recorded_spans

MARKER = "Zq7marker4of9secrets"
UUID = "7f1f0b5e-8a39-4d3c-9a7e-0d7d0f6b3a11"


def services() -> Iterator[ServiceDescriptor]:
    """Give every interface of the platform."""
    for root in dict.fromkeys(plt.__path__):
        for path in sorted(Path(root).rglob("*_pb2.py")):
            name = ".".join(path.relative_to(Path(root).parent).with_suffix("").parts)
            yield from importlib.import_module(name).DESCRIPTOR.services_by_name.values()


METHODS = [method for service in services() for method in service.methods if holds_sensitive(method.input_type)]


def filled(message: Any) -> Any:
    """Fill a message with a marker in every annotated field, and with what the others need."""
    for field in message.DESCRIPTOR.fields:
        if field.type == FieldDescriptor.TYPE_STRING and not field.is_repeated:
            setattr(message, field.name, value_of(field))
        elif field.message_type is FieldMask.DESCRIPTOR:
            getattr(message, field.name).paths.append("email")
        elif (
            field.message_type is not None
            and field.message_type.file.package.startswith("plt.")
            and not field.is_repeated
        ):
            filled(getattr(message, field.name))
    return message


def value_of(field: FieldDescriptor) -> str:
    if is_sensitive(field):
        return f"{MARKER}@example.org" if field.name == "email" else MARKER * 3
    return UUID if field.name.endswith("_id") else ""


class Quoting:
    """A servicer that fails for each rpc, with an error that quotes the request as carelessly as it can be done."""

    def __init__(self) -> None:
        self.reached: list[str] = []

    def __getattr__(self, name: str) -> Any:
        async def fail(request: Any, context: Any) -> None:
            self.reached.append(name)
            cause = ValueError(str(request))
            raise RuntimeError(f"cannot {name}: {json_format.MessageToJson(request)!r}") from cause

        return fail


@pytest.fixture
def logs() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logging("test", "debug", stream)
    yield stream
    structlog.reset_defaults()
    root.handlers[:], root.level = handlers, level


def channel_to(servicer: Quoting, service: ServiceDescriptor) -> MemoryChannel:
    """Return a channel to a servicer of an interface behind the guard, as over gRPC."""
    grpc_module = importlib.import_module(service.file.name.removesuffix(".proto").replace("/", ".") + "_pb2_grpc")
    channel = MemoryChannel(interceptors=[Guard()])
    getattr(grpc_module, f"add_{service.name}Servicer_to_server")(servicer, channel.server)
    return channel


async def error_over_grpc(channel: MemoryChannel, method: MethodDescriptor, request: Any) -> str:
    response_type: Any = message_factory.GetMessageClass(method.output_type)
    path = f"/{method.containing_service.full_name}/{method.name}"
    call = channel.unary_unary(path, type(request).SerializeToString, response_type.FromString)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call(request)
    error = ServiceError.from_rpc_error(caught.value)
    return f"{error.message} {error.violations} {error.metadata}"


async def error_over_http(channel: MemoryChannel, method: MethodDescriptor, request: Any) -> str:
    edge = HttpEdge(Router(routes_of(method.containing_service)).match, through(lambda _: channel))
    route = next(route for route in routes_of(method.containing_service) if route.method == method)
    response = await edge.handle(encode_request(route, request))
    assert response.status >= 400
    return response.body.decode()


def request_of(descriptor: Descriptor) -> Any:
    return message_factory.GetMessageClass(descriptor)()


@pytest.mark.parametrize("method", [pytest.param(method, id=method.full_name) for method in METHODS])
async def test_an_error_that_quotes_its_request_tells_nothing_secret(
    method: MethodDescriptor, logs: io.StringIO
) -> None:
    servicer, request = Quoting(), filled(request_of(method.input_type))
    assert MARKER in str(request)
    with recorded_spans() as exporter:
        channel = channel_to(servicer, method.containing_service)
        told = [await send(channel, method, request) for send in (error_over_grpc, error_over_http)]
    assert servicer.reached == [method.name] * 2, told
    assert "cannot" in logs.getvalue()
    found = [logs.getvalue(), *told, *(span.to_json() for span in exporter.get_finished_spans())]
    assert [text for text in found if MARKER.lower() in text.lower()] == []


@pytest.mark.parametrize("method", [pytest.param(method, id=method.full_name) for method in METHODS])
async def test_the_refusal_of_a_value_does_not_quote_it(method: MethodDescriptor, logs: io.StringIO) -> None:
    request = filled(request_of(method.input_type))
    overlong(request)
    channel = channel_to(Quoting(), method.containing_service)
    told = [await send(channel, method, request) for send in (error_over_grpc, error_over_http)]
    assert "invalid" in told[0], told
    assert [text for text in (logs.getvalue(), *told) if MARKER.lower() in text.lower()] == []


def overlong(message: Any) -> None:
    """Make every annotated text longer than its interface allows."""
    for field, value in message.ListFields():
        if is_sensitive(field):
            setattr(message, field.name, MARKER * 2000)
        elif field.message_type is not None and holds_sensitive(field.message_type):
            overlong(value)
