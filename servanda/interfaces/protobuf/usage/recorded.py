"""Use of an interface by usage logs: elements that they name, and calls with the members of their messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from google.protobuf.descriptor import MethodDescriptor

from servanda.errors import ContractError
from servanda.interfaces.effect import Access
from servanda.interfaces.protobuf.usage.catalogue import Catalogue
from servanda.interfaces.protobuf.usage.pacts import asked
from servanda.interfaces.protobuf.usage.reach import Reach
from servanda.interfaces.protobuf.usage.routes import Route
from servanda.interfaces.protobuf.usage.values import Touch, of_json, of_path
from servanda.interfaces.usage.exchange import Exchange, Shape, Side
from servanda.interfaces.usage.log import UsageLog
from servanda.interfaces.usage.use import USAGE_LOG, Use
from servanda.pact.descriptors import MessageType, map_value
from servanda.transport import transport_kind
from servanda.verdict import Evidence, Transport

_IMPORTED = "google."
_ABSENT = object()
_ALL_FIELDS = "*"


@dataclass(frozen=True, slots=True)
class _Told:
    """An element that an exchange has to do with.

    Attributes:
        item: Which of several different messages of one type holds it; 0 if that does not matter.
    """

    access: Access
    touch: Touch
    possible: bool = False
    item: int = 0


@dataclass(frozen=True, slots=True)
class _Meant:
    """Meaning of an exchange in one state of an interface.

    Attributes:
        called: Full names of the service and the rpc, the latter last; none of an event.
        asked: Type of the request; ``None`` of an event.
        answered: Type of the response, or of the event.
        route: The binding that an HTTP request goes to, with the values in its path; ``None`` of an rpc.
    """

    called: tuple[str, ...]
    asked: MessageType | None
    answered: MessageType
    route: tuple[Route, Mapping[str, str]] | None = None

    @classmethod
    def of_method(cls, method: MethodDescriptor, route: tuple[Route, Mapping[str, str]] | None = None) -> _Meant:
        names = (method.containing_service.full_name, method.full_name)
        return cls(names, method.input_type, method.output_type, route)

    @property
    def name(self) -> str:
        """Full name of the rpc, or of the event's message."""
        return self.called[-1] if self.called else self.answered.full_name


class Recorded:
    """Content of one usage log, as far as it is about an interface.

    Args:
        log: The log.
        states: States of the interface; a log may speak of any of them.

    Raises:
        ContractError: It calls an rpc of one of the interface's packages that none of the states has.
    """

    def __init__(self, log: UsageLog, states: Sequence[Catalogue]) -> None:
        self.log = log
        self._states = states
        self._meant = [(each, _meanings(each, states, log.observation.document)) for each in log.exchanges]
        self.uses = (*map(self._as_noted, log.uses()), *self._uses())
        """All uses that it proves, or shows to be possible."""

    @property
    def methods(self) -> frozenset[str]:
        """Full names of the rpcs that it calls and tells apart, and of the events that it receives."""
        called = {meant.name for _, meanings in self._meant for meant in meanings}
        return frozenset(called | {noted.element for noted in self.log.calls})

    def add_to(self, reach: Reach, known: frozenset[str]) -> None:
        """Add all that the calls may have to do with besides what was noted of them.

        Args:
            reach: Where to add it.
            known: Full names of rpcs of which another log notes everything that the consumer does with them.
        """
        missing = frozenset(Side) - self.log.complete
        for noted in self.log.calls:
            if noted.element not in known:
                reach.call(noted.element, missing)
        for exchange, meanings in self._meant:
            untold = missing.union(*(_untold(exchange, meant) for meant in meanings))
            for method in {meant.name for meant in meanings} - known:
                is_masked = bool(exchange.mask) and _ALL_FIELDS not in exchange.mask
                is_masked = is_masked and reach.masked(method, exchange.mask)
                reach.call(method, untold - {Side.READS} if is_masked else untold)

    def _as_noted(self, use: Use) -> Use:
        """Return a use of an element that the log names; in lines none tells which request leaves what out."""
        is_container = use.access is Access.WRITE and self._is_message(use.element)
        if self.log.noted is None or not is_container:
            return use
        return replace(use, evidence=replace(use.evidence, possible=True))

    def _told(self, exchange: Exchange, meant: _Meant) -> Iterator[_Told]:
        is_whole = Side.WRITES not in _untold(exchange, meant)
        for told in _told(exchange, meant):
            # Of a request that is not known as a whole nobody can tell what it leaves out of a message.
            if is_whole or told.access is not Access.WRITE or not self._is_message(told.touch.element):
                yield told

    def _is_message(self, element: str) -> bool:
        return any(state.message(element) is not None for state in self._states)

    def _uses(self) -> Iterator[Use]:
        seen = self.log.observation
        for exchange, meanings in self._meant:
            evidence = Evidence(USAGE_LOG, seen.document, exchange.call, exchange.label, seen.version, seen.date)
            names = transport_kind(exchange.transport).carries_names
            for told in dict.fromkeys(told for meant in meanings for told in self._told(exchange, meant)):
                touch = told.touch
                if touch.known and not touch.element.startswith(_IMPORTED):
                    named = touch.named or (names and not touch.placed)
                    label = f"{exchange.label} ({told.item})" if told.item else exchange.label
                    proof = replace(evidence, test=label, possible=told.possible)
                    yield Use(touch.element, seen.consumer, told.access, exchange.transport, named, proof)


def _meanings(exchange: Exchange, states: Sequence[Catalogue], document: str) -> list[_Meant]:
    if exchange.transport == Transport.HTTP:
        return [meant for state in states if (meant := _routed(exchange, state)) is not None]
    if exchange.transport == Transport.KAFKA:
        events = [state.message(exchange.call) for state in states if exchange.call in state.elements]
        found = [_Meant((), None, message) for message in events if message is not None]
    else:
        found = [_Meant.of_method(state.methods[exchange.call]) for state in states if exchange.call in state.methods]
    if not found and any(state.covers(exchange.call) for state in states):
        hint = "correct the name, or record the consumer again"
        raise ContractError(f"{exchange.label}: '{exchange.call}' does not exist", where=document, hint=hint)
    return found


def _routed(exchange: Exchange, state: Catalogue) -> _Meant | None:
    method, _, path = exchange.call.partition(" ")
    for route in state.routes:
        variables = route.match(method, path)
        if variables is not None:
            return _Meant.of_method(route.method, (route, variables))
    return None


def _untold(exchange: Exchange, meant: _Meant) -> frozenset[Side]:
    """Return what the log says nothing of, though it says that it holds everything."""
    is_answered = exchange.received is not None or exchange.read is not None or not exchange.is_success
    is_sent = exchange.sent is not None or meant.asked is None
    if meant.route is not None:
        is_sent = (is_sent or not meant.route[0].body) and (exchange.query is not None or meant.route[0].body == "*")
    return frozenset(side for side, told in ((Side.READS, is_answered), (Side.WRITES, is_sent)) if not told)


def _told(exchange: Exchange, meant: _Meant) -> Iterator[_Told]:
    yield from (_Told(Access.CALL, Touch(name)) for name in meant.called)
    if meant.asked is None:
        yield _Told(Access.READ, Touch(meant.answered.full_name))
    for item, touch in chain(((0, touch) for touch in _sent(exchange, meant)), _items(exchange, meant)):
        yield _Told(Access.WRITE, touch, possible=exchange.is_refused, item=item)
    if exchange.is_success:
        yield from _answered(exchange, meant)


def _answered(exchange: Exchange, meant: _Meant) -> Iterator[_Told]:
    inside = meant.route[0].response_body if meant.route else ""
    if exchange.received is not None:
        whole = _whole(exchange.received, inside)
        for touch in (*of_json(meant.answered, whole), *_unset(meant.answered, whole)):
            yield _Told(Access.READ, touch, possible=True)
    if exchange.read is not None:
        for touch in of_json(meant.answered, _whole(exchange.read, inside)):
            yield _Told(Access.READ, touch)
    for path in exchange.mask:
        for touch in masked(meant.answered, path):
            yield _Told(Access.READ, replace(touch, named=True))


def _sent(exchange: Exchange, meant: _Meant) -> Iterator[Touch]:
    if meant.route is None:
        if meant.asked is not None and exchange.sent is not None:
            yield from of_json(meant.asked, exchange.sent.value)
        return
    route, variables = meant.route
    query = dict.fromkeys(exchange.query or (), ("",))
    yield from asked(route, variables, query, exchange.sent.value if exchange.sent is not None else None)


def _items(exchange: Exchange, meant: _Meant) -> Iterator[tuple[int, Touch]]:
    """Yield messages of one type apart that do not hold the same: one of them may leave out what another one has."""
    if meant.asked is None or exchange.sent is None:
        return
    inside = meant.route[0].body if meant.route is not None else "*"
    whole = exchange.sent.value if inside == "*" else {inside: exchange.sent.value}
    found: dict[str, dict[frozenset[str], None]] = {}
    for message, members in _messages(meant.asked, whole):
        found.setdefault(message, {})[members] = None
    for message, ways in found.items():
        for item, members in enumerate(ways if len(ways) > 1 else (), 1):
            yield item, Touch(message)
            yield from ((item, Touch(member)) for member in sorted(members))


def _messages(message: MessageType, value: object) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield every message in a value by its type, with the fields that it holds."""
    if not isinstance(value, Mapping) or message.full_name.startswith(_IMPORTED):
        return
    held = [(field, value.get(field.name, value.get(field.json_name, _ABSENT))) for field in message.fields]
    present = [(field, entry) for field, entry in held if entry is not _ABSENT]
    yield message.full_name, frozenset(field.full_name for field, _ in present)
    for field, entry in present:
        inner = (map_value(field) or field).message_type
        if inner is not None:
            for each in _values(entry, in_map=map_value(field) is not None):
                yield from _messages(inner, each)


def _whole(shape: Shape, inside: str) -> object:
    return {inside: shape.value} if inside else shape.value


def _unset(message: MessageType, value: object) -> Iterator[Touch]:
    """Yield the fields of the messages in a value that cannot be absent: what is not there is zero, and may be read."""
    if not isinstance(value, Mapping) or message.full_name.startswith(_IMPORTED):
        return
    for field in message.fields:
        entry = value.get(field.name, value.get(field.json_name))
        if entry is None and not field.has_presence:
            yield Touch(field.full_name)
        inner = (map_value(field) or field).message_type
        if inner is not None:
            for each in _values(entry, in_map=map_value(field) is not None):
                yield from _unset(inner, each)


def _values(entry: object, *, in_map: bool) -> Iterable[object]:
    if in_map:
        return entry.values() if isinstance(entry, Mapping) else ()
    return entry if isinstance(entry, list) else (entry,)


def masked(answered: MessageType, path: str) -> Iterator[Touch]:
    """Yield what a path of a read mask names of the response, or of a resource in it (https://google.aip.dev/157)."""
    for resource in (answered, *(field.message_type for field in answered.fields if field.message_type is not None)):
        reading = list(of_path(resource, path))
        if all(touch.known for touch in reading):
            yield from reading
