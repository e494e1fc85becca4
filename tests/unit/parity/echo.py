"""A service that answers with what it was asked, over two transports, for tests: faults are put into one of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf import descriptor_pool, message_factory
from google.protobuf.message import Message
from google.rpc import status_pb2

from platformkit.status import FieldViolation, ServiceError, error_document, http_status
from platformkit.transcoding import Router, decode_request, encode_response, routes_of
from servanda.parity.beside import TIMEOUT_HEADER, Beside
from servanda.parity.call import Call
from servanda.parity.http_form import http_request
from servanda.parity.outcome import Outcome, details_of, sorted_details
from servanda.parity.sides import outcome_of
from servanda.wire import Request, Response

REFUSED_BELOW = 0


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Faults:
    """Faults on the way over HTTP.

    Attributes:
        request: Changes the request as it arrives.
        message: Changes the message that was read.
        document: Changes the body of the response.
        response: Changes the response.
        refusal: Changes what is said of a request that is refused.
        late: Changes the response to a request whose time is up.
    """

    request: Callable[[Request], Request] = _same
    message: Callable[[Any], Any] = _same
    document: Callable[[Any], Any] = _same
    response: Callable[[Response], Response] = _same
    refusal: Callable[[ServiceError], ServiceError] = _same
    late: Callable[[Response], Response] = _same


def answer(call: Call, request: Message) -> Message:
    """Return the response to a request: every field that both have; negative numbers are refused."""
    if getattr(request, "int32_value", REFUSED_BELOW) < REFUSED_BELOW:
        raise ServiceError(
            grpc.StatusCode.OUT_OF_RANGE,
            f"{request.int32_value} is negative",  # type: ignore[attr-defined]
            reason="NEGATIVE",
            metadata={"value": str(request.int32_value)},  # type: ignore[attr-defined]
            violations=(FieldViolation("int32_value", "must not be negative", "NEGATIVE"),),
        )
    response = message_factory.GetMessageClass(call.method.output_type)()
    for each, value in request.ListFields():
        other = response.DESCRIPTOR.fields_by_name.get(each.name)
        if other is None or other.type != each.type or other.is_repeated != each.is_repeated:
            continue
        if each.is_repeated:
            getattr(response, each.name).MergeFrom(value)
        elif each.message_type is not None:
            getattr(response, each.name).CopyFrom(value)
            getattr(response, each.name).SetInParent()
        else:
            setattr(response, each.name, value)
    return response


def out_of_time() -> status_pb2.Status:
    return status_pb2.Status(code=4, message="Deadline Exceeded")


METADATA = {"x-cost": "3"}


class OverGrpc:
    """The service as gRPC shows it."""

    async def send(self, call: Call) -> Outcome:
        if call.beside is Beside.EXPIRED_DEADLINE:
            return Outcome("DEADLINE_EXCEEDED", "Deadline Exceeded", metadata=METADATA)
        try:
            return Outcome("OK", response=answer(call, call.grpc), metadata=METADATA)
        except ServiceError as error:
            details = sorted_details(details_of(error.to_status().SerializeToString()))
            return Outcome(error.code.name, error.message, details, metadata=METADATA)

    async def close(self) -> None:
        pass


class OverHttp:
    """The service as its HTTP edge shows it."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._routers: dict[str, Router] = {}

    async def send(self, call: Call) -> Outcome:
        asked = http_request(call)
        service = call.method.containing_service
        if service.full_name not in self._routers:
            self._routers[service.full_name] = Router(routes_of(service))
        router = self._routers[service.full_name]
        metadata = tuple((f"grpc-trailer-{name}", value) for name, value in METADATA.items())
        try:
            request = self._faults.request(asked)
            if (TIMEOUT_HEADER, "1n") in request.headers:
                document = json.dumps(error_document(out_of_time())).encode()
                return self._outcome(call, self._faults.late(Response(504, "", metadata, document)))
            path, _, query = request.target.partition("?")
            match = router.match(request.method, path)
            message = self._faults.message(decode_request(match, query, request.body))
            body = json.loads(encode_response(match.route, answer(call, message)))
        except ServiceError as error:
            refused = self._faults.refusal(error)
            status = http_status(refused.code)
            document = json.dumps(error_document(refused.to_status())).encode()
            return self._outcome(call, Response(status, "", metadata, document))
        document = json.dumps(self._faults.document(body)).encode()
        return self._outcome(call, Response(200, "", metadata, document))

    def _outcome(self, call: Call, response: Response) -> Outcome:
        return outcome_of(call, self._faults.response(response), descriptor_pool.Default())

    async def close(self) -> None:
        pass
