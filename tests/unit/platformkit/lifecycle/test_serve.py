"""A service from its first port to its last call."""

import asyncio
import os
import socket
from dataclasses import replace
from typing import Any

import aiohttp
import grpc.aio
import pytest
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection_pb2
from plt.audit.v1 import audit_pb2, audit_pb2_grpc

from platformkit.channels.grpc_channel import PING_SECONDS
from platformkit.lifecycle import Settings, StartError
from platformkit.lifecycle.grpc_server import _OPTIONS
from platformkit.lifecycle.ports import listen
from platformkit.transcoding import EdgeRequest, HttpResponse, json_response
from tests.unit.platformkit.lifecycle.audit_service import Service
from tests.unit.platformkit.telemetry.sink import sink

AUDIT = "plt.audit.v1.AuditService"
SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


async def _get(service: Service, path: str) -> tuple[int, Any]:
    url = f"http://127.0.0.1:{service.settings.http_port}{path}"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status, await response.json()


async def _until_listening(service: Service) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", service.settings.http_port)
            except OSError:
                await asyncio.sleep(0.01)
            else:
                writer.close()
                return


def _grpc(service: Service) -> grpc.aio.Channel:
    return grpc.aio.insecure_channel(f"127.0.0.1:{service.settings.grpc_port}")


async def _health(channel: grpc.aio.Channel, name: str = AUDIT) -> int:
    check = channel.unary_unary(
        "/grpc.health.v1.Health/Check",
        request_serializer=health_pb2.HealthCheckRequest.SerializeToString,
        response_deserializer=health_pb2.HealthCheckResponse.FromString,
    )
    response: health_pb2.HealthCheckResponse = await check(health_pb2.HealthCheckRequest(service=name))
    return int(response.status)


async def test_a_path_that_is_no_rpc_is_answered(service: Service) -> None:
    async def answer(_: EdgeRequest) -> HttpResponse:
        return json_response({"keys": []})

    service.paths["/.well-known/jwks.json"] = answer
    async with service.serving():
        await service.ready()
        assert await _get(service, "/.well-known/jwks.json") == (200, {"keys": []})


async def test_a_ready_service_says_so_everywhere(service: Service) -> None:
    async with service.serving(), _grpc(service) as channel:
        await service.ready()
        assert await _get(service, "/livez") == (200, {"status": "alive"})
        assert await _get(service, "/readyz") == (200, {"status": "ready"})
        assert await _health(channel) == SERVING
        (instance,) = await service.registry.instances()
    assert (instance.service, instance.interfaces) == ("audit", (AUDIT,))
    assert instance.grpc_port == service.settings.grpc_port
    assert instance.http_port == service.settings.http_port


async def test_until_every_check_holds_a_service_lives_but_is_not_ready(service: Service) -> None:
    faults = ["postgres is away"]

    async def check() -> None:
        if faults:
            raise ConnectionError(faults[0])

    service.readiness["postgres"] = check
    async with service.serving(), _grpc(service) as channel:
        await _until_listening(service)
        assert await _get(service, "/livez") == (200, {"status": "alive"})
        expected = {"status": "starting", "failing": {"postgres": "postgres is away"}}
        assert await _get(service, "/readyz") == (503, expected)
        assert await _health(channel) == NOT_SERVING
        assert await service.registry.instances() == ()
        faults.clear()
        await service.ready()
        assert await _get(service, "/readyz") == (200, {"status": "ready"})


async def test_a_check_that_fails_later_shows_until_it_holds_again(service: Service) -> None:
    faults: list[str] = []

    async def check() -> None:
        if faults:
            raise ConnectionError(faults[0])

    service.readiness["postgres"] = check
    async with service.serving():
        await service.ready()
        faults.append("postgres is away")
        expected = {"status": "not ready", "failing": {"postgres": "postgres is away"}}
        assert await _get(service, "/readyz") == (503, expected)
        faults.clear()
        assert await _get(service, "/readyz") == (200, {"status": "ready"})


async def test_reflection_lists_what_the_service_implements(service: Service) -> None:
    async with service.serving(), _grpc(service) as channel:
        await service.ready()
        ask = channel.stream_stream(
            "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
            request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
            response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
        )
        (response,) = [answer async for answer in ask(iter([reflection_pb2.ServerReflectionRequest(list_services="")]))]
    names = {found.name for found in response.list_services_response.service}
    assert names == {AUDIT, "grpc.health.v1.Health", "grpc.reflection.v1alpha.ServerReflection"}


async def test_without_a_grpc_port_a_service_answers_over_http_alone(service: Service) -> None:
    environ = {**service.settings.environ, "GRPC_PORT": ""}
    service.settings = Settings.from_environ("audit", environ)
    async with service.serving():
        await service.ready()
        assert await _get(service, "/v1/audit/entries") == (200, {})
        (instance,) = await service.registry.instances()
    assert instance.grpc_address is None


async def test_a_call_in_flight_ends_before_its_connections_are_closed(service: Service) -> None:
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def answer(_: audit_pb2.ListEntriesRequest) -> audit_pb2.ListEntriesResponse:
        arrived.set()
        await go_on.wait()
        service.events.append("call answered")
        return audit_pb2.ListEntriesResponse(next_page_token="served")

    service.behavior = answer
    async with _grpc(service) as channel:
        async with service.serving() as serving:
            await service.ready()
            call = asyncio.ensure_future(_get(service, "/v1/audit/entries"))
            await arrived.wait()
            service.stop.set()
            async with asyncio.timeout(5):
                async for instances in service.registry.watch():
                    if not instances:
                        break
            assert not serving.done()
            assert await _get(service, "/readyz") == (503, {"status": "draining", "failing": {}})
            assert await _health(channel) == NOT_SERVING
            go_on.set()
            assert await call == (200, {"nextPageToken": "served"})
        assert service.events == ["call answered", "connections closed"]


async def test_a_call_that_outlasts_the_drain_is_cut_off(service: Service) -> None:
    environ = {**service.settings.environ, "DRAIN_SECONDS": "0"}
    service.settings = Settings.from_environ("audit", environ)
    arrived = asyncio.Event()

    async def hang(_: audit_pb2.ListEntriesRequest) -> audit_pb2.ListEntriesResponse:
        arrived.set()
        await asyncio.Event().wait()
        raise AssertionError

    service.behavior = hang
    async with _grpc(service) as channel:
        async with service.serving():
            await service.ready()
            call = audit_pb2_grpc.AuditServiceStub(channel).ListEntries(audit_pb2.ListEntriesRequest())
            await arrived.wait()
        assert await call.code() in {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED}


@pytest.mark.parametrize("key", ["GRPC_PORT", "HTTP_PORT"])
async def test_a_port_that_is_taken_is_refused_by_its_number(service: Service, key: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as squatter:
        port = squatter.getsockname()[1]
        environ = {**service.settings.environ, key: str(port)}
        service.settings = Settings.from_environ("audit", environ)
        with pytest.raises(StartError, match=f"port {port} on 127.0.0.1 is taken"):
            async with service.serving() as serving:
                await serving


async def test_a_port_without_a_machine_behind_it_is_refused() -> None:
    with pytest.raises(StartError, match=r"cannot listen on 203\.0\.113\.1:80"):
        listen("203.0.113.1", 80)


async def test_a_service_without_an_http_port_does_not_start(service: Service) -> None:
    service.settings = Settings.from_environ("audit", {})
    with pytest.raises(StartError, match="audit needs HTTP_PORT"):
        async with service.serving() as serving:
            await serving


async def test_background_work_goes_on_until_the_last_call_has_ended(service: Service) -> None:
    working = asyncio.Event()

    async def work() -> None:
        working.set()
        try:
            await asyncio.Event().wait()
        finally:
            service.events.append("work ended")

    service.background["work"] = work
    async with service.serving():
        await service.ready()
        await working.wait()
    assert service.events == ["work ended", "connections closed"]


def test_a_server_accepts_as_many_pings_as_callers_send() -> None:
    # A server that does not ends the connection of whoever waits for a slow call, after 15 s.
    assert dict(_OPTIONS)["grpc.http2.min_ping_interval_without_data_ms"] < PING_SECONDS * 1000


async def test_what_a_service_recorded_is_sent_by_the_time_it_has_stopped(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sink() as taking:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", taking.endpoint)
        service.settings = replace(service.settings, environ={**service.settings.environ, **os.environ})
        async with service.serving():
            await service.ready()
            assert await _get(service, "/v1/audit/entries") == (200, {})
        assert [sent.name for sent in taking.spans] == [f"{AUDIT}/ListEntries", "GET /v1/audit/entries"]


async def test_a_service_does_not_start_when_traces_are_wanted_in_a_way_that_there_is_not(service: Service) -> None:
    environ = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4317", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}
    service.settings = replace(service.settings, environ=environ)
    with pytest.raises(StartError, match="OTEL_EXPORTER_OTLP_PROTOCOL: expected http/protobuf, found 'grpc'"):
        async with service.serving():
            pass


async def test_a_service_does_not_start_when_its_port_for_metrics_is_taken(service: Service) -> None:
    with listen("127.0.0.1", 0) as taken:
        service.settings = replace(service.settings, metrics_port=taken.getsockname()[1])
        with pytest.raises(StartError, match="is taken by another process"):
            async with service.serving():
                pass
