"""Calls that carry a field that nobody knows, or a deadline, beside their messages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from google.protobuf import message_factory, unknown_fields
from google.protobuf.message import Message

from servanda.interfaces.protobuf.usage.routes import Route
from servanda.parity.asking import compared
from servanda.parity.beside import UNKNOWN_NAME, Beside, unknown_number, with_unknown_field
from servanda.parity.call import Call, Side
from servanda.parity.http_form import http_request
from servanda.parity.identifiers import SameStore
from servanda.parity.outcome import Outcome
from tests.unit.parity.echo import Faults, OverGrpc, OverHttp


def call_of(routes: Sequence[Route], rpc: str, beside: Beside, **fields: Any) -> Call:
    route = next(each for each in routes if each.method.name == rpc)
    message = message_factory.GetMessageClass(route.method.input_type)(**fields)
    return Call(1, route, message, message, beside=beside)


WHOLE = {"id": "1", "int32_value": 5}


@pytest.mark.parametrize(
    ("rpc", "fields", "nested"),
    [("Whole", WHOLE, ""), ("One", {"everything": {"id": "1"}}, "everything")],
)
def test_an_unknown_field_stands_in_the_body_and_at_the_same_place_in_bytes(
    routes: Sequence[Route], rpc: str, fields: dict[str, Any], nested: str
) -> None:
    call = call_of(routes, rpc, Beside.UNKNOWN_FIELD, **fields)
    added = with_unknown_field(call.route, call.grpc)
    assert json.loads(http_request(call).body)[UNKNOWN_NAME] == "x"
    assert numbers_of(holder(added, nested)) == [unknown_number(holder(added, nested).DESCRIPTOR)]
    assert numbers_of(call.grpc) == []


def test_without_a_body_an_unknown_field_is_a_query_parameter(routes: Sequence[Route]) -> None:
    call = call_of(routes, "Ask", Beside.UNKNOWN_FIELD, id="1")
    assert http_request(call).target == f"/v1/ask/1?{UNKNOWN_NAME}=x"
    assert len(numbers_of(with_unknown_field(call.route, call.grpc))) == 1


@pytest.mark.parametrize(
    ("beside", "timeout"), [(Beside.EXPIRED_DEADLINE, "1n"), (Beside.SHORT_DEADLINE, "1m"), (Beside.NOTHING, None)]
)
def test_a_deadline_travels_over_http_as_gateways_take_it(
    routes: Sequence[Route], beside: Beside, timeout: str | None
) -> None:
    request = http_request(call_of(routes, "Ask", beside, id="1"))
    assert dict(request.headers).get("grpc-timeout") == timeout


async def test_who_refuses_an_unknown_field_is_asked_again_without_it(routes: Sequence[Route]) -> None:
    grpc, http = Recorded(OverGrpc()), Recorded(OverHttp(Faults()))
    call = call_of(routes, "Whole", Beside.UNKNOWN_FIELD, **WHOLE)
    *_, found = await compared(call, (grpc, http), SameStore())
    assert [(each.path, each.grpc, each.http.partition(": ")[0]) for each in found] == [
        ("refusal", "skipped: OK", "refused")
    ]
    assert grpc.asked == [Beside.UNKNOWN_FIELD]
    assert http.asked == [Beside.UNKNOWN_FIELD, Beside.NOTHING]


async def test_two_that_refuse_it_agree_whatever_they_call_it(routes: Sequence[Route]) -> None:
    call = call_of(routes, "Whole", Beside.UNKNOWN_FIELD, **WHOLE)
    number = unknown_number(holder(call.grpc, "").DESCRIPTOR)
    sides = (told("INVALID_ARGUMENT", f"no field {number}"), told("INVALID_ARGUMENT", f"no field {UNKNOWN_NAME}", 400))
    assert (await compared(call, sides, SameStore()))[-1] == ()


@pytest.mark.parametrize(("grpc", "http"), [("OK", "DEADLINE_EXCEEDED"), ("DEADLINE_EXCEEDED", "OK")])
async def test_one_of_two_that_is_in_time_by_chance_is_no_difference(
    routes: Sequence[Route], grpc: str, http: str
) -> None:
    sides = (told(grpc, ""), told(http, "", 504 if grpc == "OK" else 200))
    call = call_of(routes, "Ask", Beside.SHORT_DEADLINE, id="1")
    assert (await compared(call, sides, SameStore()))[-1] == ()


async def test_a_service_that_answers_too_late_over_grpc_is_late_for_every_client(routes: Sequence[Route]) -> None:
    call = call_of(routes, "Ask", Beside.EXPIRED_DEADLINE, id="1")
    late = told("DEADLINE_EXCEEDED", "no answer in time", 504)
    assert (await compared(call, (told("OK", ""), late), SameStore()))[-1] == ()
    *_, found = await compared(call, (told("OK", ""), told("OK", "", 200)), SameStore())
    assert [(each.aspect, each.path) for each in found] == [("deadlines", "status")]


@dataclass
class Recorded:
    """A side, and what it was asked with."""

    side: Side
    asked: list[Beside] = field(default_factory=list)

    async def send(self, call: Call) -> Outcome:
        self.asked.append(call.beside)
        return await self.side.send(call)

    async def close(self) -> None:
        await self.side.close()


@dataclass(frozen=True)
class Told:
    """A side that tells the same of every call."""

    outcome: Outcome

    async def send(self, call: Call) -> Outcome:
        return self.outcome

    async def close(self) -> None:
        pass


def told(code: str, text: str, http_status: int = 0) -> Side:
    return Told(Outcome(code, text, http_status=http_status))


def holder(message: Message, nested: str) -> Any:
    return getattr(message, nested) if nested else message


def numbers_of(message: Message) -> list[int]:
    found: Any = unknown_fields.UnknownFieldSet(message)
    return [each.field_number for each in found]
