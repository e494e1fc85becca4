from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from google.protobuf import message_factory
from hypothesis import given
from hypothesis import strategies as st
from plt.identity.v1 import events_pb2, identity_pb2

from platformkit.context import Trace
from platformkit.events import Event, MalformedEventError, Record, UnknownEventTypeError, decode, encode
from tests.unit.platformkit.events.declaration import declared

PARENT = f"00-{'a' * 32}-{'b' * 16}-01"
TYPES = (events_pb2.UserCreated, events_pb2.UserDeactivated)
TIME = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
MESSAGE = events_pb2.UserCreated(user=identity_pb2.User(user_id="u-1", email="ada@example.com"))
RECORD = encode(MESSAGE, event_id="e-1", time=TIME, request_id="r-1")


def changed(name: str, value: bytes | None) -> Record:
    """The record with one header replaced, or left out."""
    kept = tuple(header for header in RECORD.headers if header[0] != name)
    return replace(RECORD, headers=kept if value is None else (*kept, (name, value)))


def test_an_event_travels_in_cloudevents_binary_mode() -> None:
    assert RECORD.topic == "plt.identity.user.v1"
    assert RECORD.key == b"u-1"
    assert RECORD.value == MESSAGE.SerializeToString()
    assert dict(RECORD.headers) == {
        "ce_id": b"e-1",
        "ce_source": b"/plt/identity",
        "ce_specversion": b"1.0",
        "ce_type": b"plt.identity.v1.UserCreated",
        "ce_time": b"2026-01-02T03:04:05.000678Z",
        "ce_requestid": b"r-1",
        "content-type": b"application/protobuf",
    }


@given(
    email=st.text(max_size=40),
    event_id=st.text(min_size=1, max_size=40),
    request_id=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", fullmatch=True),
    trace=st.sampled_from([None, Trace(PARENT), Trace(PARENT, "rojo=1,congo=2")]),
    time=st.datetimes(timezones=st.just(UTC)),
)
def test_what_is_encoded_is_decoded(
    email: str, event_id: str, request_id: str, trace: Trace | None, time: datetime
) -> None:
    message = events_pb2.UserCreated(user=identity_pb2.User(user_id="u-1", email=email))
    event = decode(encode(message, event_id=event_id, time=time, request_id=request_id, trace=trace), TYPES)
    assert event == Event(message, event_id, "plt.identity.v1.UserCreated", "/plt/identity", time, request_id, trace)


def test_the_context_travels_with_an_event_that_declares_no_extension() -> None:
    message = message_factory.GetMessageClass(declared("t", "name"))(name="key")
    record = encode(message, event_id="e-1", time=TIME, request_id="r-1", trace=Trace(PARENT, "rojo=1"))
    expected = {"ce_requestid": b"r-1", "ce_traceparent": PARENT.encode(), "ce_tracestate": b"rojo=1"}
    assert expected.items() <= dict(record.headers).items()


@pytest.mark.parametrize("request_id", ["", "a b", "x" * 129])
def test_a_request_id_that_is_unfit_is_replaced_on_its_way_out(request_id: str) -> None:
    record = encode(MESSAGE, event_id="e-1", time=TIME, request_id=request_id)
    assert decode(record, TYPES).request_id not in {"", request_id}


def test_a_trace_that_is_malformed_is_no_reason_to_give_an_event_up() -> None:
    assert decode(changed("ce_traceparent", b"of nobody"), TYPES).trace is None


@pytest.mark.parametrize("name", ["ce_id", "ce_source", "ce_type", "ce_specversion", "ce_time", "content-type"])
def test_a_record_without_a_required_header_is_malformed(name: str) -> None:
    with pytest.raises(MalformedEventError, match=f"{name} is missing"):
        decode(changed(name, None), TYPES)


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        pytest.param("ce_id", b"", "ce_id is empty", id="empty"),
        pytest.param("ce_id", b"\xff", "ce_id: expected UTF-8", id="not text"),
        pytest.param("ce_id", b"x" * 1001, "expected 1000 bytes at most, actual 1001", id="endless"),
        pytest.param("ce_specversion", b"0.3", "expected '1.0', actual '0.3'", id="another version"),
        pytest.param("ce_time", b"yesterday", "ce_time: expected an RFC 3339", id="no time"),
        pytest.param("ce_time", b"2026-01-02T03:04:05", "ce_time: expected an RFC 3339", id="time of no zone"),
        pytest.param(
            "ce_time", b"9999-12-31T23:59:59-14:00", "ce_time: expected an RFC 3339", id="beyond the calendar"
        ),
        pytest.param("content-type", b"application/json", "expected 'application/protobuf'", id="another payload"),
    ],
)
def test_a_record_with_an_unreadable_header_is_malformed(name: str, value: bytes, complaint: str) -> None:
    with pytest.raises(MalformedEventError, match=complaint):
        decode(changed(name, value), TYPES)


@pytest.mark.parametrize("value", [pytest.param(None, id="tombstone"), pytest.param(b"\xff\xff\xff", id="other bytes")])
def test_a_record_with_another_payload_is_malformed(value: bytes | None) -> None:
    with pytest.raises(MalformedEventError, match="value"):
        decode(replace(RECORD, value=value), TYPES)


@pytest.mark.parametrize(
    ("forged", "complaint"),
    [
        pytest.param({"topic": "plt.auth.account.v1"}, "topic of plt.identity.v1.UserCreated", id="topic of another"),
        pytest.param({"topic": "plt.identity.user.v1.x"}, "topic of plt.identity.v1.UserCreated", id="longer topic"),
        pytest.param({"key": b"u-2"}, "key of plt.identity.v1.UserCreated", id="key of another"),
        pytest.param({"key": b"U-1"}, "key of plt.identity.v1.UserCreated", id="key in capitals"),
        pytest.param({"key": None}, "key of plt.identity.v1.UserCreated", id="no key"),
        pytest.param({"key": b"", "value": b""}, "is the record key and must not be empty", id="of nobody"),
    ],
)
def test_a_record_that_is_not_where_its_type_belongs_is_no_event(forged: dict[str, Any], complaint: str) -> None:
    with pytest.raises(MalformedEventError, match=complaint):
        decode(replace(RECORD, **forged), TYPES)


def test_a_type_that_the_reader_does_not_know_is_told_from_a_malformed_record() -> None:
    with pytest.raises(UnknownEventTypeError, match=r"actual 'plt\.identity\.v1\.UserUpdated'"):
        decode(changed("ce_type", b"plt.identity.v1.UserUpdated"), TYPES)


def test_a_record_without_a_request_id_is_still_an_event() -> None:
    assert decode(changed("ce_requestid", None), TYPES).request_id == ""


def test_headers_of_others_are_ignored_whatever_they_hold() -> None:
    assert decode(changed("traceparent", b"\xff"), TYPES).id == "e-1"


def test_a_content_type_may_carry_parameters() -> None:
    assert decode(changed("content-type", b"application/protobuf; charset=binary"), TYPES).id == "e-1"


@given(st.binary(max_size=60), st.lists(st.tuples(st.sampled_from(["ce_id", "ce_type", "ce_time"]), st.binary())))
def test_no_record_makes_the_reader_fail_otherwise(value: bytes, headers: list[tuple[str, bytes]]) -> None:
    try:
        decode(Record("plt.identity.user.v1", None, value, (*RECORD.headers, *headers)), TYPES)
    except (MalformedEventError, UnknownEventTypeError):
        return
