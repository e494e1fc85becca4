"""What a caller sees of a service, whichever transport carries the call."""

from collections.abc import Callable

import grpc.aio
import pytest
from plt.audit.v1 import audit_pb2, audit_pb2_grpc
from structlog.testing import capture_logs

from platformkit.channels import HttpChannel
from platformkit.context import current, remaining
from platformkit.lifecycle import Settings
from platformkit.status import FieldViolation, ServiceError
from tests.unit.platformkit.lifecycle.audit_service import Service
from tests.unit.platformkit.telemetry.recording import kept_numbers, recorded_spans

Channels = Callable[[Settings], grpc.aio.Channel]
LIST = "/plt.audit.v1.AuditService/ListEntries"


async def _error(channel: grpc.aio.Channel, request: audit_pb2.ListEntriesRequest) -> ServiceError:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await audit_pb2_grpc.AuditServiceStub(channel).ListEntries(request)
    return ServiceError.from_rpc_error(caught.value)


async def test_an_answer_comes_back(service: Service, channel_of: Channels) -> None:
    async def answer(request: audit_pb2.ListEntriesRequest) -> audit_pb2.ListEntriesResponse:
        return audit_pb2.ListEntriesResponse(next_page_token=f"after {request.page_size}")

    service.behavior = answer
    async with service.serving(), channel_of(service.settings) as channel:
        await service.ready()
        response = await audit_pb2_grpc.AuditServiceStub(channel).ListEntries(audit_pb2.ListEntriesRequest(page_size=7))
    assert response.next_page_token == "after 7"


async def test_a_request_that_breaks_its_constraints_is_refused_field_by_field(
    service: Service, channel_of: Channels
) -> None:
    async with service.serving(), channel_of(service.settings) as channel:
        await service.ready()
        error = await _error(channel, audit_pb2.ListEntriesRequest(page_size=-1, subject="s" * 201))
    assert (error.code, error.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "REQUEST_INVALID")
    assert error.violations == (
        FieldViolation("subject", "must be at most 200 characters", "STRING_MAX_LEN"),
        FieldViolation(
            "page_size", "must be greater than or equal to 0 and less than or equal to 200", "INT32_GTE_LTE"
        ),
    )


@pytest.mark.parametrize("subject", ["late", "s" * 201])
async def test_a_call_whose_time_is_up_when_it_arrives_is_not_begun(service: Service, subject: str) -> None:
    begun = []

    async def answer(request: audit_pb2.ListEntriesRequest) -> audit_pb2.ListEntriesResponse:
        begun.append(request.subject)
        return audit_pb2.ListEntriesResponse()

    service.behavior = answer
    target = f"{service.settings.host}:{service.settings.grpc_port}"
    async with service.serving(), grpc.aio.insecure_channel(target) as channel:
        await service.ready()
        stub = audit_pb2_grpc.AuditServiceStub(channel)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            # By hand: a client that knew of the deadline would not even send the call.
            await stub.ListEntries(audit_pb2.ListEntriesRequest(subject=subject), metadata=(("grpc-timeout", "1n"),))
        await stub.ListEntries(audit_pb2.ListEntriesRequest(subject="in time"))
    assert (caught.value.code(), caught.value.details()) == (grpc.StatusCode.DEADLINE_EXCEEDED, "Deadline Exceeded")
    assert begun == ["in time"]


async def test_an_error_of_the_service_arrives_whole(service: Service, channel_of: Channels) -> None:
    raised = ServiceError(
        grpc.StatusCode.ABORTED,
        "somebody was faster",
        reason="ETAG_STALE",
        metadata={"etag": "r2"},
        violations=(FieldViolation("etag", "is stale", "STALE"),),
    )

    async def refuse(_: audit_pb2.ListEntriesRequest) -> audit_pb2.ListEntriesResponse:
        raise raised

    service.behavior = refuse
    async with service.serving(), channel_of(service.settings) as channel:
        await service.ready()
        error = await _error(channel, audit_pb2.ListEntriesRequest())
    assert error.to_status() == raised.to_status()


async def test_an_unexpected_error_is_logged_and_not_shown(service: Service, channel_of: Channels) -> None:
    async def fail(_: audit_pb2.ListEntriesRequest) -> audit_pb2.ListEntriesResponse:
        raise RuntimeError("password is hunter2")

    service.behavior = fail
    with capture_logs() as logs:
        async with service.serving(), channel_of(service.settings) as channel:
            await service.ready()
            error = await _error(channel, audit_pb2.ListEntriesRequest())
    assert (error.code, error.reason) == (grpc.StatusCode.INTERNAL, "INTERNAL")
    assert "hunter2" not in str(error.to_status())
    (logged,) = (line["exc_info"] for line in logs if line["event"] == "unexpected error")
    assert "hunter2" in str(logged)


async def test_a_store_that_is_away_is_the_callers_unavailable(service: Service, channel_of: Channels) -> None:
    class AwayError(Exception):
        pass

    async def fail(_: audit_pb2.ListEntriesRequest) -> audit_pb2.ListEntriesResponse:
        raise AwayError("connection refused by 10.0.0.7")

    service.behavior, service.outages = fail, (AwayError,)
    async with service.serving(), channel_of(service.settings) as channel:
        await service.ready()
        error = await _error(channel, audit_pb2.ListEntriesRequest())
    assert (error.code, error.reason) == (grpc.StatusCode.UNAVAILABLE, "STORE_UNAVAILABLE")
    assert "10.0.0.7" not in error.message


@pytest.mark.parametrize(
    ("raised", "seen"),
    [
        pytest.param(grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.UNAVAILABLE, id="away"),
        pytest.param(grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.DEADLINE_EXCEEDED, id="late"),
        pytest.param(grpc.StatusCode.NOT_FOUND, grpc.StatusCode.INTERNAL, id="its own affair"),
    ],
)
async def test_the_error_of_another_service_is_not_taken_for_ones_own(
    service: Service, channel_of: Channels, raised: grpc.StatusCode, seen: grpc.StatusCode
) -> None:
    async def fail(_: audit_pb2.ListEntriesRequest) -> audit_pb2.ListEntriesResponse:
        raise grpc.aio.AioRpcError(raised, grpc.aio.Metadata(), grpc.aio.Metadata())

    service.behavior = fail
    async with service.serving(), channel_of(service.settings) as channel:
        await service.ready()
        error = await _error(channel, audit_pb2.ListEntriesRequest())
    assert error.code is seen


async def test_the_request_id_of_the_caller_is_kept_and_sent_back(service: Service, channel_of: Channels) -> None:
    seen = []

    async def note(_: audit_pb2.ListEntriesRequest) -> audit_pb2.ListEntriesResponse:
        seen.append(current().request_id)
        return audit_pb2.ListEntriesResponse()

    service.behavior = note
    async with service.serving(), channel_of(service.settings) as channel:
        await service.ready()
        call = audit_pb2_grpc.AuditServiceStub(channel).ListEntries(
            audit_pb2.ListEntriesRequest(), metadata=(("x-request-id", "r-7"),)
        )
        await call
        trailing = dict(await call.trailing_metadata())
    assert seen == ["r-7"]
    assert trailing["x-request-id"] == "r-7"


async def test_a_call_without_a_request_id_is_given_one(service: Service, channel_of: Channels) -> None:
    seen = []

    async def note(_: audit_pb2.ListEntriesRequest) -> audit_pb2.ListEntriesResponse:
        seen.append(current().request_id)
        return audit_pb2.ListEntriesResponse()

    service.behavior = note
    async with service.serving(), channel_of(service.settings) as channel:
        await service.ready()
        for _ in range(2):
            await audit_pb2_grpc.AuditServiceStub(channel).ListEntries(audit_pb2.ListEntriesRequest())
    first, second = seen
    assert first
    assert second not in {first, ""}


async def test_the_time_that_the_caller_has_left_is_known_to_the_calls_that_follow(
    service: Service, channel_of: Channels
) -> None:
    left = []

    async def note(_: audit_pb2.ListEntriesRequest) -> audit_pb2.ListEntriesResponse:
        left.append(remaining())
        return audit_pb2.ListEntriesResponse()

    service.behavior = note
    async with service.serving(), channel_of(service.settings) as channel:
        await service.ready()
        await audit_pb2_grpc.AuditServiceStub(channel).ListEntries(audit_pb2.ListEntriesRequest(), timeout=4)
    (seconds,) = left
    assert seconds is not None
    assert 3 < seconds < 5


async def test_bytes_that_are_no_message_are_an_invalid_argument(service: Service) -> None:
    async with service.serving():
        await service.ready()
        async with grpc.aio.insecure_channel(f"127.0.0.1:{service.settings.grpc_port}") as channel:
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await channel.unary_unary(LIST, request_serializer=bytes)(b"\xff\xff")
    error = ServiceError.from_rpc_error(caught.value)
    assert (error.code, error.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "REQUEST_UNREADABLE")


async def test_each_call_leaves_one_line_with_its_outcome(service: Service) -> None:
    with capture_logs() as logs:
        async with service.serving():
            await service.ready()
            async with grpc.aio.insecure_channel(f"127.0.0.1:{service.settings.grpc_port}") as channel:
                stub = audit_pb2_grpc.AuditServiceStub(channel)
                await stub.ListEntries(audit_pb2.ListEntriesRequest())
                await _error(channel, audit_pb2.ListEntriesRequest(page_size=-1))
    calls = [(line["method"], line["code"]) for line in logs if line["event"] == "call"]
    assert calls == [(LIST, "OK"), (LIST, "INVALID_ARGUMENT")]


@pytest.mark.parametrize("kilobytes", [4, 8, 16, 64])
async def test_a_refusal_is_told_as_what_it_is_however_much_there_is_to_say(
    service: Service, channel_of: Channels, kilobytes: int
) -> None:
    count = kilobytes * 1024 // 80
    violations = tuple(FieldViolation(f"labels[{number}]", "x" * 80, "TOO_LONG") for number in range(count))

    async def refuse(_: audit_pb2.ListEntriesRequest) -> audit_pb2.ListEntriesResponse:
        raise ServiceError(grpc.StatusCode.INVALID_ARGUMENT, "é" * 1024, reason="INVALID", violations=violations)

    service.behavior = refuse
    async with service.serving(), channel_of(service.settings) as channel:
        await service.ready()
        errors = [await _error(channel, audit_pb2.ListEntriesRequest()) for _ in range(20)]
    # Between gRPC's two limits a refusal would be replaced by RESOURCE_EXHAUSTED in some of the answers only.
    assert {error.code for error in errors} == {grpc.StatusCode.INVALID_ARGUMENT}
    assert {len(error.violations) + int(error.metadata["omittedViolations"]) for error in errors} == {count}


@pytest.mark.parametrize("kilobytes", [4, 8, 16, 24])
async def test_metadata_of_a_caller_arrives_whole(service: Service, channel_of: Channels, kilobytes: int) -> None:
    async with service.serving(), channel_of(service.settings) as channel:
        await service.ready()
        stub = audit_pb2_grpc.AuditServiceStub(channel)
        for _ in range(10):
            await stub.ListEntries(audit_pb2.ListEntriesRequest(), metadata=(("note", "x" * kilobytes * 1024),))


async def test_a_call_is_counted_by_its_rpc_its_transport_and_its_code(service: Service, channel_of: Channels) -> None:
    async def refuse_ones(request: audit_pb2.ListEntriesRequest) -> audit_pb2.ListEntriesResponse:
        if request.page_size == 1:
            raise ServiceError(grpc.StatusCode.ABORTED, "somebody was faster", reason="ETAG_STALE")
        return audit_pb2.ListEntriesResponse()

    service.behavior = refuse_ones
    with kept_numbers() as number:
        async with service.serving(), channel_of(service.settings) as channel:
            transport = "http" if isinstance(channel, HttpChannel) else "grpc"
            await service.ready()
            await audit_pb2_grpc.AuditServiceStub(channel).ListEntries(audit_pb2.ListEntriesRequest())
            await _error(channel, audit_pb2.ListEntriesRequest(page_size=1))
    facts = {"rpc": LIST[1:], "transport": transport}
    found = [number("plt_rpc_server_calls_total", **facts, code=code) for code in ("OK", "ABORTED", "CANCELLED")]
    assert found == [1, 1, None]
    assert number("plt_rpc_server_seconds_count", **facts) == 2


async def test_the_span_of_a_call_fails_for_what_the_service_is_to_blame_for_alone(
    service: Service, channel_of: Channels
) -> None:
    async def refuse(request: audit_pb2.ListEntriesRequest) -> audit_pb2.ListEntriesResponse:
        if request.page_size == 1:
            raise ServiceError(grpc.StatusCode.NOT_FOUND, "nothing here", reason="NOTHING")
        raise ZeroDivisionError

    service.behavior = refuse
    with recorded_spans() as exporter:
        async with service.serving(), channel_of(service.settings) as channel:
            await service.ready()
            await _error(channel, audit_pb2.ListEntriesRequest(page_size=1))
            await _error(channel, audit_pb2.ListEntriesRequest())
    calls = [dict(span.attributes or {}) for span in exporter.get_finished_spans() if span.name == LIST[1:]]
    found = [(facts["rpc.response.status_code"], facts.get("error.type")) for facts in calls]
    assert found == [("NOT_FOUND", None), ("INTERNAL", "INTERNAL")]
