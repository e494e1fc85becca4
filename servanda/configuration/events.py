"""The table ``[events]``: how events are declared, recorded and replayed."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from servanda.configuration.forms import (
    ENVIRONMENT,
    FLAG,
    FOLDER,
    TEXT,
    TEXTS,
    TEXTS_BY_NAME,
    tables_by_name,
)
from servanda.configuration.model import EventConsumer, EventPublisher, Events
from servanda.configuration.shape import Key, Shape

_CONSUMER: Final = Shape(
    EventConsumer,
    (
        Key("topics", TEXTS, "topics that it reads, without the namespace", default=()),
        Key(
            "group",
            TEXT,
            "its consumer group, without the namespace, which is added as to a topic",
            default="",
            shown="the name of the service",
        ),
        Key("schema", TEXT, "schema of its tables", default="", shown="the name of the service"),
        Key(
            "ignore",
            TEXTS,
            "tables, and columns as `table.column`, that are not compared: they are no effects of events, or new each "
            "time. Identifiers and times that are made during a run, and numbers of sequences, are never compared",
            default=(),
        ),
        Key(
            "waiting",
            TEXTS,
            "tables that are empty once everything was applied, such as parked events: effects are compared then",
            default=(),
        ),
        Key(
            "dead_letters",
            TEXT,
            "name of the topic of records that it gives up, from `{topic}`, such as `{topic}.dlq`",
            default="",
            shown="none",
        ),
        Key(
            "effects",
            TEXTS,
            "columns, as `table.column`, with the identifier (`ce_id`) of the event of which a row was made: while "
            "[versions live together](../how-to/rolling-upgrade.md), each event that it does not give up has exactly "
            "one row there",
            default=(),
        ),
        Key(
            "environment",
            ENVIRONMENT,
            "additional environment of its process, such as shorter delays; a value may hold [secrets](#secrets)",
            default=MappingProxyType({}),
            shown="empty",
        ),
    ),
)
_PUBLISHER: Final = Shape(
    EventPublisher,
    (
        Key("schema", TEXT, "schema of its tables", default="", shown="the name of the service"),
        Key(
            "waiting",
            TEXTS,
            "tables that are empty once everything was published, such as an outbox: what stays there while "
            "[versions live together](../how-to/rolling-upgrade.md) is a break",
            default=(),
        ),
    ),
)
EVENTS: Final = Shape(
    Events,
    (
        Key(
            "option",
            TEXT,
            "full name of the message option that marks an event; its type has the fields `topic`, `key`, `headers`, "
            "`retention_hours`",
            default="",
        ),
        Key(
            "messages",
            TEXTS_BY_NAME,
            "full name of the protobuf message by topic, description or metadata value, for "
            "[contracts about events in JSON](../how-to/consumer-impact.md#events-in-json) and for recorded events",
            default=MappingProxyType({}),
        ),
        Key("topic", TEXT, "pattern of topic names in a run", default="{topic}"),
        Key(
            "corpus",
            FOLDER,
            "folder of the [recorded events](../how-to/recorded-events.md)",
            default="contracts/events",
        ),
        Key(
            "redact",
            TEXTS,
            "what is not kept of recorded events, besides fields that are annotated with `debug_redact`: `key`, "
            "`header.NAME`, or members of JSON as JSONPath without indexes, such as `$.user.email` or "
            "`$.items[*].name`",
            default=(),
        ),
        Key(
            "enums",
            TEXTS,
            "members of JSON whose values make another shape, as JSONPath without indexes, such as `$.status`",
            default=(),
        ),
        Key(
            "consumers",
            tables_by_name(_CONSUMER),
            "services that read events, by name: `servanda events replay` sends them the recorded ones, and "
            "`servanda versions` watches what they make of those that a run publishes",
        ),
        Key("publishers", tables_by_name(_PUBLISHER), "services whose events wait in tables, by name"),
        Key(
            "gate",
            FLAG,
            "whether `gate` has a stage `events`, which replays the recorded events, where there are some and a "
            "consumer is configured",
            default=True,
        ),
    ),
)
"""Everything that ``[events]`` may say."""
