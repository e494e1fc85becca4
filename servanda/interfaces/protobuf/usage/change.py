"""The change of a protobuf interface, as consumers meet it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from servanda.configuration import Events
from servanda.interfaces.effect import Access, When
from servanda.interfaces.kind import Meaning, meaning_of
from servanda.interfaces.protobuf.rules.categories import Category
from servanda.interfaces.protobuf.usage.events import NO_EVENTS, ExpectedParts
from servanda.interfaces.protobuf.usage.evolution import Evolution
from servanda.interfaces.protobuf.usage.examples import Example
from servanda.interfaces.protobuf.usage.replay import Fate, Replays, is_json
from servanda.interfaces.protobuf.usage.trials import Trials
from servanda.interfaces.rule import Found
from servanda.interfaces.usage.use import Use
from servanda.transport import transport_kind
from servanda.verdict import Finding, Impact


class ProtobufChange:
    """The change of one workspace, see :class:`servanda.interfaces.kind.Change`.

    Args:
        evolution: Both states.
        examples: Interactions of consumers.
        uses: Everything that they are known to use.
        events: How the repository declares events.
    """

    def __init__(
        self,
        evolution: Evolution,
        examples: Iterable[Example] = (),
        uses: Iterable[Use] = (),
        events: Events = NO_EVENTS,
    ) -> None:
        known = tuple(examples)
        self._evolution = evolution
        self._expected = ExpectedParts(evolution, known, events)
        self._trials = Trials(evolution, known)
        self._replays = Replays(evolution, known, uses)

    def names(self, element: str, *, was: bool = False) -> frozenset[str]:
        """Return the full names under which consumers know an element."""
        return self._evolution.names(element, was=was)

    def around(self, element: str) -> frozenset[str]:
        """Return the element that contains it, and for an enum's value the enum."""
        return self._evolution.around(element)

    def choice(self, element: str) -> frozenset[str]:
        """Return the oneof that a field is a member of, and the members that it had."""
        return self._evolution.choice(element)

    def within(self, name: str) -> frozenset[str]:
        """Return everything that a file, or the files of a package, declared before."""
        return self._evolution.within(name)

    def is_unobservable(self, element: str) -> bool:
        """Tell whether it is, or was, a part of an option of definitions."""
        return self._evolution.is_unobservable(element)

    def tried(self, found: Found, uses: Sequence[Use]) -> Sequence[Use]:
        """Return the uses with what protovalidate says of their examples."""
        effect, element = found.rule.effect, found.finding.element
        if effect.when not in (When.IF_REFUSED, When.IF_LEFT_OUT) or not effect.constraints:
            return uses
        shown = (self._trials.shown(element, effect.constraints, use.evidence) for use in uses)
        return [replace(use, evidence=evidence) for use, evidence in zip(uses, shown, strict=True)]

    def was_tried(self, use: Use) -> bool:
        """Tell whether protovalidate was asked about the request of a use."""
        return self._trials.has(replace(use.evidence, example="", refused=""))

    def leaves_out(self, use: Use, found: Found) -> bool | None:
        """Tell whether a recorded request has nothing at the element, or its zero value; ``None`` without one."""
        return self._trials.lacks(use.evidence, found.finding.element)

    def refuses_absence(self, found: Found) -> bool:
        """Tell whether protovalidate refuses a message without the element of a finding, and did not before."""
        return self._trials.refuses_absence(found.finding.element, found.rule.effect.constraints)

    def meaning(self, use: Use, found: Found) -> Meaning:
        """Return what a finding means for a use: what a replay decides, else what the definitions tell."""
        told = self._by_definition(use, found)
        if use.refusal and told is Impact.BROKEN:
            told = Impact.POTENTIALLY_AFFECTED  # what is to be refused was never accepted
        if found.rule.effect.when not in _REPLAYED or told is Impact.UNAFFECTED:
            return Meaning(told)
        fate = self._replays.fate(use)
        if fate is None:
            return Meaning(told)
        if use.refusal or fate is Fate.VALUE_DEPENDENT:
            return Meaning(Impact.POTENTIALLY_AFFECTED)
        if fate is Fate.LOST:
            return Meaning(Impact.BROKEN)
        return Meaning(Impact.POTENTIALLY_AFFECTED, source_only=found.rule.effect.when is not When.IF_ADDRESS_GONE)

    def _by_definition(self, use: Use, found: Found) -> Impact:
        """Judge without an example: for certain only where bytes, JSON or names really differ."""
        effect, finding = found.rule.effect, found.finding
        if effect.when is When.IF_NAME_MOVED:
            return self._renamed(use, found)
        if effect.when is When.IF_JSON_NAME_GONE and not is_json(use):
            return effect.numbered  # a mask holds names of the definition
        if effect.when is When.IF_EXPECTED and not self._expected.lost(use, finding.element):
            return Impact.POTENTIALLY_AFFECTED
        spared = _SPARED.get(effect.when)
        if spared is not None and spared(use, finding, self._evolution):
            return Impact.POTENTIALLY_AFFECTED
        return meaning_of(use, effect).impact

    def _renamed(self, use: Use, found: Found) -> Impact:
        """Judge a field that kept its number and has another name."""
        evolution, effect = self._evolution, found.rule.effect
        if not use.named:
            # The name stood for another field before: whoever reads the number now gets that field.
            return Impact.BROKEN if evolution.is_taken_over(found.finding.element) else effect.numbered
        in_json = not use.masked and is_json(use) and evolution.keeps_json_name(use.element)
        return Impact.POTENTIALLY_AFFECTED if in_json or evolution.has_field(use.element) else effect.named


def _keeps_encoding(use: Use, finding: Finding, evolution: Evolution) -> bool:
    if use.masked:
        return True  # a path in a mask has no value
    if use.access is Access.WRITE and not use.named and evolution.becomes_repeated(finding.element):
        return True  # one value reads as a list of one
    category = Category.WIRE_JSON if transport_kind(use.transport).carries_names else Category.WIRE
    return not evolution.differs(finding.element, category)


def _keeps_json_name(use: Use, _: Finding, evolution: Evolution) -> bool:
    return use.named and evolution.understands_json_name(use.element, written=use.access is Access.WRITE)


# A change of form or name breaks whom a replay shows it to break.
_REPLAYED = frozenset(
    {
        When.IF_REPLAY_FAILS,
        When.IF_GONE,
        When.IF_BYTES_DIFFER,
        When.IF_NAME_GONE,
        When.IF_NAME_MOVED,
        When.IF_JSON_NAME_GONE,
        When.IF_ADDRESS_GONE,
    }
)

# Uses that a change does not break for certain, by what decides about it.
_SPARED: Mapping[When, Callable[[Use, Finding, Evolution], bool]] = MappingProxyType(
    {
        When.IF_NAME_GONE: lambda use, _, evolution: use.named and evolution.has_field(use.element),
        When.IF_JSON_NAME_GONE: _keeps_json_name,
        When.IF_ADDRESS_GONE: lambda _, finding, evolution: evolution.keeps_addresses(finding.element),
        When.IF_GONE: lambda use, _, evolution: not evolution.is_gone(use.element),
        When.IF_BYTES_DIFFER: _keeps_encoding,
        When.IF_IGNORED: lambda _, finding, evolution: not evolution.is_output_only(finding.element),
        When.IF_REFUSED: lambda use, _, __: not use.evidence.refused,
    }
)
