"""Rules about events: they come on the same topic, in the same order, under the same name, with the same headers.

An event is a message with the option that the repository names; see :class:`Conventions`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from google.protobuf.descriptor_pb2 import DescriptorProto
from google.protobuf.message import Message as Option

from servanda.interfaces.effect import BREAKS_USERS, MAY_AFFECT_USERS, OVER_KAFKA, When
from servanda.interfaces.protobuf.options import Options
from servanda.interfaces.protobuf.rules.categories import Category
from servanda.interfaces.protobuf.rules.subject import Comparison, Pair, Subject, at_option, at_remains
from servanda.interfaces.protobuf.schema import Element
from servanda.interfaces.rule import Objection, Remedy, Rule
from servanda.interfaces.transition import BOTH_WAYS_IF_READ, GONE, MISSING, SURPRISE

Message = Element[DescriptorProto]


@dataclass(frozen=True, slots=True)
class Event:
    """Transport settings of a message.

    Attributes:
        headers: Headers that every record has.
        retention_hours: How long a record stays; 0 leaves it to the broker.
    """

    topic: str
    key: str
    headers: tuple[str, ...]
    retention_hours: int


def option_no_delete(pair: Pair[Message]) -> Iterator[Objection]:
    """Object to a message that was an event and is none any more."""
    before, after = _both(pair)
    if before is not None and after is None:
        text = f"Event {pair.current.name!r} on topic {before.topic!r} is no event any more."
        yield at_option(pair, _option(pair.comparison), text)


def same_topic(pair: Pair[Message]) -> Iterator[Objection]:
    """Object to another topic: consumers of the former one wait in vain."""
    yield from _same(pair, "topic")


def same_key(pair: Pair[Message]) -> Iterator[Objection]:
    """Object to another key: events that kept their order lose it, and compaction keeps others."""
    yield from _same(pair, "key")


def header_no_delete(pair: Pair[Message]) -> Iterator[Objection]:
    """Object to a header that consumers could rely on."""
    before, after = _both(pair)
    if before is not None and after is not None:
        for header in before.headers:
            if header not in after.headers:
                yield _at(pair, f"Event {pair.current.name!r} has no header {header!r} any more.", "headers")


def header_no_add(pair: Pair[Message]) -> Iterator[Objection]:
    """Object to a header that consumers may demand, while records without it are still kept."""
    before, after = _both(pair)
    if before is not None and after is not None:
        for header in after.headers:
            if header not in before.headers:
                text = f"Event {pair.current.name!r} now requires header {header!r}, which older records do not have."
                yield _at(pair, text, "headers")


def retention_no_shorten(pair: Pair[Message]) -> Iterator[Objection]:
    """Records that go earlier: a consumer that was away misses them."""
    before, after = _both(pair)
    if before is None or after is None or before.retention_hours == after.retention_hours:
        return
    if not before.retention_hours or after.retention_hours < before.retention_hours:
        names = (
            f"{each.retention_hours} h" if each.retention_hours else "broker's default" for each in (before, after)
        )
        text = f"The retention of event {pair.current.name!r} changed from {next(names)} to {next(names)}."
        yield _at(pair, text, "retention_hours")


def type_no_delete(comparison: Comparison) -> Iterator[Objection]:
    """Object to an event type that is gone: its full name is what records carry, so a renamed type is another one."""
    previous, current = comparison.differing
    for name, message in previous.messages.items():
        found = event(message, comparison.options[0], _option(comparison))
        if found is None or name in current.messages:
            continue
        file = current.files.get(message.file.path)
        text = f"Event type {name!r} on topic {found.topic!r} was deleted or renamed."
        yield at_remains(message, file, file.messages if file else {}, text)


def _same(pair: Pair[Message], what: str) -> Iterator[Objection]:
    before, after = _both(pair)
    if before is not None and after is not None and getattr(before, what) != getattr(after, what):
        shown = [repr(getattr(each, what)) for each in (before, after)]
        text = f"The {what} of event {pair.current.name!r} changed from {shown[0]} to {shown[1]}."
        yield _at(pair, text, what)


def _both(pair: Pair[Message]) -> tuple[Event | None, Event | None]:
    option = _option(pair.comparison)
    before, after = pair.comparison.options
    return event(pair.previous, before, option), event(pair.current, after, option)


def event(message: Message, options: Options, option: str) -> Event | None:
    """Return how a message travels; ``None`` if it is no event.

    Args:
        message: The message.
        options: The reader of the options of its state.
        option: Full name of the option that marks an event; empty if none does.
    """
    value = options.message(message, option) if option else None
    if value is None:
        return None
    return Event(
        topic=_part(value, "topic", ""),
        key=_part(value, "key", ""),
        headers=tuple(_part(value, "headers", ())),
        retention_hours=_part(value, "retention_hours", 0),
    )


# ``Any``: the option is the repository's own and need not know all parts.
def _part(value: Option, name: str, otherwise: Any) -> Any:
    return getattr(value, name) if name in value.DESCRIPTOR.fields_by_name else otherwise


def _at(pair: Pair[Message], text: str, part: str) -> Objection:
    option = _option(pair.comparison)
    value = pair.comparison.options[1].message(pair.current, option)
    field = value.DESCRIPTOR.fields_by_name.get(part) if value is not None else None
    return at_option(pair, option, text, inner=(field.number,) if field is not None else ())


def _option(comparison: Comparison) -> str:
    return comparison.conventions.event_option


RULES: tuple[Rule, ...] = (
    Rule(
        id="EVENT_SAME_TOPIC",
        purpose="Checks that events keep their topic.",
        why="Consumer groups on the old topic wait, without an error, for events that no longer arrive there.",
        categories=(Category.EVENTS,),
        subject=Subject.MESSAGE,
        handler=same_topic,
        breaks=BOTH_WAYS_IF_READ,
        effect=replace(BREAKS_USERS, transports=OVER_KAFKA),
        remedy=Remedy(
            expand="Publish $name to $topic and to $new_topic, with the same event id in both.",
            migrate=(
                "Let every consumer group subscribe to $new_topic and drop ids that it has seen; the group offsets "
                "of the broker show who is left."
            ),
            contract="Publish $name to $new_topic only, and delete the other topic after its retention.",
            before="// event $name: $topic",
            after="// event $name: $topic, and a copy on $new_topic",
        ),
    ),
    Rule(
        id="EVENT_SAME_KEY",
        purpose="Checks that events keep their key.",
        why=(
            "Records of one entity go to another partition, so a consumer can see a newer event before an older one, "
            "and compaction keeps both."
        ),
        categories=(Category.EVENTS,),
        subject=Subject.MESSAGE,
        handler=same_key,
        breaks=BOTH_WAYS_IF_READ,
        effect=replace(BREAKS_USERS, transports=OVER_KAFKA, when=When.IF_EXPECTED),
        remedy=Remedy(
            expand="Go on publishing $name with $key, and publish it with $new_key to a topic of its own.",
            migrate=(
                "Let every consumer group that depends on the order move to the new topic; the group offsets of the "
                "broker show who is left."
            ),
            contract="Stop publishing $name with $key when no group reads the old topic.",
            before="// event $name: $key",
            after="// event $name: $key, and $new_key on a topic of its own",
        ),
    ),
    Rule(
        id="EVENT_HEADER_NO_DELETE",
        purpose="Checks that events keep their headers.",
        why=(
            "Consumers that route, trace or deduplicate by the header find it missing and fail, or handle an event "
            "twice."
        ),
        categories=(Category.EVENTS,),
        subject=Subject.MESSAGE,
        handler=header_no_delete,
        breaks=SURPRISE,
        effect=replace(BREAKS_USERS, transports=OVER_KAFKA, when=When.IF_EXPECTED),
        remedy=Remedy(
            expand="Go on writing the $lost_headers on every record of $name.",
            migrate=(
                "Let every consumer take the value from the message or do without; 'servanda usage $element' names "
                "the consumers of $name."
            ),
            contract="Remove the $lost_headers from the option of $name, then from the records.",
            before="// event $name: $headers",
            after="// event $name: $headers  (unchanged)",
        ),
    ),
    Rule(
        id="EVENT_HEADER_NO_ADD",
        purpose="Checks that events require no header that older records lack.",
        why=(
            "New consumers that demand the header fail on older records, and these stay on the topic for the whole "
            "retention."
        ),
        categories=(Category.EVENTS,),
        subject=Subject.MESSAGE,
        handler=header_no_add,
        breaks=MISSING,
        effect=replace(MAY_AFFECT_USERS, transports=OVER_KAFKA),
        remedy=Remedy(
            expand="Write the $added_headers on every record of $name, and do not list it in the option yet.",
            migrate="Wait $retention until every record of $name on the topic has it.",
            contract="List the $added_headers in the option of $name.",
            before="// event $name: $headers",
            after="// event $name: $headers  (the new one is written, but not promised)",
        ),
    ),
    Rule(
        id="EVENT_RETENTION_NO_SHORTEN",
        purpose="Checks that events are kept as long as before.",
        why=(
            "The broker deletes records earlier: a consumer group that was down longer than the new time misses "
            "events without an error."
        ),
        categories=(Category.EVENTS,),
        subject=Subject.MESSAGE,
        handler=retention_no_shorten,
        breaks=SURPRISE,
        effect=replace(MAY_AFFECT_USERS, transports=OVER_KAFKA),
        remedy=Remedy(
            expand=(
                "Keep $name for $retention, and measure the longest lag and the longest outage of each consumer group."
            ),
            migrate=(
                "Let every consumer group of $name show that it catches up within the new time, also when it replays "
                "from the start."
            ),
            contract="Lower retention_hours of $name, then the retention of the topic.",
            before="// event $name: kept for $retention",
            after="// event $name: kept for $retention, until every group is known to be faster",
        ),
    ),
    Rule(
        id="EVENT_OPTION_NO_DELETE",
        purpose="Checks that messages that are events stay events.",
        why=(
            "Nothing publishes the message as an event any more, so consumers of its topic wait without an error for "
            "records that never come."
        ),
        categories=(Category.EVENTS,),
        subject=Subject.MESSAGE,
        handler=option_no_delete,
        breaks=SURPRISE,
        effect=replace(BREAKS_USERS, transports=OVER_KAFKA),
        remedy=Remedy(
            expand="Keep the event option on $name, and go on publishing it to $topic.",
            migrate=(
                "Let every consumer learn the fact in another way, such as an rpc; 'servanda usage $element' names "
                "the consumers of $name."
            ),
            contract="Remove the option from $name when no group is subscribed for it.",
            before="// event $name: $topic",
            after="// event $name: $topic  (deprecated, still published)",
        ),
    ),
    Rule(
        id="EVENT_TYPE_NO_DELETE",
        purpose="Checks that event types keep their full name.",
        why=(
            "Records carry the full name of their type: consumers do not recognize a new name, and nobody can decode "
            "the old records on the topic."
        ),
        categories=(Category.EVENTS,),
        subject=Subject.STATE,
        handler=type_no_delete,
        breaks=GONE,
        effect=replace(BREAKS_USERS, transports=OVER_KAFKA),
        remedy=Remedy(
            expand="Keep event type $name, and publish its successor beside it on $topic.",
            migrate=(
                "Let every consumer handle the successor, and wait $retention until no record of $name is left on "
                "the topic."
            ),
            contract="Delete $name when the broker holds no record of it.",
            before="$declaration",
            after="$deprecated\n// and its successor, an event type of another name on the same topic",
        ),
    ),
)
