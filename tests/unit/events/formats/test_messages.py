"""Messages of protobuf: found by header, topic or configuration; shaped by presence, enums and oneofs; redacted."""

from __future__ import annotations

from pathlib import Path

import pytest
from google.protobuf import json_format, message_factory

from servanda.configuration import Events
from servanda.events.formats import Formats, UnreadableRecordError
from servanda.events.formats.messages import Messages
from servanda.interfaces.protobuf.compiler import compile_workspace
from servanda.topics.record import Record

PROTO = """
syntax = "proto3";
package shop;
import "google/protobuf/field_mask.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/descriptor.proto";

message Way { string topic = 1; string key = 2; int32 retention_hours = 4; }
extend google.protobuf.MessageOptions { Way event = 50030; }

enum State { NONE = 0; OPEN = 1; PAID = 2; }
message Person { string name = 1; string email = 2 [debug_redact = true]; int32 age = 3 [debug_redact = true]; }
message Placed {
  option (event) = { topic: "orders" key: "id" retention_hours: 24 };
  string id = 1;
  State state = 2;
  Person person = 3;
  Person hidden = 4 [debug_redact = true];
  repeated State states = 5;
  map<string, Person> people = 6;
  oneof paid_by { string card = 7; string cash = 8; }
  google.protobuf.Timestamp time = 9;
  google.protobuf.FieldMask mask = 10;
  optional int32 count = 11;
}
message Other { string id = 1; }
"""


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> Messages:
    root: Path = tmp_path_factory.mktemp("proto")
    (root / "shop.proto").write_text(PROTO)
    return Messages(compile_workspace(root), Events(option="shop.event", messages={"others": "shop.Other"}))


@pytest.fixture(scope="module")
def formats(messages: Messages) -> Formats:
    return Formats(Events(), messages)


def placed(messages: Messages, **fields: object) -> bytes:
    kind = message_factory.GetMessageClass(messages._pool.FindMessageTypeByName("shop.Placed"))
    return json_format.ParseDict(fields, kind()).SerializeToString()


def order(messages: Messages, **fields: object) -> Record:
    return Record("orders", b"o1", placed(messages, **fields), (), 0)


def signature(formats: Formats, messages: Messages, **fields: object) -> tuple[str, ...]:
    return formats.understand(order(messages, **fields)).signature


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"id": "a"}, ("id",)),
        ({"state": "PAID"}, ("state", "state=PAID")),
        ({"states": ["PAID", "OPEN", "PAID"]}, ("states[]", "states[]=OPEN", "states[]=PAID")),
        ({"card": "x"}, ("card",)),
        ({"count": 0}, ("count",)),
        ({"time": "2026-01-01T00:00:00Z"}, ("time",)),
        ({"mask": "id,state"}, ("mask", "mask=id", "mask=state")),
        ({"people": {"a": {"name": "Ada"}}}, ("people{}", "people{}.name")),
        ({"person": {"name": "Ada"}}, ("person", "person.name")),
    ],
)
def test_a_shape_is_presence_with_values_of_enums(
    formats: Formats, messages: Messages, fields: dict[str, object], shown: tuple[str, ...]
) -> None:
    assert signature(formats, messages, **fields) == shown


def test_a_value_that_no_definition_knows_is_named_by_its_number(formats: Formats) -> None:
    assert formats.understand(Record("orders", b"o", b"\x10\x07", (), 0)).signature == ("state", "state=#7")


def test_annotated_fields_are_replaced_wherever_they_are(formats: Formats, messages: Messages) -> None:
    ada = {"name": "Ada", "email": "ada@example.org", "age": 36}
    found = formats.understand(order(messages, person=ada, hidden=ada, people={"a": ada}))
    assert b"ada@example.org" not in (found.record.value or b"")
    assert found.payload["person"]["name"] == found.payload["people"]["a"]["name"] == "Ada"
    assert found.payload["hidden"]["name"] != "Ada"
    assert found.payload["person"]["age"] == 1
    assert found.signature == signature(formats, messages, person=ada, hidden=ada, people={"a": ada})


def test_what_no_definition_knows_is_not_kept(formats: Formats, messages: Messages) -> None:
    unknown = b"\xa2\x06\x06secret"
    found = formats.understand(Record("orders", b"o", placed(messages, id="a") + unknown, (), 0))
    assert (found.left_out, b"secret" in (found.record.value or b"")) == (True, False)


def test_the_only_message_of_a_topic_is_its_type(formats: Formats, messages: Messages) -> None:
    assert formats.understand(order(messages, id="a")).type == "shop.Placed"


def test_a_header_names_the_message(formats: Formats) -> None:
    record = Record("orders", b"o", b"\n\x01a", (("ce_type", b"shop.Other"),), 0)
    assert formats.understand(record).type == "shop.Other"


def test_the_configuration_names_the_message_of_a_topic(messages: Messages) -> None:
    assert messages.type_of(Record("others", b"o", b"", (), 0)) == "shop.Other"


def test_a_value_that_is_no_message_is_refused(formats: Formats) -> None:
    with pytest.raises(UnreadableRecordError, match=r"the value is no shop\.Placed"):
        formats.understand(Record("orders", b"o", b"\xff\xff", (), 0))


def test_a_definition_tells_how_long_its_topic_keeps_a_record(formats: Formats) -> None:
    assert (formats.retention_hours("orders"), formats.retention_hours("others")) == (24, None)


def test_a_fingerprint_changes_with_what_is_reached(messages: Messages, tmp_path: Path) -> None:
    (tmp_path / "shop.proto").write_text(PROTO.replace("PAID = 2;", "PAID = 2; SENT = 3;"))
    changed = Formats(Events(), Messages(compile_workspace(tmp_path), Events(option="shop.event")))
    one = Record("orders", b"o", b"\n\x01a", (), 0)
    assert changed.understand(one).schema != Formats(Events(), messages).understand(one).schema
