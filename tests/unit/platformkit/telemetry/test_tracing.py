"""Whether a process records spans, and what becomes of them."""

from __future__ import annotations

import asyncio
import socket

import pytest

from platformkit.context import Context, Trace, current, entered
from platformkit.telemetry import TelemetryError, span, traced, wants_traces
from tests.unit.platformkit.telemetry.sink import sink

ENDPOINT = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        pytest.param({}, False, id="nobody takes spans"),
        pytest.param({"OTEL_TRACES_SAMPLER": "always_on"}, False, id="a sampler alone"),
        pytest.param(ENDPOINT, True, id="an endpoint"),
        pytest.param({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True, id="of traces"),
        pytest.param({**ENDPOINT, "OTEL_SDK_DISABLED": "true"}, False, id="disabled"),
        pytest.param({**ENDPOINT, "OTEL_SDK_DISABLED": "false"}, True, id="not disabled"),
        pytest.param({**ENDPOINT, "OTEL_TRACES_EXPORTER": "none"}, False, id="no exporter"),
        pytest.param({**ENDPOINT, "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, True, id="the protocol"),
    ],
)
def test_spans_are_recorded_where_somebody_takes_them(environ: dict[str, str], wanted: bool) -> None:
    assert wants_traces(environ) is wanted


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "OTEL_EXPORTER_OTLP_PROTOCOL",
            "grpc",
            "OTEL_EXPORTER_OTLP_PROTOCOL: expected http/protobuf, found 'grpc'; correct OTEL_EXPORTER_OTLP_PROTOCOL",
        ),
        (
            "OTEL_TRACES_EXPORTER",
            "zipkin",
            "OTEL_TRACES_EXPORTER: expected otlp or none, found 'zipkin'; correct OTEL_TRACES_EXPORTER",
        ),
    ],
)
def test_an_exporter_that_there_is_not_is_refused(name: str, value: str, message: str) -> None:
    with pytest.raises(TelemetryError) as refused:
        wants_traces({**ENDPOINT, name: value})
    assert str(refused.value) == message


async def test_what_was_recorded_is_sent_by_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    with sink() as taking:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", taking.endpoint)
        async with traced("identity", "7"):
            with span("work"):
                trace = current().trace
    assert trace is not None
    assert [(sent.service, sent.name, sent.span_id) for sent in taking.of(trace.trace_id)] == [
        ("identity", "work", trace.span_id)
    ]


async def test_the_sampler_is_the_one_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with sink() as taking:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", taking.endpoint)
        monkeypatch.setenv("OTEL_TRACES_SAMPLER", "parentbased_traceidratio")
        monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", "0")
        async with traced("identity", "7"):
            with span("of nobody's"):
                pass
            with entered(Context(trace=Trace(f"00-{'a' * 32}-{'b' * 16}-01"))), span("of a caller that wants it"):
                pass
    assert [sent.name for sent in taking.spans] == ["of a caller that wants it"]


async def test_a_sink_that_never_answers_does_not_keep_a_process_from_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{silent.getsockname()[1]}")
        # The SDK alone would wait until its own timeout is over, and that of the test before.
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "600")
        async with asyncio.timeout(60):
            async with traced("identity", "7", flush_seconds=0.1):
                with span("work"):
                    pass


async def test_a_sink_that_is_away_is_told_to_nobody_but_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{unused.getsockname()[1]}")
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
        async with traced("identity", "7"):
            with span("work"):
                pass
    assert {record.name for record in caplog.records} == {"opentelemetry.exporter.otlp.proto.http.trace_exporter"}
