"""Events as Kafka records: CloudEvents 1.0 in binary content mode, with a protobuf payload.

The binding is https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md:
attributes travel as headers named ``ce_<attribute>``, the content type as ``content-type``, the payload as the value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from google.protobuf.message import DecodeError, Message

from platformkit.context import Trace, accept_request_id, trace_of
from platformkit.events.errors import EventDefinitionError, MalformedEventError, UnknownEventTypeError
from platformkit.events.event_type import EventType

CONTENT_TYPE: Final = "application/protobuf"
SPEC_VERSION: Final = "1.0"
# More than any attribute has reason to be, and little enough to be stored, indexed and logged.
ATTRIBUTE_BYTES: Final = 1000
_TRACE_HEADERS: Final = ("ce_traceparent", "ce_tracestate")


@dataclass(frozen=True, slots=True)
class Record:
    """A record as Kafka carries it.

    Attributes:
        topic: Topic without any environment suffix.
        key: Orders records: those with one key keep their order. None for a record of somebody else that has none.
        value: The payload. None for a record of somebody else that has none.
        headers: Names and values, in order.
    """

    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, as its reader sees it.

    Attributes:
        message: The payload.
        id: Identifier of the event; unique together with ``source``.
        type: Full name of the payload's message.
        source: Who published it.
        time: When it happened, in UTC.
        request_id: Request that caused it; empty if the record does not say.
        trace: Place in a distributed trace of what caused it; None if the record does not say.
    """

    message: Message
    id: str
    type: str
    source: str
    time: datetime
    request_id: str
    trace: Trace | None = None


def encode(
    message: Message,
    *,
    event_id: str,
    time: datetime,
    request_id: str,
    source: str = "",
    trace: Trace | None = None,
) -> Record:
    """Put an event into a record, with the context that caused it.

    The request id and the trace travel as CloudEvents extensions with every event, whatever its declaration lists: the
    trace as the extension for distributed tracing has it
    (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/extensions/distributed-tracing.md).

    Args:
        message: The payload; its message type declares the topic and the key.
        event_id: Identifier of the event.
        time: When it happened; aware.
        request_id: Request that caused it; a new one is made up if it is empty or not fit to be kept.
        source: Who publishes it; empty means the source of the event type.
        trace: Place in a distributed trace of what caused it.

    Raises:
        EventDefinitionError: The message is no event, or its key is empty.
    """
    event_type = EventType.of(message.DESCRIPTOR)
    attributes = {
        "id": event_id,
        "source": source or event_type.source,
        "specversion": SPEC_VERSION,
        "type": event_type.name,
        "time": time.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "requestid": accept_request_id(request_id),
        **_trace_attributes(trace),
    }
    headers = [(f"ce_{name}", value.encode()) for name, value in attributes.items()]
    return Record(
        topic=event_type.topic,
        key=event_type.key_of(message),
        value=message.SerializeToString(deterministic=True),
        headers=(*headers, ("content-type", CONTENT_TYPE.encode())),
    )


def decode(record: Record, types: Iterable[type[Message]]) -> Event:
    """Take an event out of a record.

    Args:
        record: The record as it was consumed.
        types: The event messages that the reader knows.

    Raises:
        MalformedEventError: A required attribute is missing or unreadable, the payload is not the declared message, or
            the record has another topic or key than its type declares: whoever may write to one topic would otherwise
            speak for the services of all others.
        UnknownEventTypeError: The record is well-formed, but of a type that the reader does not know.
    """
    headers = _texts(record.headers)
    if _required(headers, "ce_specversion") != SPEC_VERSION:
        raise MalformedEventError(f"ce_specversion: expected {SPEC_VERSION!r}, actual {headers['ce_specversion']!r}")
    name = _required(headers, "ce_type")
    event_id, source, time = _required(headers, "ce_id"), _required(headers, "ce_source"), _time(headers)
    known = {message.DESCRIPTOR.full_name: message for message in types}
    if name not in known:
        raise UnknownEventTypeError(f"ce_type: expected one of {sorted(known)}, actual {name!r}")
    message = _payload(record, headers, known[name])
    _require_declared(record, message)
    return Event(
        message=message,
        id=event_id,
        type=name,
        source=source,
        time=time,
        request_id=headers.get("ce_requestid", ""),
        trace=trace_of(headers.get("ce_traceparent"), headers.get("ce_tracestate")),
    )


def trace_in(record: Record) -> Trace | None:
    """Return the place in a distributed trace that travels with a record, whatever else it is."""
    found = {name: value for name, value in record.headers if name in _TRACE_HEADERS}
    parent, state = (found.get(name, b"").decode("ascii", "replace") for name in _TRACE_HEADERS)
    return trace_of(parent, state)


def _trace_attributes(trace: Trace | None) -> Mapping[str, str]:
    pairs = {} if trace is None else {"traceparent": trace.parent, "tracestate": trace.state}
    return {name: value for name, value in pairs.items() if value}


def _require_declared(record: Record, message: Message) -> None:
    declared = EventType.of(message.DESCRIPTOR)
    if record.topic != declared.topic:
        raise MalformedEventError(f"topic of {declared.name}: expected {declared.topic!r}, actual {record.topic!r}")
    try:
        key = declared.key_of(message)
    except EventDefinitionError as error:
        raise MalformedEventError(str(error)) from None
    if record.key != key:
        raise MalformedEventError(f"key of {declared.name}: expected {key!r}, actual {record.key!r}")


def _texts(headers: Iterable[tuple[str, bytes]]) -> Mapping[str, str]:
    texts = {}
    for name, value in headers:
        # Headers of others may hold anything; only those of the binding have to be text.
        if name.startswith("ce_") or name == "content-type":
            try:
                texts[name] = value.decode()
            except UnicodeDecodeError:
                raise MalformedEventError(f"{name}: expected UTF-8, actual {value[:40]!r}") from None
            if len(value) > ATTRIBUTE_BYTES:
                raise MalformedEventError(f"{name}: expected {ATTRIBUTE_BYTES} bytes at most, actual {len(value)}")
    return texts


def _required(headers: Mapping[str, str], name: str) -> str:
    value = headers.get(name)
    if not value:
        raise MalformedEventError(f"header {name} is {'empty' if value == '' else 'missing'}")
    return value


def _time(headers: Mapping[str, str]) -> datetime:
    text = _required(headers, "ce_time")
    try:
        time = datetime.fromisoformat(text)
        if time.tzinfo is not None:
            return time.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise MalformedEventError(f"ce_time: expected an RFC 3339 timestamp, actual {text!r}")


def _payload(record: Record, headers: Mapping[str, str], message_type: type[Message]) -> Message:
    content_type = _required(headers, "content-type")
    if content_type.partition(";")[0].strip() != CONTENT_TYPE:
        raise MalformedEventError(f"content-type: expected {CONTENT_TYPE!r}, actual {content_type!r}")
    if record.value is None:
        raise MalformedEventError("the record has no value")
    try:
        return message_type.FromString(record.value)
    except DecodeError as error:
        raise MalformedEventError(f"the value is no {message_type.DESCRIPTOR.full_name}: {error}") from None
