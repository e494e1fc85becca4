"""The ground truth, by doing it: an old consumer talks to a provider that has the change.

The provider has the same data as before and puts it into the new messages, as far as they have room for it. The
consumer encodes and decodes by the old definition. It breaks if a call is refused, if something that it writes does not
arrive, or if something that it relies on is not what it was. Nothing here knows of rules or of Servanda.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import DecodeError, Message

from bench.consumer_impact.consumers import Consumer, Path
from bench.consumer_impact.interface import Field, Interface
from servanda.pact.descriptors import Descriptors

PACKAGE = "depot.v1"
Identities = tuple[int, ...]


class State:
    """An interface with the classes of its messages."""

    def __init__(self, interface: Interface, descriptors: Descriptors) -> None:
        self.interface = interface
        self._descriptors = descriptors

    def new(self, name: str) -> Message:
        """Return an empty message."""
        return self._descriptors.message(f"{PACKAGE}.{name}")()

    def identities(self, message: str, path: Path) -> Identities:
        """Return what the fields of a path mean."""
        found = []
        for name in path:
            field = next(each for each in self.interface.messages[message].fields if each.name == name)
            found.append(field.identity)
            message = field.kind
        return tuple(found)

    def fields(self, message: str, identities: Identities) -> list[Field] | None:
        """Return the fields that mean this now; ``None`` if one of them is gone."""
        found: list[Field] = []
        for identity in identities:
            field = next((each for each in self.interface.messages[message].fields if each.identity == identity), None)
            if field is None:
                return None
            found.append(field)
            message = field.kind
        return found


def breaks(consumer: Consumer, before: State, after: State) -> str:
    """Why the change breaks this consumer; empty if it does not."""
    if consumer.transport == "kafka":
        return _unread(consumer, "ParcelSent", before, after)
    old = next(rpc for rpc in before.interface.rpcs if rpc.name == consumer.operation)
    new = next((rpc for rpc in after.interface.rpcs if rpc.name == consumer.operation), None)
    if new is None:
        return "the rpc is gone"
    if consumer.transport == "http" and (old.verb, old.path) != (new.verb, new.path):
        return "the route is gone"
    return _unwritten(consumer, old.request, before, after) or _unread(consumer, old.response, before, after)


def request(consumer: Consumer, before: State) -> Message:
    """Return what the consumer sends."""
    name = f"{consumer.operation}Request"
    return fill(before, before, name, (before.identities(name, path) for path in consumer.writes), consumer.status)


def response(consumer: Consumer, before: State, paths: Iterable[Path]) -> Message:
    """Return an example of what the consumer is sent, with these fields only."""
    name = "ParcelSent" if consumer.transport == "kafka" else f"{consumer.operation}Response"
    return fill(before, before, name, (before.identities(name, path) for path in paths), consumer.status)


def fill(before: State, state: State, name: str, chosen: Iterable[Identities], status: int) -> Message:
    """Make a message of a state that holds the data of these fields, as far as the state has them."""
    message = state.new(name)
    for identities in chosen:
        fields, former = state.fields(name, identities), before.fields(name, identities)
        if fields is None or former is None:
            continue
        holder: Any = message
        for field in fields[:-1]:
            inner = getattr(holder, field.name)
            holder = (inner[0] if inner else inner.add()) if field.repeated else inner
        last, value = fields[-1], _value(former[-1], fields[-1].kind, before, state, status)
        if last.repeated:
            # A field becomes a list to hold more than one value; whoever knows one value only takes the last one.
            more = [] if former[-1].repeated else [_other(value)]
            getattr(holder, last.name).extend([value, *more])
        else:
            setattr(holder, last.name, value)
    return message


def _value(former: Field, kind: str, before: State, state: State, status: int) -> Any:
    if former.kind == "Status":
        meaning = next(value.identity for value in before.interface.values if value.number == status)
        return next((value.number for value in state.interface.values if value.identity == meaning), 0)
    number = 1000 + former.identity
    original: Any = {"string": f"text {number}", "bytes": b"\xff\x00", "bool": True}.get(former.kind, number)
    if kind == former.kind:
        return original
    if kind == "string":
        return original.decode(errors="replace") if isinstance(original, bytes) else str(original)
    return int(original) if isinstance(original, int) else number


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    return value * 2


def _unread(consumer: Consumer, name: str, before: State, after: State) -> str:
    everything = [before.identities(name, path) for path in consumer.reads]
    old = fill(before, before, name, everything, consumer.status)
    sent = fill(before, after, name, everything, consumer.status)
    if consumer.transport == "http":
        expected, actual = _as_json(old), _as_json(sent)
        read: Any = _json_at
    else:
        expected, actual, read = old, before.new(name), _at
        try:
            actual.ParseFromString(sent.SerializeToString())
        except DecodeError as error:
            return f"the message cannot be read: {error}"
    for path in consumer.reads:
        fields = before.fields(name, before.identities(name, path)) or []
        # As text: for Python true is 1, for a consumer of JSON it is not.
        if repr(read(expected, fields)) != repr(read(actual, fields)):
            return f"{'.'.join(path)} is not what it was"
    return ""


def _unwritten(consumer: Consumer, name: str, before: State, after: State) -> str:
    sent, arrived = request(consumer, before), after.new(name)
    try:
        if consumer.transport == "http":
            _receive(_as_json(sent), arrived, name, after)
        else:
            arrived.ParseFromString(sent.SerializeToString())
    except (json_format.ParseError, DecodeError) as error:
        return f"the request is refused: {error}"
    for path in consumer.writes:
        identities = before.identities(name, path)
        former, fields = before.fields(name, identities), after.fields(name, identities)
        if former is None or fields is None or repr(_at(sent, former)) != repr(_at(arrived, fields)):
            return f"{'.'.join(path)} does not arrive"
        if former[-1].kind == "Status" and consumer.status not in {value.number for value in after.interface.values}:
            return f"{'.'.join(path)} has a value that nobody knows"
    return _missing(arrived, name, after)


def _receive(document: Any, arrived: Message, name: str, after: State) -> None:
    """Reads a request over HTTP: what the path holds has a place in it, all else has its name."""
    rpc = next(rpc for rpc in after.interface.rpcs if rpc.request == name)
    if "{}" in rpc.path:
        setattr(arrived, after.interface.messages[name].fields[0].name, document.pop("parcelId"))
    json_format.ParseDict(document, arrived)


def _missing(arrived: Message, name: str, after: State) -> str:
    """Return the first required field that is not set, in any message that is."""
    for field in after.interface.messages[name].fields:
        value = getattr(arrived, field.name)
        if field.required and not value:
            return f"{field.name} is required"
        if field.kind in after.interface.messages:
            present = list(value) if field.repeated else [value] if arrived.HasField(field.name) else []
            for inner in present:
                found = _missing(inner, field.kind, after)
                if found:
                    return found
    return ""


def _as_json(message: Message) -> Any:
    return json.loads(json_format.MessageToJson(message))


def _at(message: Any, fields: list[Field]) -> Any:
    for field in fields:
        value = getattr(message, field.name)
        if field.repeated:
            if not value:
                return None
            value = value[0]
        message = value
    return message


def _json_at(document: Any, fields: list[Field]) -> Any:
    for field in fields:
        head, *rest = field.name.split("_")
        name = field.json or head + "".join(part.title() for part in rest)
        document = document.get(name) if isinstance(document, dict) else None
        if field.repeated:
            document = document[0] if isinstance(document, list) and document else None
    return document
