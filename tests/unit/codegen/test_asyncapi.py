from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from plt.identity.v1 import events_pb2

from codegen.asyncapi import document
from codegen.product import ROOT

COMMENTS = {f"plt.identity.v1.{name}": f"About {name}." for name in ("UserCreated", "UserDeactivated")}
DOCUMENT = document("identity", [events_pb2.UserCreated], [events_pb2.UserDeactivated], COMMENTS)


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "$ref":
                yield inner
            else:
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


@pytest.mark.parametrize("path", sorted((ROOT / "contracts" / "asyncapi").glob("*.json")), ids=lambda path: path.name)
def test_every_reference_of_a_published_document_leads_somewhere(path: Path) -> None:
    published = json.loads(path.read_text())
    found = list(references(published))
    assert found
    for reference in found:
        place = published
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def test_a_channel_says_where_records_go_and_how_long_they_stay() -> None:
    kafka = DOCUMENT["channels"]["plt.identity.user.v1"]["bindings"]["kafka"]
    assert (kafka["topic"], kafka["topicConfiguration"]) == ("plt.identity.user.v1", {"retention.ms": 604_800_000})


def test_a_message_says_what_its_records_carry() -> None:
    message = DOCUMENT["components"]["messages"]["UserDeactivated"]
    assert message["headers"]["properties"]["ce_type"]["const"] == "plt.identity.v1.UserDeactivated"
    assert message["headers"]["required"] == [
        "ce_id",
        "ce_requestid",
        "ce_source",
        "ce_specversion",
        "ce_time",
        "ce_type",
        "content-type",
    ]
    assert message["bindings"]["kafka"]["key"]["description"] == "The value of user_id."
    assert "message UserDeactivated {" in message["payload"]["schema"]


def test_what_a_service_does_with_an_event_is_an_operation() -> None:
    operations = DOCUMENT["operations"]
    assert set(operations) == {"sendUserCreated", "receiveUserDeactivated"}
    sent = operations["sendUserCreated"]
    assert (sent["action"], sent["summary"]) == ("send", "About UserCreated.")
    assert operations["receiveUserDeactivated"]["action"] == "receive"
