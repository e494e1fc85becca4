"""JSON: its shape, its name, and what nobody may read of it."""

from __future__ import annotations

import json

import pytest

from servanda.configuration import Events
from servanda.events.formats import Formats, UnreadableRecordError
from tests.unit.events.samples import JSON, record


def test_values_make_no_shape_of_their_own() -> None:
    one, other = JSON.understand(record({"count": 1})), JSON.understand(record({"count": 2}))
    assert one.signature == other.signature == ("$.count:number", "$:object")


@pytest.mark.parametrize("body", [{"count": "1"}, {"count": None}, {}, {"count": 1, "more": 1}])
def test_another_type_or_member_is_another_shape(body: object) -> None:
    assert JSON.understand(record(body)).signature != JSON.understand(record({"count": 1})).signature


def test_values_of_an_enum_are_part_of_the_shape() -> None:
    signatures = {JSON.understand(record({"status": each})).signature for each in ("open", "paid", "open")}
    assert len(signatures) == 2


def test_elements_of_a_list_make_one_shape() -> None:
    one, other = ({"items": [{"a": 1}] * count} for count in (1, 3))
    assert JSON.understand(record(one)).signature == JSON.understand(record(other)).signature


def test_what_nobody_may_read_is_replaced_by_something_of_its_form() -> None:
    found = JSON.understand(record({"email": "ada@example.org", "item": "tea"}))
    value = json.loads(found.record.value or b"")
    assert value["email"].startswith("redacted-")
    assert value["email"].endswith("@example.com")
    assert value["item"] == "tea"
    assert b"ada@" not in (found.record.value or b"")


def test_a_key_that_repeats_a_hidden_value_is_hidden_as_well() -> None:
    found = JSON.understand(record({"email": "ada@example.org"}, key="ada@example.org"))
    assert (found.record.key or b"").decode() == json.loads(found.record.value or b"")["email"]


def test_headers_and_keys_can_be_hidden() -> None:
    formats = Formats(Events(redact=("key", "header.authorization")), None)
    found = formats.understand(record({}, key="ada", authorization="secret"))
    assert b"ada" not in (found.record.key or b"")
    assert "secret" not in found.record.header("authorization")
    assert found.record.header("ce_id") == "e0"


def test_a_tombstone_is_a_shape() -> None:
    assert JSON.understand(record(None)).signature == ("tombstone",)


@pytest.mark.parametrize("value", [b"", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_refused(value: bytes) -> None:
    one = record({})
    with pytest.raises(UnreadableRecordError, match="the value is no JSON"):
        JSON.understand(type(one)(one.topic, one.key, value, one.headers, one.time))


def test_structured_cloud_events_say_their_type() -> None:
    assert JSON.understand(record({"specversion": "1.0", "type": "order.placed"})).type == "order.placed"
