"""Calls to a service of which an instance hangs, is slow, or goes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import grpc
import pytest
from plt.identity.v1 import identity_pb2

from platformkit.channels import RetryBudget
from platformkit.discovery import Instance
from platformkit.status import ServiceError
from tests.unit.platformkit.channels.fleet import CREATE, GET, Fleet, fleet_of
from tests.unit.platformkit.telemetry.recording import above, kept_numbers, place, recorded_spans


@pytest.fixture
async def fleet(instance_at: Callable[[str], Instance]) -> AsyncIterator[Fleet]:
    fleet = Fleet(instance_at)
    yield fleet
    await fleet.channel.close()


async def test_a_call_that_may_be_repeated_does_not_wait_for_an_instance_that_hangs(
    instance_at: Callable[[str], Instance],
) -> None:
    fleet = Fleet(instance_at, hedge_seconds=0.01)
    await fleet_of(fleet, "a", "b")
    fleet.channels["a"].thawed.clear()
    assert await fleet.answers(4) == ["b"] * 4
    keyed = identity_pb2.CreateUserRequest(idempotency_key="k-1")
    assert {(await fleet.stub.CreateUser(keyed)).user.etag for _ in range(4)} == {"b"}
    await fleet.channel.close()


async def test_an_instance_that_is_slow_may_still_be_the_first_to_answer(
    instance_at: Callable[[str], Instance],
) -> None:
    fleet = Fleet(instance_at, hedge_seconds=0.01)
    await fleet_of(fleet, "a", "b")
    for servicer in fleet.servicers.values():
        servicer.may_answer.clear()
        servicer.entered.clear()
    call = asyncio.ensure_future(fleet.stub.GetUser(GET))
    for servicer in fleet.servicers.values():
        await servicer.entered.wait()
    fleet.servicers["a"].may_answer.set()
    assert (await call).user.etag == "a"
    await fleet.channel.close()


async def test_an_error_that_another_instance_answers_with_is_not_held_back(
    instance_at: Callable[[str], Instance],
) -> None:
    fleet = Fleet(instance_at, hedge_seconds=0.01)
    await fleet_of(fleet, "a", "b")
    fleet.channels["a"].thawed.clear()
    fleet.servicers["b"].code = grpc.StatusCode.NOT_FOUND
    for _ in range(2):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await fleet.stub.GetUser(GET)
        assert caught.value.code() is grpc.StatusCode.NOT_FOUND
    await fleet.channel.close()


async def test_a_spent_budget_asks_nobody_else_and_waits(instance_at: Callable[[str], Instance]) -> None:
    fleet = Fleet(instance_at, hedge_seconds=0.0, budget=RetryBudget(tokens=1.0))
    await fleet.add("a")
    await fleet.add("b")
    for servicer in fleet.servicers.values():
        servicer.may_answer.clear()
    call = asyncio.ensure_future(fleet.stub.GetUser(GET))
    entered = [asyncio.create_task(servicer.entered.wait()) for servicer in fleet.servicers.values()]
    await asyncio.wait(entered, return_when=asyncio.FIRST_COMPLETED)
    for servicer in fleet.servicers.values():
        servicer.may_answer.set()
    await call
    for waiting in entered:
        waiting.cancel()
    assert sorted(servicer.calls for servicer in fleet.servicers.values()) == [0, 1]
    await fleet.channel.close()


async def test_a_call_that_may_not_be_repeated_is_not_sent_to_an_instance_that_does_not_show_itself(
    fleet: Fleet,
) -> None:
    await fleet.add("a")
    await fleet.add("b")
    fleet.channels["a"].thawed.clear()
    assert {(await fleet.stub.CreateUser(CREATE)).user.etag for _ in range(4)} == {"b"}
    fleet.channels["a"].thawed.set()
    await fleet.until_known({"a", "b"})


async def test_an_instance_that_has_answered_nothing_for_a_second_gets_no_calls_until_it_answers(fleet: Fleet) -> None:
    await fleet_of(fleet, "a", "b")
    fleet.channels["a"].thawed.clear()
    held = [asyncio.ensure_future(fleet.stub.CreateUser(CREATE)) for _ in range(2)]
    while (await fleet.stub.CreateUser(CREATE)).user.etag != "b":
        pass
    fleet.clock.now += 1.0
    # More than fit on one instance while the other one had fewer on its way.
    assert {(await call).user.etag for call in [fleet.stub.CreateUser(CREATE) for _ in range(8)]} == {"b"}
    fleet.channels["a"].thawed.set()
    await fleet.until_known({"a", "b"})
    assert "a" in [(await call).user.etag for call in held]


async def test_an_instance_that_loses_again_and_again_is_left_alone_for_a_while(
    instance_at: Callable[[str], Instance],
) -> None:
    fleet = Fleet(instance_at, hedge_seconds=0.01)
    await fleet_of(fleet, "a", "b")
    fleet.servicers["a"].may_answer.clear()
    before = fleet.servicers["a"].calls
    assert set(await fleet.answers(40)) == {"b"}
    assert fleet.servicers["a"].calls - before == 5
    fleet.servicers["a"].may_answer.set()
    fleet.clock.now += 5.0
    await fleet.until_known({"a", "b"})
    await fleet.channel.close()


async def test_a_call_whose_time_is_up_leaves_the_turn_to_probe_to_the_next(fleet: Fleet) -> None:
    await fleet_of(fleet, "a", "b")
    fleet.servicers["a"].code = grpc.StatusCode.UNAVAILABLE
    await fleet.answers(20)
    fleet.servicers["a"].code = None
    fleet.clock.now += 5.0
    # The first of them makes the instance prove itself, and one of the others is the probe.
    for _ in range(20):
        with pytest.raises(grpc.aio.AioRpcError, match="Deadline Exceeded"):
            await fleet.stub.GetUser(GET, timeout=0.0)
    await fleet.until_known({"a", "b"})


async def test_calls_on_their_way_to_an_instance_that_goes_are_answered(fleet: Fleet) -> None:
    gone = await fleet.add("a")
    await fleet.until_known({"a"})
    fleet.servicers["a"].may_answer.clear()
    fleet.servicers["a"].entered.clear()
    call = asyncio.ensure_future(fleet.stub.CreateUser(CREATE))
    await fleet.servicers["a"].entered.wait()
    await fleet.registry.deregister(gone.id)
    await fleet.channels["a"].wait_for_state_change(grpc.ChannelConnectivity.READY)
    fleet.servicers["a"].may_answer.set()
    assert (await call).user.etag == "a"


async def test_a_call_that_an_instance_does_not_end_before_it_is_forgotten_is_told_so(
    instance_at: Callable[[str], Instance],
) -> None:
    fleet = Fleet(instance_at, grace_seconds=0.0)
    gone = await fleet.add("a")
    await fleet.until_known({"a"})
    fleet.servicers["a"].may_answer.clear()
    fleet.servicers["a"].entered.clear()
    call = asyncio.ensure_future(fleet.stub.CreateUser(CREATE))
    await fleet.servicers["a"].entered.wait()
    await fleet.registry.deregister(gone.id)
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    error = ServiceError.from_rpc_error(caught.value)
    assert (error.code, error.reason) == (grpc.StatusCode.UNAVAILABLE, "CHANNEL_CLOSED")
    await fleet.channel.close()


async def test_closing_the_channel_to_a_service_closes_those_to_instances_that_have_gone(
    instance_at: Callable[[str], Instance],
) -> None:
    fleet = Fleet(instance_at, grace_seconds=1000.0)
    gone = await fleet.add("a")
    fleet.servicers["a"].may_answer.clear()
    call = asyncio.ensure_future(fleet.stub.CreateUser(CREATE))
    await fleet.servicers["a"].entered.wait()
    await fleet.registry.deregister(gone.id)
    await fleet.channels["a"].wait_for_state_change(grpc.ChannelConnectivity.READY)
    await fleet.channel.close()
    with pytest.raises(grpc.aio.AioRpcError):
        await call
    assert fleet.channels["a"].ended


async def test_a_health_check_that_breaks_is_made_again(fleet: Fleet) -> None:
    await fleet_of(fleet, "a", "b")
    fleet.channels["a"].breaks = 1
    fleet.channels["a"].reachable = False
    assert set(await fleet.answers(4)) == {"b"}
    fleet.channels["a"].reachable = True
    await fleet.until_known({"a", "b"})
    assert fleet.channels["a"].breaks == 0


async def test_a_call_is_told_that_the_channel_to_the_service_was_closed(fleet: Fleet) -> None:
    await fleet.add("a")
    fleet.servicers["a"].may_answer.clear()
    call = asyncio.ensure_future(fleet.stub.CreateUser(CREATE))
    await fleet.servicers["a"].entered.wait()
    await fleet.channel.close()
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    assert ServiceError.from_rpc_error(caught.value).reason == "CHANNEL_CLOSED"


async def test_every_attempt_is_counted_and_a_further_one_is_a_span_below_the_call(fleet: Fleet) -> None:
    await fleet_of(fleet, "a", "b")
    fleet.servicers["a"].code = grpc.StatusCode.UNAVAILABLE
    with recorded_spans() as exporter, kept_numbers() as number:
        assert await fleet.answers(2) == ["b", "b"]
    calls = [span for span in exporter.get_finished_spans() if not above(span)]
    (further,) = [span for span in exporter.get_finished_spans() if above(span)]
    (call,) = [call for call in calls if place(call)[1] == above(further)]
    assert [(call.attributes or {}).get(name) for name in ("plt.first_attempt.status_code", "error.type")] == [
        "UNAVAILABLE",
        None,
    ]
    assert (further.attributes or {})["plt.attempt"] == 2
    rpc = "plt.identity.v1.IdentityService/GetUser"
    assert number("plt_rpc_client_calls_total", rpc=rpc, code="OK") == 2
    attempts = [number("plt_rpc_client_attempts_total", rpc=rpc, code=code) for code in ("OK", "UNAVAILABLE")]
    assert attempts == [2, 1]
