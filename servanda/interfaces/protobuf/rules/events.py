"""Rules about events: they come on the same topic, in the same order, under the same name, with the same headers.

An event is a message with the option that the repository names; see :class:`Conventions`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from google.protobuf.descriptor_pb2 import DescriptorProto
from google.protobuf.message import Message as Option

from servanda.interfaces.effect import BREAKS_USERS, MAY_AFFECT_USERS, OVER_KAFKA
from servanda.interfaces.protobuf.options import Options
from servanda.interfaces.protobuf.rules.categories import Category
from servanda.interfaces.protobuf.rules.subject import Comparison, Pair, Subject, at_option, at_remains
from servanda.interfaces.protobuf.schema import Element
from servanda.interfaces.rule import Objection, Remedy, Rule
from servanda.interfaces.transition import BOTH_WAYS_IF_READ, MISSING, SURPRISE

Message = Element[DescriptorProto]


@dataclass(frozen=True, slots=True)
class Event:
    """How a message travels.

    Attributes:
        headers: Headers that every record has.
        retention_hours: How long a record stays; 0 leaves it to the broker.
    """

    topic: str
    key: str
    headers: tuple[str, ...]
    retention_hours: int


def option_no_delete(pair: Pair[Message]) -> Iterator[Objection]:
    """A message that was an event and is none any more."""
    before, after = _both(pair)
    if before is not None and after is None:
        text = f"Event {pair.current.name!r} on topic {before.topic!r} is no event any more."
        yield at_option(pair, _option(pair.comparison), text)


def same_topic(pair: Pair[Message]) -> Iterator[Objection]:
    """Another topic: consumers of the former one wait in vain."""
    yield from _same(pair, "topic")


def same_key(pair: Pair[Message]) -> Iterator[Objection]:
    """Another key: events that kept their order lose it, and compaction keeps others."""
    yield from _same(pair, "key")


def header_no_delete(pair: Pair[Message]) -> Iterator[Objection]:
    """A header that consumers could rely on."""
    before, after = _both(pair)
    if before is not None and after is not None:
        for header in before.headers:
            if header not in after.headers:
                yield _at(pair, f"Event {pair.current.name!r} has no header {header!r} any more.", "headers")


def header_no_add(pair: Pair[Message]) -> Iterator[Objection]:
    """A header that consumers may demand, while records without it are still kept."""
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
    """An event type that is gone: its full name is what records carry, so a renamed type is another one."""
    previous, current = comparison.differing
    for name, message in previous.messages.items():
        event = _event(message, comparison.options[0], _option(comparison))
        if event is None or name in current.messages:
            continue
        file = current.files.get(message.file.path)
        text = f"Event type {name!r} on topic {event.topic!r} was deleted or renamed."
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
    return _event(pair.previous, before, option), _event(pair.current, after, option)


def _event(message: Message, options: Options, option: str) -> Event | None:
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
        why="Consumers do not receive the event, cannot read it, or receive it out of order or too late.",
        categories=(Category.EVENTS,),
        subject=Subject.MESSAGE,
        handler=same_topic,
        breaks=BOTH_WAYS_IF_READ,
        effect=replace(BREAKS_USERS, transports=OVER_KAFKA),
        remedy=Remedy(
            expand="Publish to both: the old topic, key and headers as they are, and the new ones beside them.",
            migrate=(
                "Let every consumer subscribe to the new topic and read what the old one still holds within its "
                "retention."
            ),
            contract="Stop publishing the old way.",
            before='topic: "shop.order.v1"',
            after='topic: "shop.order.v1"  // stays\ntopic: "shop.order.v2"  // an event of its own',
        ),
    ),
    Rule(
        id="EVENT_SAME_KEY",
        purpose="Checks that events keep their key.",
        why="Consumers do not receive the event, cannot read it, or receive it out of order or too late.",
        categories=(Category.EVENTS,),
        subject=Subject.MESSAGE,
        handler=same_key,
        breaks=BOTH_WAYS_IF_READ,
        effect=replace(MAY_AFFECT_USERS, transports=OVER_KAFKA),
        remedy=Remedy(
            expand="Publish to both: the old topic, key and headers as they are, and the new ones beside them.",
            migrate=(
                "Let every consumer subscribe to the new topic and read what the old one still holds within its "
                "retention."
            ),
            contract="Stop publishing the old way.",
            before='topic: "shop.order.v1"',
            after='topic: "shop.order.v1"  // stays\ntopic: "shop.order.v2"  // an event of its own',
        ),
    ),
    Rule(
        id="EVENT_HEADER_NO_DELETE",
        purpose="Checks that events keep their headers.",
        why="Consumers do not receive the event, cannot read it, or receive it out of order or too late.",
        categories=(Category.EVENTS,),
        subject=Subject.MESSAGE,
        handler=header_no_delete,
        breaks=SURPRISE,
        effect=replace(MAY_AFFECT_USERS, transports=OVER_KAFKA),
        remedy=Remedy(
            expand="Publish to both: the old topic, key and headers as they are, and the new ones beside them.",
            migrate=(
                "Let every consumer subscribe to the new topic and read what the old one still holds within its "
                "retention."
            ),
            contract="Stop publishing the old way.",
            before='topic: "shop.order.v1"',
            after='topic: "shop.order.v1"  // stays\ntopic: "shop.order.v2"  // an event of its own',
        ),
    ),
    Rule(
        id="EVENT_HEADER_NO_ADD",
        purpose="Checks that events require no header that older records lack.",
        why="Consumers do not receive the event, cannot read it, or receive it out of order or too late.",
        categories=(Category.EVENTS,),
        subject=Subject.MESSAGE,
        handler=header_no_add,
        breaks=MISSING,
        effect=replace(MAY_AFFECT_USERS, transports=OVER_KAFKA),
        remedy=Remedy(
            expand="Publish to both: the old topic, key and headers as they are, and the new ones beside them.",
            migrate=(
                "Let every consumer subscribe to the new topic and read what the old one still holds within its "
                "retention."
            ),
            contract="Stop publishing the old way.",
            before='topic: "shop.order.v1"',
            after='topic: "shop.order.v1"  // stays\ntopic: "shop.order.v2"  // an event of its own',
        ),
    ),
    Rule(
        id="EVENT_RETENTION_NO_SHORTEN",
        purpose="Checks that events are kept as long as before.",
        why="Consumers do not receive the event, cannot read it, or receive it out of order or too late.",
        categories=(Category.EVENTS,),
        subject=Subject.MESSAGE,
        handler=retention_no_shorten,
        breaks=SURPRISE,
        effect=replace(MAY_AFFECT_USERS, transports=OVER_KAFKA),
        remedy=Remedy(
            expand="Publish to both: the old topic, key and headers as they are, and the new ones beside them.",
            migrate=(
                "Let every consumer subscribe to the new topic and read what the old one still holds within its "
                "retention."
            ),
            contract="Stop publishing the old way.",
            before='topic: "shop.order.v1"',
            after='topic: "shop.order.v1"  // stays\ntopic: "shop.order.v2"  // an event of its own',
        ),
    ),
    Rule(
        id="EVENT_OPTION_NO_DELETE",
        purpose="Checks that messages that are events stay events.",
        why="Consumers do not receive the event, cannot read it, or receive it out of order or too late.",
        categories=(Category.EVENTS,),
        subject=Subject.MESSAGE,
        handler=option_no_delete,
        breaks=SURPRISE,
        effect=replace(BREAKS_USERS, transports=OVER_KAFKA),
        remedy=Remedy(
            expand="Publish to both: the old topic, key and headers as they are, and the new ones beside them.",
            migrate=(
                "Let every consumer subscribe to the new topic and read what the old one still holds within its "
                "retention."
            ),
            contract="Stop publishing the old way.",
            before='topic: "shop.order.v1"',
            after='topic: "shop.order.v1"  // stays\ntopic: "shop.order.v2"  // an event of its own',
        ),
    ),
    Rule(
        id="EVENT_TYPE_NO_DELETE",
        purpose="Checks that event types keep their full name.",
        why="Consumers do not receive the event, cannot read it, or receive it out of order or too late.",
        categories=(Category.EVENTS,),
        subject=Subject.STATE,
        handler=type_no_delete,
        breaks=BOTH_WAYS_IF_READ,
        effect=replace(BREAKS_USERS, transports=OVER_KAFKA),
        remedy=Remedy(
            expand="Publish to both: the old topic, key and headers as they are, and the new ones beside them.",
            migrate=(
                "Let every consumer subscribe to the new topic and read what the old one still holds within its "
                "retention."
            ),
            contract="Stop publishing the old way.",
            before='topic: "shop.order.v1"',
            after='topic: "shop.order.v1"  // stays\ntopic: "shop.order.v2"  // an event of its own',
        ),
    ),
)
