"""Events as AsyncAPI 3 documents in ``contracts/asyncapi/``: one for each service that sends or receives any."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from google.protobuf.message import Message
from plt.identity.v1 import events_pb2

from codegen.comments import comments_of
from codegen.product import ROOT, Product
from platformkit.events import EventType, topics_of
from platformkit.events.envelope import CONTENT_TYPE, SPEC_VERSION
from servanda.interfaces.protobuf.compiler import compile_workspace
from services.audit.adapters.event_handlers import EVENTS as HEARD_BY_AUDIT
from services.auth.adapters.event_handlers import HEARD as HEARD_BY_AUTH
from services.auth.adapters.messages import EVENTS as TOLD_BY_AUTH
from services.notification.adapters.event_handlers import HEARD as HEARD_BY_NOTIFICATION

VERSION = "1"
PROTOBUF = "application/vnd.google.protobuf;version=3"
TOLD_BY_IDENTITY = (events_pb2.UserCreated, events_pb2.UserUpdated, events_pb2.UserDeactivated)
# Each service, what it sends and what it receives.
SERVICES: Sequence[tuple[str, Sequence[type[Message]], Sequence[type[Message]]]] = (
    ("audit", (), HEARD_BY_AUDIT),
    ("auth", TOLD_BY_AUTH, HEARD_BY_AUTH),
    ("identity", TOLD_BY_IDENTITY, ()),
    ("notification", (), HEARD_BY_NOTIFICATION),
)
# Attributes of CloudEvents that every record carries, with what is known of their values.
ATTRIBUTES: Mapping[str, Mapping[str, str]] = {
    "ce_id": {"type": "string", "description": "Identifier of the event, unique within ce_source."},
    "ce_source": {"type": "string", "format": "uri-reference", "description": "Who published the event."},
    "ce_specversion": {"type": "string", "const": SPEC_VERSION, "description": "Version of CloudEvents."},
    "ce_type": {"type": "string", "description": "Full name of the payload's message."},
    "ce_time": {"type": "string", "format": "date-time", "description": "When it happened."},
    "content-type": {"type": "string", "const": CONTENT_TYPE, "description": "How the payload is encoded."},
}
EXTENSIONS: Mapping[str, Mapping[str, str]] = {
    "requestid": {"type": "string", "description": "Request that caused the event."},
}


def products() -> Iterator[Product]:
    """Return the documents."""
    comments = comments_of(compile_workspace(ROOT / "proto"))
    for name, sent, received in SERVICES:
        text = json.dumps(document(name, sent, received, comments), ensure_ascii=False, indent=2)
        yield Product(f"contracts/asyncapi/{name}.json", f"{text}\n".encode())


def document(
    name: str, sent: Sequence[type[Message]], received: Sequence[type[Message]], comments: Mapping[str, str]
) -> dict[str, Any]:
    """Describe what a service sends and receives, after https://www.asyncapi.com/docs/reference/specification/v3.0.0."""
    types = (*sent, *received)
    topics = topics_of(types)
    on_topic = {topic.name: [t for t in types if EventType.of(t.DESCRIPTOR).topic == topic.name] for topic in topics}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": f"Events of {name}", "version": VERSION},
        "defaultContentType": CONTENT_TYPE,
        "channels": {topic.name: _channel(topic.name, topic.retention_hours, on_topic[topic.name]) for topic in topics},
        "operations": {
            f"{action}{message.DESCRIPTOR.name}": _operation(action, message, comments)
            for action, own in (("send", sent), ("receive", received))
            for message in own
        },
        "components": {"messages": {message.DESCRIPTOR.name: _message(message, comments) for message in types}},
    }


def _channel(topic: str, retention_hours: int, messages: Sequence[type[Message]]) -> dict[str, Any]:
    configuration = {"retention.ms": retention_hours * 3_600_000} if retention_hours else {}
    return {
        "address": topic,
        "description": "A deployment with a namespace appends '.' and its name.",
        "messages": {
            message.DESCRIPTOR.name: {"$ref": f"#/components/messages/{message.DESCRIPTOR.name}"}
            for message in messages
        },
        "bindings": {"kafka": {"topic": topic, "topicConfiguration": configuration, "bindingVersion": "0.5.0"}},
    }


def _operation(action: str, message: type[Message], comments: Mapping[str, str]) -> dict[str, Any]:
    topic = EventType.of(message.DESCRIPTOR).topic.replace("/", "~1")
    return {
        "action": action,
        "summary": comments[message.DESCRIPTOR.full_name],
        "channel": {"$ref": f"#/channels/{topic}"},
        "messages": [{"$ref": f"#/channels/{topic}/messages/{message.DESCRIPTOR.name}"}],
    }


def _message(message: type[Message], comments: Mapping[str, str]) -> dict[str, Any]:
    event_type = EventType.of(message.DESCRIPTOR)
    headers: dict[str, Mapping[str, str]] = {
        **ATTRIBUTES,
        "ce_source": {**ATTRIBUTES["ce_source"], "const": event_type.source},
        "ce_type": {**ATTRIBUTES["ce_type"], "const": event_type.name},
        **{f"ce_{extension}": EXTENSIONS[extension] for extension in event_type.extensions},
    }
    source = ROOT / "proto" / message.DESCRIPTOR.file.name
    return {
        "name": event_type.name,
        "summary": comments[event_type.name],
        "contentType": CONTENT_TYPE,
        "headers": {"type": "object", "properties": headers, "required": sorted(headers)},
        "payload": {"schemaFormat": PROTOBUF, "schema": source.read_text(encoding="utf-8")},
        "correlationId": {"location": "$message.header#/ce_requestid"},
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": f"The value of {'.'.join(event_type.key)}."},
                "bindingVersion": "0.5.0",
            }
        },
    }
