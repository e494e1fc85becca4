"""Examples of requests, tried on the constraints of an interface (https://protovalidate.com)."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from google.protobuf import json_format
from google.protobuf.message import Message

from servanda.interfaces.protobuf.constraints.aspects import WHOLE_MESSAGE, Aspect, aspect_of
from servanda.interfaces.protobuf.usage.catalogue import Catalogue
from servanda.interfaces.protobuf.usage.evolution import Evolution
from servanda.interfaces.protobuf.usage.examples import Example
from servanda.pact.descriptors import MessageType, map_value, message_class
from servanda.protobuf_runtime import is_repeated
from servanda.verdict import Evidence

if TYPE_CHECKING:
    import protovalidate


@dataclass(frozen=True, slots=True)
class _Refusal:
    """A value that a constraint refuses.

    Attributes:
        element: Full name of the field; of the message for what is demanded of it as a whole.
        aspect: What the constraint is about, see :class:`Aspect`.
        value: The value as JSON.
        constraint: Which one it is, and what it says.
    """

    element: str
    aspect: str
    value: str
    constraint: str

    @property
    def place(self) -> tuple[str, str, str]:
        """Return the refused place, whichever constraint refuses it."""
        return self.element, self.aspect, self.value


@dataclass(frozen=True, slots=True)
class _Trial:
    """A request as one state of the interface understands it, with what is refused of it."""

    request: Message
    refusals: tuple[_Refusal, ...]

    @property
    def places(self) -> frozenset[tuple[str, str, str]]:
        """Return all refused places."""
        return frozenset(refusal.place for refusal in self.refusals)


class Trials:
    """Examples tried against a changed interface; nothing is tried before somebody asks."""

    def __init__(self, evolution: Evolution, examples: Iterable[Example]) -> None:
        self._evolution = evolution
        self._examples = tuple(examples)

    def shown(self, element: str, constraints: frozenset[str], evidence: Evidence) -> Evidence:
        """Return the evidence with the value of its request at the element, and with what refuses it now.

        An example that does not hold the element, or that no base accepted, shows nothing.
        """
        trials = self._trials.get(evidence, ())
        for trial in trials:
            for refusal in trial.refusals:
                if refusal.element == element and refusal.aspect in constraints:
                    return replace(evidence, example=refusal.value, refused=refusal.constraint)
        value = next((value for trial in trials for value in _values(trial.request, element)), None)
        return evidence if value is None else replace(evidence, example=_json(value))

    def has(self, evidence: Evidence) -> bool:
        """Tell whether there is a request of this evidence that could be tried."""
        return evidence in self._trials

    def lacks(self, evidence: Evidence, element: str) -> bool | None:
        """Tell whether some request of this evidence has nothing at a field of a message that it has; else ``None``."""
        trials = self._trials.get(evidence, ())
        owner, _, name = element.rpartition(".")
        holders = [
            holder for trial in trials for holder in _values(trial.request, owner) if isinstance(holder, Message)
        ]
        if not holders:
            return None
        return any(not any(field.name == name for field, _ in holder.ListFields()) for holder in holders)

    def refuses_absence(self, element: str, constraints: frozenset[str]) -> bool:
        """Tell whether a message without the element is refused now, and no base refused it."""
        present, *bases = self._judges
        absent = present.refused_when_empty(element, constraints)
        return absent and not any(base.refused_when_empty(element, constraints) for base in bases)

    @cached_property
    def _trials(self) -> Mapping[Evidence, tuple[_Trial, ...]]:
        found: dict[Evidence, list[_Trial]] = {}
        for example in self._examples:
            trial = None if example.expects_refusal else self._tried(example)
            if trial is not None:
                found.setdefault(example.evidence, []).append(trial)
        return {evidence: tuple(trials) for evidence, trials in found.items()}

    def _tried(self, example: Example) -> _Trial | None:
        present, *bases = self._judges
        now = present.trial(example)
        before = [trial.places for base in bases if (trial := base.trial(example)) is not None]
        if now is None:
            return None
        return _Trial(now.request, tuple(each for each in now.refusals if any(each.place not in old for old in before)))

    @cached_property
    def _judges(self) -> tuple[_Judge, ...]:
        return tuple(_Judge(state) for state in (self._evolution.present, *self._evolution.former))


class _Judge:
    """The constraints of one state of the interface."""

    def __init__(self, state: Catalogue) -> None:
        # It takes longer to import than most comparisons take, and most of them have nothing to try.
        import protovalidate  # noqa: PLC0415

        self._state = state
        # Not the shared one: a validator takes messages of one name for the same.
        self._validator = protovalidate.Validator()
        self._unknown = (protovalidate.CompilationError, protovalidate.EvaluationError)

    def trial(self, example: Example) -> _Trial | None:
        """Return what is refused of an example; ``None`` if that cannot be told, as of CEL that does not compile."""
        request = example.request(self._state)
        if request is None:
            return None
        try:
            violations = self._validator.collect_violations(request)
        except self._unknown:
            return None
        found = (_refusal(request, violation) for violation in violations)
        return _Trial(request, tuple(refusal for refusal in found if refusal is not None))

    def refused_when_empty(self, element: str, constraints: frozenset[str]) -> bool:
        """Tell whether one of these constraints refuses a message that holds nothing, because of this element."""
        message = self._state.message(element.rpartition(".")[0])
        if message is None:
            return False
        request = message_class(message)()
        try:
            violations = self._validator.collect_violations(request)
        except self._unknown:
            return False
        found = filter(None, (_refusal(request, violation) for violation in violations))
        return any(refusal.element == element and refusal.aspect in constraints for refusal in found)


def _refusal(request: Message, violation: protovalidate.Violation) -> _Refusal | None:
    """Return one violation; ``None`` if it names what the definition does not have."""
    told = violation.proto
    message: MessageType | None = request.DESCRIPTOR
    field = None
    constraint = " ".join(f"{told.rule_id}: {told.message}".removesuffix(": ").split())
    for part in told.field.elements if told.field is not None else ():
        if message is not None and part.field_name in message.oneofs_by_name:
            oneof = f"{message.full_name}.{part.field_name}"
            return _Refusal(oneof, Aspect.PRESENCE, _json(request), constraint)
        field = message.fields_by_name.get(part.field_name) if message is not None else None
        if field is None:
            return None
        message = (map_value(field) or field).message_type
    value = _json(violation.field_value if field is not None else request)
    rule = [part.field_name for part in told.rule.elements] if told.rule is not None else []
    if rule and field is not None:
        return _Refusal(field.full_name, aspect_of(rule), value, constraint)
    return _Refusal(message.full_name, WHOLE_MESSAGE, value, constraint) if message is not None else None


def _values(message: Message, element: str) -> Iterator[object]:
    """Yield what a message holds at an element, at any depth: of a list or map all of it."""
    descriptor: MessageType = message.DESCRIPTOR
    if descriptor.full_name == element:
        yield message
    for field, value in message.ListFields():
        if field.full_name == element:
            yield value
        in_map = map_value(field)
        entries = value.values() if in_map else value if is_repeated(field) else (value,)
        for entry in entries:
            if isinstance(entry, Message):
                yield from _values(entry, element)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_plain)


def _plain(value: Any) -> object:
    """Return what JSON has no words for, as the mapping of protobuf to JSON says it."""
    if isinstance(value, Message):
        return json_format.MessageToDict(value, preserving_proto_field_name=True)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return dict(value) if isinstance(value, Mapping) else list(value)
