"""Spans of events (https://opentelemetry.io/docs/specs/semconv/messaging/kafka/).

An event is created in a transaction, sent by a relay, and processed by each of its consumers. The place in the trace
where it was created travels with it: sending and processing are below that, however much later they happen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from platformkit.context import Trace
from platformkit.events.envelope import Event, Record, trace_in
from platformkit.events.event_type import EventType
from platformkit.telemetry import Kind, Span, span
from platformkit.telemetry.conventions import (
    KAFKA,
    MESSAGE_ID,
    MESSAGING,
    MESSAGING_DESTINATION,
    MESSAGING_GROUP,
    MESSAGING_OPERATION,
    MESSAGING_OPERATION_TYPE,
)


def creating(topic: str, event_id: str) -> Span:
    """Begin the span in which an event is written down, to be sent later."""
    return span(f"create {topic}", Kind.PRODUCER, _facts("create", topic) | {MESSAGE_ID: event_id})


@contextmanager
def sending(records: Iterable[Record]) -> Iterator[None]:
    """Record that records are sent together: a span for each whose trace is recorded, none for the others."""
    found = ((record.topic, trace_in(record)) for record in records)
    spans = [_sent(topic, trace) for topic, trace in found if trace is not None and trace.sampled]
    try:
        yield
    except BaseException as error:
        for each in spans:
            each.fail(type(error).__qualname__)
        raise
    finally:
        for each in spans:
            each.end()


def processing(event: Event, consumer: str) -> Span:
    """Begin the span in which a consumer applies an event; the place in the trace of the event is at hand."""
    topic = EventType.of(event.message.DESCRIPTOR).topic
    facts = _facts("process", topic) | {MESSAGE_ID: event.id, MESSAGING_GROUP: consumer}
    return span(f"process {topic}", Kind.CONSUMER, facts)


def _sent(topic: str, below: Trace) -> Span:
    return span(f"send {topic}", Kind.CLIENT, _facts("send", topic), below=below)


def _facts(operation: str, topic: str) -> dict[str, str]:
    return {
        MESSAGING: KAFKA,
        MESSAGING_OPERATION: operation,
        MESSAGING_OPERATION_TYPE: operation,
        MESSAGING_DESTINATION: topic,
    }
