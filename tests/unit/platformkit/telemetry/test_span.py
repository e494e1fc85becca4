"""Spans, and the place in the trace that they move."""

from __future__ import annotations

import pytest
from opentelemetry.sdk.trace.sampling import ALWAYS_ON, DEFAULT_OFF, DEFAULT_ON
from opentelemetry.semconv._incubating.attributes import db_attributes, messaging_attributes, rpc_attributes
from opentelemetry.semconv.attributes import error_attributes, http_attributes, server_attributes, service_attributes

from platformkit.context import Context, Trace, current, entered
from platformkit.telemetry import Kind, Span, conventions, span
from tests.unit.platformkit.telemetry.recording import above, place, recorded_spans

TRACE_ID, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "1111111111111111"
WANTED = Context("r-1", trace=Trace(f"00-{TRACE_ID}-{CALLER}-01", "rojo=1,congo=2"))
UNWANTED = Context("r-1", trace=Trace(f"00-{TRACE_ID}-{CALLER}-00", "rojo=1"))


def test_while_traces_are_off_the_place_in_the_trace_stays_where_the_caller_put_it() -> None:
    with entered(WANTED), span("work") as recorded:
        recorded.set("number", 1)
        recorded.fail("BrokenError")
        recorded.end()
        assert current() == WANTED
    with span("work"):
        assert current() == Context()


def test_a_span_is_below_the_place_at_hand_and_the_place_of_its_block() -> None:
    with recorded_spans() as exporter, entered(WANTED), span("outer", Kind.SERVER), span("inner"):
        trace = current().trace
        assert current().request_id == "r-1"
    inner, outer = exporter.get_finished_spans()
    assert (above(outer), above(inner)) == (CALLER, place(outer)[1])
    assert trace is not None
    assert place(inner) == (TRACE_ID, trace.span_id) == (trace.trace_id, trace.span_id)
    assert trace.state == "rojo=1,congo=2"
    assert [each.parent.is_remote for each in (outer, inner) if each.parent] == [True, False]


def test_after_its_block_the_place_is_the_one_before() -> None:
    with recorded_spans(), entered(WANTED):
        with span("work"):
            pass
        assert current() == WANTED


def test_without_a_place_a_span_begins_a_trace() -> None:
    with recorded_spans() as exporter, span("work"):
        trace = current().trace
    (recorded,) = exporter.get_finished_spans()
    assert trace is not None
    assert (recorded.parent, place(recorded)[0], trace.sampled) == (None, trace.trace_id, True)


def test_work_that_nobody_asked_for_begins_no_trace() -> None:
    with recorded_spans() as exporter, span("look", begins=False):
        assert current().trace is None
    assert exporter.get_finished_spans() == ()


@pytest.mark.parametrize("sampler", [DEFAULT_ON, DEFAULT_OFF])
def test_what_the_caller_does_not_want_recorded_is_handed_on_as_it_came(sampler: object) -> None:
    with recorded_spans(sampler) as exporter, entered(UNWANTED), span("work"):  # type: ignore[arg-type]
        assert current() == UNWANTED
    assert exporter.get_finished_spans() == ()


def test_a_sampler_that_does_not_follow_the_caller_is_asked() -> None:
    with recorded_spans(ALWAYS_ON) as exporter, entered(UNWANTED), span("work"):
        assert current() != UNWANTED
    assert [above(each) for each in exporter.get_finished_spans()] == [CALLER]


def test_a_trace_that_is_not_recorded_is_handed_on_as_one_so_that_nobody_records_half_of_it() -> None:
    with recorded_spans(DEFAULT_OFF) as exporter, span("work"):
        trace = current().trace
    assert trace is not None
    assert not trace.sampled
    assert exporter.get_finished_spans() == ()


def test_an_error_is_recorded_by_its_class_and_never_by_its_message() -> None:
    with recorded_spans() as exporter, pytest.raises(ValueError, match="ada"), span("work"):
        raise ValueError("ada@example.org is taken")
    (recorded,) = exporter.get_finished_spans()
    assert recorded.attributes == {"error.type": "ValueError"}
    assert "example.org" not in recorded.to_json()


def leave(noted: Span, error: Exception) -> None:
    """Leave the block of a span by an error."""
    with noted:
        raise error


def test_a_failure_that_was_noted_stays_when_an_error_leaves_the_block() -> None:
    with recorded_spans() as exporter:
        noted = span("work")
        noted.fail("UNAVAILABLE")
        with pytest.raises(ValueError, match="again"):
            leave(noted, ValueError("again"))
    assert [each.attributes for each in exporter.get_finished_spans()] == [{"error.type": "UNAVAILABLE"}]


def test_a_span_that_was_ended_is_not_a_failure_for_an_error_after_it() -> None:
    with recorded_spans() as exporter:
        ended = span("work")
        ended.end()
        with pytest.raises(ValueError, match="later"):
            leave(ended, ValueError("later"))
    (recorded,) = exporter.get_finished_spans()
    assert recorded.status.is_unset


def test_names_of_attributes_are_those_of_the_conventions() -> None:
    modules = (
        *(db_attributes, messaging_attributes, rpc_attributes),
        *(error_attributes, http_attributes, server_attributes, service_attributes),
    )
    known = {value for module in modules for value in vars(module).values() if isinstance(value, str)}
    ours = {value for name, value in vars(conventions).items() if name.isupper() and "." in value}
    assert ours
    assert ours <= known
