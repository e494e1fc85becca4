from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import grpc
import pytest
from plt.identity.v1 import identity_pb2_grpc

from platformkit.channels import Failover, HttpChannel, MemoryChannel, RetryBudget, ServiceChannel, instance_channel
from platformkit.channels.call import Metadata
from platformkit.channels.errors import CALLER_UNPROVEN
from platformkit.context import Context, current, entered
from platformkit.discovery import Instance, InstanceStatus, MemoryRegistry
from platformkit.status import ServiceError
from tests.unit.platformkit.channels.fleet import CREATE, GET, Fleet, fleet_of

INTERFACE = "plt.identity.v1.IdentityService"
UNPROVEN = ServiceError(grpc.StatusCode.UNAUTHENTICATED, "who are you", reason=CALLER_UNPROVEN)


@pytest.fixture
async def fleet(instance_at: Callable[[str], Instance]) -> AsyncIterator[Fleet]:
    fleet = Fleet(instance_at)
    yield fleet
    await fleet.channel.close()


async def test_calls_go_to_the_instances_in_turn(fleet: Fleet) -> None:
    await fleet.add("a")
    await fleet.add("b")
    answers = await fleet.answers(6)
    assert (answers.count("a"), answers.count("b")) == (3, 3)


async def test_a_channel_is_made_once_and_not_before_it_is_used(fleet: Fleet) -> None:
    await fleet.add("a")
    assert fleet.connected == []
    await fleet.answers(3)
    assert fleet.connected == ["a"]


async def test_a_service_is_found_by_the_name_of_an_interface(fleet: Fleet) -> None:
    await fleet.add("a", service="someone-else")
    async with ServiceChannel(
        fleet.registry, INTERFACE, connect=lambda instance: fleet.channels[instance.id]
    ) as channel:
        stub: Any = identity_pb2_grpc.IdentityServiceStub(channel)
        assert (await stub.GetUser(GET)).user.etag == "a"


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"service": "audit", "interfaces": ()}, id="of-another-service"),
        pytest.param({"status": InstanceStatus.DRAINING}, id="draining"),
    ],
)
async def test_an_instance_that_is_not_meant_is_not_called(fleet: Fleet, facts: dict[str, Any]) -> None:
    await fleet.add("a")
    await fleet.add("b", **facts)
    assert set(await fleet.answers(4)) == {"a"}


async def test_no_instance_is_a_clear_error(fleet: Fleet) -> None:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await fleet.stub.CreateUser(CREATE)
    error = ServiceError.from_rpc_error(caught.value)
    assert (error.code, error.reason) == (grpc.StatusCode.UNAVAILABLE, "NO_INSTANCE")
    assert "identity" in error.message


async def test_instances_that_all_fail_are_not_asked_again_without_end(instance_at: Callable[[str], Instance]) -> None:
    fleet = Fleet(instance_at, budget=RetryBudget())
    for name in "abc":
        await fleet.add(name)
        fleet.servicers[name].code = grpc.StatusCode.UNAVAILABLE
    for _ in range(20):
        with pytest.raises(grpc.aio.AioRpcError):
            await fleet.stub.GetUser(GET)
    # 40 repetitions would be possible; the budget allows four.
    assert 20 < sum(servicer.calls for servicer in fleet.servicers.values()) <= 24
    await fleet.channel.close()


async def test_an_instance_that_comes_is_called(fleet: Fleet) -> None:
    await fleet.add("a")
    await fleet.until_known({"a"})
    await fleet.add("b")
    await fleet.until_known({"a", "b"})


async def test_an_instance_that_goes_is_dropped_with_its_channel(fleet: Fleet) -> None:
    await fleet.add("a")
    gone = await fleet.add("b")
    await fleet.until_known({"a", "b"})
    await fleet.registry.deregister(gone.id)
    await fleet.until_known({"a"})
    await fleet.channels["b"].wait_for_state_change(grpc.ChannelConnectivity.READY)
    assert fleet.channels["b"].get_state() is grpc.ChannelConnectivity.SHUTDOWN


async def test_closing_it_closes_the_channels_to_all_instances(fleet: Fleet) -> None:
    for name in ("a", "b"):
        await fleet.add(name)
    await fleet.until_known({"a", "b"})
    await fleet.channel.close()
    assert {channel.get_state() for channel in fleet.channels.values()} == {grpc.ChannelConnectivity.SHUTDOWN}


@pytest.mark.parametrize("method", ["GetUser", "CreateUser"])
async def test_an_instance_that_cannot_be_reached_is_passed_over(fleet: Fleet, method: str) -> None:
    await fleet.add("a")
    await fleet.add("b")
    fleet.channels["a"].reachable = False
    for _ in range(4):
        response = await getattr(fleet.stub, method)(GET if method == "GetUser" else CREATE)
        assert response.user.etag == "b"


async def test_a_call_that_may_be_repeated_goes_on_to_the_next_instance(fleet: Fleet) -> None:
    await fleet.add("a")
    await fleet.add("b")
    await fleet.until_known({"a", "b"})
    fleet.servicers["a"].code = grpc.StatusCode.UNAVAILABLE
    assert set(await fleet.answers(4)) == {"b"}


async def test_a_call_that_may_have_happened_is_not_made_again(fleet: Fleet) -> None:
    for name in ("a", "b"):
        await fleet.add(name)
        fleet.servicers[name].code = grpc.StatusCode.UNAVAILABLE
    with pytest.raises(grpc.aio.AioRpcError):
        await fleet.stub.CreateUser(CREATE)
    assert sum(servicer.calls for servicer in fleet.servicers.values()) == 1


async def test_if_no_instance_can_be_reached_the_last_error_is_the_callers(fleet: Fleet) -> None:
    for name in ("a", "b"):
        await fleet.add(name)
        fleet.channels[name].reachable = False
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await fleet.stub.CreateUser(CREATE)
    assert ServiceError.from_rpc_error(caught.value).reason == "UNREACHABLE"


async def test_discovery_that_does_not_answer_is_a_clear_error() -> None:
    class Silent(MemoryRegistry):
        async def watch(self) -> AsyncIterator[tuple[Instance, ...]]:
            await asyncio.Event().wait()
            yield ()

    async with ServiceChannel(Silent(), "identity", discovery_seconds=0.05) as channel:
        stub: Any = identity_pb2_grpc.IdentityServiceStub(channel)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stub.GetUser(GET)
    assert ServiceError.from_rpc_error(caught.value).reason == "NO_INSTANCE"


async def test_a_watch_that_broke_is_begun_again(fleet: Fleet) -> None:
    class Breaking(MemoryRegistry):
        async def watch(self) -> AsyncIterator[tuple[Instance, ...]]:
            watches.append("begun")
            yield await fleet.registry.instances()
            raise ConnectionError

    watches: list[str] = []
    await fleet.add("a")
    async with ServiceChannel(Breaking(), "identity", connect=lambda instance: fleet.channels[instance.id]) as channel:
        stub: Any = identity_pb2_grpc.IdentityServiceStub(channel)
        while len(watches) < 2:
            assert (await stub.GetUser(GET)).user.etag == "a"


@pytest.mark.parametrize(("grpc_port", "kind"), [(9000, Failover), (None, HttpChannel)], ids=["grpc", "http-only"])
async def test_the_channel_to_an_instance_is_grpc_with_a_fallback_or_http_alone(
    instance_at: Any, grpc_port: int | None, kind: type[grpc.aio.Channel]
) -> None:
    async with instance_channel(instance_at(grpc_port=grpc_port)) as channel:
        assert type(channel) is kind


async def test_the_watch_that_a_first_call_starts_does_not_belong_to_its_request(
    instance_at: Callable[[str], Instance],
) -> None:
    seen: list[Context] = []

    class Registry(MemoryRegistry):
        async def watch(self) -> AsyncIterator[tuple[Instance, ...]]:
            seen.append(current())
            async for instances in super().watch():
                yield instances

    fleet = Fleet(instance_at, Registry())
    await fleet.add("a")
    with entered(Context("r-1")):
        await fleet.stub.GetUser(GET)
    await fleet.channel.close()
    assert seen == [Context()]


async def test_a_call_goes_to_the_instance_with_the_fewest_on_their_way(fleet: Fleet) -> None:
    await fleet_of(fleet, "a", "b")
    fleet.servicers["a"].may_answer.clear()
    fleet.servicers["a"].entered.clear()
    held = [asyncio.ensure_future(fleet.stub.CreateUser(CREATE)) for _ in range(2)]
    await fleet.servicers["a"].entered.wait()
    assert {(await fleet.stub.CreateUser(CREATE)).user.etag for _ in range(4)} == {"b"}
    fleet.servicers["a"].may_answer.set()
    assert sorted([(await call).user.etag for call in held]) == ["a", "b"]


async def test_each_call_proves_to_the_service_of_the_instance_who_makes_it(fleet: Fleet) -> None:
    await fleet.add("a")
    asked: list[tuple[str, dict[str, str | bytes]]] = []

    def prove(service: str, metadata: Metadata) -> Metadata:
        asked.append((service, dict(metadata)))
        return (("x-internal-token", f"for {service}"),)

    channel = ServiceChannel(
        fleet.registry, INTERFACE, prove, connect=lambda instance: fleet.channels[instance.id], clock=fleet.clock
    )
    async with channel:
        stub: Any = identity_pb2_grpc.IdentityServiceStub(channel)
        with entered(Context(request_id="request-1")):
            await stub.GetUser(GET)

    assert asked == [("identity", {"x-request-id": "request-1"})]
    assert fleet.servicers["a"].metadata["x-internal-token"] == "for identity"


async def test_an_instance_that_does_not_believe_who_calls_is_passed_over(fleet: Fleet) -> None:
    await fleet_of(fleet, "a", "b")
    fleet.servicers["a"].raises = UNPROVEN
    assert set(await fleet.answers(4)) == {"b"}


async def test_a_service_that_does_not_believe_who_calls_is_away(fleet: Fleet) -> None:
    await fleet.add("a")
    fleet.servicers["a"].raises = UNPROVEN

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await fleet.stub.GetUser(GET)

    error = ServiceError.from_rpc_error(caught.value)
    assert (error.code, error.reason) == (grpc.StatusCode.UNAVAILABLE, "UNREACHABLE")


async def test_a_service_that_does_not_believe_the_person_who_asks_is_not_away(fleet: Fleet) -> None:
    await fleet.add("a")
    fleet.servicers["a"].code = grpc.StatusCode.UNAUTHENTICATED

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await fleet.stub.GetUser(GET)

    assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED


async def test_a_channel_is_closed_although_its_watch_takes_the_end_for_an_outage(fleet: Fleet) -> None:
    class Stubborn(MemoryRegistry):
        ends = 0

        async def watch(self) -> AsyncIterator[tuple[Instance, ...]]:
            while True:
                try:
                    async for instances in super().watch():
                        yield instances
                except asyncio.CancelledError:
                    self.ends += 1
                    if self.ends > 1:
                        raise

    registry = Stubborn([fleet.instance_at("a")])
    channel = ServiceChannel(registry, "identity", connect=lambda _: MemoryChannel(), discovery_seconds=1)
    stub: Any = identity_pb2_grpc.IdentityServiceStub(channel)
    with pytest.raises(grpc.aio.AioRpcError):
        await stub.GetUser(GET)

    await asyncio.wait_for(channel.close(), 10)

    assert registry.ends == 2
