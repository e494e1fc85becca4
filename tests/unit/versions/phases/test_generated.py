"""Calls that are drawn for an old and a new instance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import MappingProxyType

import pytest
from google.api import annotations_pb2

from servanda.interfaces.protobuf.usage.routes import Route
from servanda.parity import Requests
from servanda.parity.call import Call
from servanda.parity.outcome import Outcome
from servanda.versions.phases.generated import CALLS, CALLS_ALONE, Drawn, drawn, failed, judged
from servanda.versions.plan import Phase, Step
from tests.unit.parity.echo import OverGrpc
from tests.unit.platformkit.transcoding.kinds import kinds_service

STEP = Step(2, Phase.ROLLING, MappingProxyType({"kinds": ("old", "new")}), "kinds")
Change = Callable[[Call, Outcome], Outcome]


def same(_: Call, outcome: Outcome) -> Outcome:
    return outcome


@pytest.fixture(scope="session")
def routes() -> Sequence[Route]:
    """Bindings of the rpcs of a service with fields of every kind."""
    rules = ((method, method.GetOptions().Extensions[annotations_pb2.http]) for method in kinds_service().methods)
    return [Route.parse(method, "POST", rule.post, rule.body, "") for method, rule in rules if rule.post]


class Changed(OverGrpc):
    """The service, in a version that answers otherwise."""

    def __init__(self, change: Change) -> None:
        self._change = change

    async def send(self, call: Call) -> Outcome:
        return self._change(call, await super().send(call))


async def asked(
    routes: Sequence[Route], new: Change, old: Change = same, ignored: frozenset[str] = frozenset()
) -> Drawn:
    return await drawn(STEP, Requests(routes, 1), (Changed(old), Changed(new)), ignored, pause_seconds=0)


def zeroed(_: Call, outcome: Outcome) -> Outcome:
    if outcome.response is not None and "int32_value" in outcome.response.DESCRIPTOR.fields_by_name:
        outcome.response.ClearField("int32_value")
    return outcome


async def test_instances_that_answer_alike_show_nothing(routes: Sequence[Route]) -> None:
    assert await asked(routes, same) == Drawn(calls=CALLS)


async def test_a_member_that_is_lost_is_told_once_with_the_call(routes: Sequence[Route]) -> None:
    found = await asked(routes, zeroed)
    assert {each.path for each in found.breaks} == {"$.int32_value"}
    assert len(found.breaks) == len({each.call.split()[0] for each in found.breaks})
    assert "int32_value: " in found.breaks[0].call


async def test_a_path_that_is_volatile_is_not_compared(routes: Sequence[Route]) -> None:
    assert not (await asked(routes, zeroed, ignored=frozenset({"$.int32_value"}))).breaks


async def test_what_the_old_instance_answers_anew_each_time_is_not_compared(routes: Sequence[Route]) -> None:
    numbers = iter(range(1, 10_000))

    def anew(_: Call, outcome: Outcome) -> Outcome:
        if outcome.response is not None and "int32_value" in outcome.response.DESCRIPTOR.fields_by_name:
            outcome.response.int32_value = next(numbers)  # type: ignore[attr-defined]
        return outcome

    assert not (await asked(routes, anew, anew)).breaks


async def test_an_rpc_that_the_old_instance_does_not_serve_is_not_called_again(routes: Sequence[Route]) -> None:
    calls: list[str] = []

    def unserved(call: Call, _: Outcome) -> Outcome:
        calls.append(call.method.full_name)
        return Outcome("UNIMPLEMENTED")

    assert await asked(routes, same, unserved) == Drawn()
    assert len(calls) == len({route.method.full_name for route in routes})


async def test_an_instance_that_answers_fails_at_no_call(routes: Sequence[Route]) -> None:
    assert await failed(Requests(routes, 1), Changed(same), pause_seconds=0) == ({}, CALLS_ALONE)


async def test_an_rpc_at_which_an_instance_fails_each_time_is_told_once(routes: Sequence[Route]) -> None:
    found, _ = await failed(
        Requests(routes, 1), Changed(lambda *_: Outcome("INTERNAL", "no such status")), pause_seconds=0
    )
    assert set(found) <= {(route.method.full_name, "INTERNAL") for route in routes}
    assert {outcome.text for _, outcome in found.values()} == {"no such status"}


async def test_an_instance_that_fails_once_does_not_fail(routes: Sequence[Route]) -> None:
    asked: set[bytes] = set()

    def once(call: Call, outcome: Outcome) -> Outcome:
        is_new = (request := call.grpc.SerializeToString()) not in asked
        asked.add(request)
        return Outcome("UNKNOWN") if is_new else outcome

    assert (await failed(Requests(routes, 1), Changed(once), pause_seconds=0))[0] == {}


@pytest.mark.parametrize("code", ["NOT_FOUND", "INVALID_ARGUMENT", "PERMISSION_DENIED", "UNAVAILABLE"])
async def test_a_refusal_is_no_failure(routes: Sequence[Route], code: str) -> None:
    assert (await failed(Requests(routes, 1), Changed(lambda *_: Outcome(code)), pause_seconds=0))[0] == {}


@pytest.mark.parametrize(
    ("before", "now", "shown"),
    [
        ("OK", "INVALID_ARGUMENT", True),
        ("OK", "UNIMPLEMENTED", True),
        ("NOT_FOUND", "INTERNAL", True),
        ("INVALID_ARGUMENT", "OK", False),
        ("NOT_FOUND", "PERMISSION_DENIED", False),
        ("INTERNAL", "UNKNOWN", False),
        ("OK", "UNAVAILABLE", False),
        ("RESOURCE_EXHAUSTED", "INTERNAL", False),
    ],
)
def test_an_answer_may_not_become_an_error_and_an_error_no_fault_of_the_server(
    before: str, now: str, shown: bool
) -> None:
    assert bool([*judged((Outcome(before), Outcome(now)))]) is shown
