"""The fate of what consumers use: by replays of their interactions, else by values that are tried."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from servanda.interfaces.effect import Access
from servanda.interfaces.protobuf.usage.evolution import Evolution
from servanda.interfaces.protobuf.usage.examples import Example
from servanda.interfaces.protobuf.usage.replay.comparison import Wire, arrivals, field_arrives
from servanda.interfaces.protobuf.usage.replay.exchanges import replayed
from servanda.interfaces.protobuf.usage.replay.fate import Fate
from servanda.interfaces.protobuf.usage.replay.samples import sample_message, samples
from servanda.interfaces.protobuf.usage.replay.types import Successors
from servanda.interfaces.usage.use import Use
from servanda.pact.descriptors import MessageType
from servanda.transport import transport_kind
from servanda.verdict import Evidence, Transport

_Shown = Mapping[tuple[Access, str], frozenset[bool]]


class Replays:
    """Interactions replayed after a change; nothing is replayed before somebody asks.

    Args:
        evolution: The states of the interface.
        examples: The interactions of contracts.
        uses: Every use that is known, for consumers of which no contract shows a value.
    """

    def __init__(self, evolution: Evolution, examples: Iterable[Example], uses: Iterable[Use] = ()) -> None:
        self._evolution = evolution
        self._examples = tuple(examples)
        self._uses = tuple(uses)

    def fate(self, use: Use) -> Fate | None:
        """Return what becomes of what a consumer uses; ``None`` if that cannot be tried.

        A value that a contract shows and that is lost is lost, whatever becomes of others. One that arrives does not
        prove that all do: other values are tried, too.
        """
        if use.named and not _is_json(use):
            return None  # a field mask names it: no value of it travels
        shown = self._shown.get(use.evidence, {}).get((use.access, use.element))
        if shown is not None and False in shown:
            return Fate.LOST
        tried = self._tried(use)
        if shown is None:
            return tried
        return Fate.KEPT if tried in (None, Fate.KEPT) else Fate.VALUE_DEPENDENT

    @cached_property
    def _pairs(self) -> tuple[Successors, ...]:
        """Return each former state with the present one, the newest first."""
        return tuple(Successors(base, self._evolution.present) for base in reversed(self._evolution.former))

    @cached_property
    def _shown(self) -> Mapping[Evidence, _Shown]:
        found: dict[Evidence, dict[tuple[Access, str], set[bool]]] = {}
        for example in self._examples:
            told = found.setdefault(example.evidence, {})
            results = (replayed(example, pair) for pair in self._pairs)
            for access, element, arrives in next(filter(None, results), ()):
                told.setdefault((access, element), set()).add(arrives)
        return {key: {place: frozenset(kept) for place, kept in told.items()} for key, told in found.items()}

    def _tried(self, use: Use) -> Fate | None:
        for pair in self._pairs:
            fate = self._field(use, pair) or self._message(use, pair) or self._rpc(use, pair)
            if fate is not None:
                return fate
        return None

    def _field(self, use: Use, pair: Successors) -> Fate | None:
        owner, _, name = use.element.rpartition(".")
        message, target = pair.former.message(owner), pair.message(owner)
        field = message.fields_by_name.get(name) if message is not None else None
        if field is None or target is None:
            return None
        return Fate.of_trials(field_arrives(field, value, target, _wire(use)) for value in samples(field))

    def _message(self, use: Use, pair: Successors) -> Fate | None:
        message = pair.former.message(use.element)
        if message is None:
            return None
        target = pair.message(use.element)
        return None if target is None else self._structure(use, (message, target), use.access)

    def _structure(self, use: Use, types: tuple[MessageType, MessageType], access: Access) -> Fate | None:
        """Try a message that holds what its consumer uses of it."""
        message, target = types
        used = self._used.get((use.evidence.document, access), frozenset())
        sample = sample_message(message, used.__contains__)
        wire = Wire(access, _is_json(use))
        return Fate.KEPT if all(arrives for _, arrives in arrivals(sample, target, wire)) else None

    def _rpc(self, use: Use, pair: Successors) -> Fate | None:
        """Try the messages of an rpc that is still reached; what is not is for the rules."""
        method = pair.former.methods.get(use.element)
        if method is None:
            return None
        if _is_json(use):
            reached = [now.method if now is not None else None for _, now in pair.routes(use.element)]
        else:
            reached = [pair.method(use.element)]
        for now in reached or [None]:
            if now is None:
                return None
            sent = self._structure(use, (method.input_type, now.input_type), Access.WRITE)
            answered = self._structure(use, (method.output_type, now.output_type), Access.READ)
            if sent is None or answered is None:
                return None
        return Fate.KEPT

    @cached_property
    def _used(self) -> Mapping[tuple[str, Access], frozenset[str]]:
        found: dict[tuple[str, Access], set[str]] = {}
        for use in self._uses:
            found.setdefault((use.evidence.document, use.access), set()).add(use.element)
        return {key: frozenset(elements) for key, elements in found.items()}


def _wire(use: Use) -> Wire:
    access = Access.READ if use.access is Access.READ else Access.WRITE
    return Wire(access, _is_json(use))


def _is_json(use: Use) -> bool:
    """Tell whether JSON travels; nobody masks the fields of an event, so that a name in one is the JSON's own."""
    return transport_kind(use.transport).carries_names or (use.named and use.transport is Transport.KAFKA)
