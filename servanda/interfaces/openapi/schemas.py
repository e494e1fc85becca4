"""Comparison of schemas: requests may not admit less, responses not more."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from servanda.interfaces.openapi.admission.bounds import Bounds
from servanda.interfaces.openapi.admission.case import KINDS, Case, Key, Term, is_open, key, keys
from servanda.interfaces.openapi.admission.cases import Cases
from servanda.interfaces.openapi.admission.coverage import Coverage
from servanda.interfaces.openapi.admission.gaps import gaps, parts
from servanda.interfaces.openapi.admission.gone import fractions_gone, gone_examples, gone_values
from servanda.interfaces.openapi.admission.instances import MISSING, Instances
from servanda.interfaces.openapi.admission.likeness import Likeness
from servanda.interfaces.openapi.admission.references import is_bare
from servanda.interfaces.openapi.admission.unchanged import Unchanged, inside
from servanda.interfaces.openapi.difference import Difference, Side
from servanda.interfaces.openapi.document import Node
from servanda.interfaces.openapi.schema import Schema
from servanda.interfaces.openapi.telling import Changed, Teller
from servanda.interfaces.openapi.values import as_json, is_alike


@dataclass(frozen=True, slots=True)
class _Pair:
    """Schemas that are compared.

    Attributes:
        before: What had to hold together.
        after: What has to hold together now.
        is_admitted: Whether all that matters is known to be admitted, so that only what is gone is told.
        is_whole: Whether nothing else has become of what had to hold: else its values may still come elsewhere.
    """

    before: Term
    after: Term
    is_admitted: bool = False
    is_whole: bool = True


class Schemas:
    """The comparison of all schemas of two documents; a pair that was compared is not compared again."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self._bounds = bounds or Bounds.of()
        self._unchanged = Unchanged()
        self._sides = {side: _Comparison(side, self._bounds, self._unchanged) for side in Side}
        self._callbacks: set[Hashable] = set()
        self._compared: list[tuple[Node, Node]] = []

    def anew(self) -> Schemas:
        """Return a comparison that has compared nothing yet, within the same bounds."""
        return Schemas(self._bounds)

    def is_first(self, callback: Hashable) -> bool:
        """Tell whether a callback is met for the first time: one can lead back to itself, and many to the same one."""
        is_first = callback not in self._callbacks
        self._callbacks.add(callback)
        return is_first

    def compare(self, before: Node, after: Node, side: Side) -> Iterator[Difference]:
        """Yield what changed between two schemas and all that they are made of."""
        # Schemas that were rewritten to be compared are told apart by their values.
        self._compared.append((before, after))
        yield from self._sides[side].compare(before, after)


class _Comparison:
    """The comparison on one side of a call."""

    def __init__(self, side: Side, bounds: Bounds, unchanged: Unchanged) -> None:
        self._side = side
        self._unchanged = unchanged
        self._cases = Cases(side, bounds)
        self._likeness = Likeness()
        self._coverage = Coverage(self._cases, self._likeness, unchanged, bounds)
        self._instances = Instances(self._cases, self._coverage, bounds)
        self._teller = Teller(side, self._cases, self._instances)
        self._done: set[tuple[frozenset[Key], frozenset[Key], bool, bool]] = set()

    def compare(self, before: Node, after: Node) -> Iterator[Difference]:
        """Yield what changed between two schemas and all that they are made of."""
        # A list and no recursion: schemas refer to each other in chains of any length.
        waiting = [_Pair((before,), (after,))]
        while waiting:
            pair = self._settled(waiting.pop())
            name = (keys(pair.before), keys(pair.after), pair.is_admitted, pair.is_whole)
            if name in self._done or self._is_same(pair):
                continue
            self._done.add(name)
            parts = self._parts(pair)
            if parts is not None:
                waiting += parts
                continue
            for each in self._compared(pair):
                if isinstance(each, Difference):
                    yield each
                else:
                    waiting.append(each)

    def _settled(self, pair: _Pair) -> _Pair:
        """Return a pair with references followed that are nothing else on both sides."""
        if not (len(pair.before) == len(pair.after) == 1 and is_bare(pair.before[0]) and is_bare(pair.after[0])):
            return pair
        return replace(pair, before=self._cases.settled(pair.before), after=self._cases.settled(pair.after))

    def _is_same(self, pair: _Pair) -> bool:
        if is_open(pair.before) and is_open(pair.after):
            return True
        single = len(pair.before) == len(pair.after) == 1
        return single and self._unchanged.holds(pair.before[0], pair.after[0])

    def _parts(self, pair: _Pair) -> list[_Pair] | None:
        """Return what is inside schemas that are written alike; ``None`` if they have to be compared as a whole."""
        (before, *more), (after, *others) = pair.before, pair.after
        if more or others or before.value != after.value or not is_alike(before.value, after.value):
            return None
        found = inside(before, after)
        if found is None or any(
            self._cases.is_absent((one,)) != self._cases.is_absent((other,)) for one, other in found
        ):
            return None
        return [replace(pair, before=(one,), after=(other,)) for one, other in found]

    def _ordered(self, before: Term, after: Term) -> tuple[Term, Term]:
        return (before, after) if self._side is Side.REQUEST else (after, before)

    def _compared(self, pair: _Pair) -> Iterator[Difference | _Pair]:
        changed = Changed(pair.before, pair.after)
        before, after = self._cases.of(pair.before), self._cases.of(pair.after)
        yield from self._teller.default(changed)
        lost: list[Case] = []
        for kind in KINDS:
            were = [case for case in before if case.kind == kind]
            are = [case for case in after if case.kind == kind]
            admitted, admitting = (were, are) if self._side is Side.REQUEST else (are, were)
            if were and are:
                found = self._of_kind(changed, were, are, is_admitted=pair.is_admitted)
                yield from _as_parts(found, is_whole=pair.is_whole)
            elif admitted and not admitting and not (kind == "null" and self._may_mean_null(pair)):
                lost += admitted
        if lost and not pair.is_admitted:
            yield from self._teller.lost(changed, lost, before, after)
        if pair.is_whole and not lost:
            yield from self._gone_values(changed, before, after)

    def _gone_values(self, changed: Changed, before: Sequence[Case], after: Sequence[Case]) -> Iterator[Difference]:
        """Yield that values that could come are not possible any more, of which some answer may be made of."""
        if self._side is Side.REQUEST or self._cases.is_absent(changed.before) or self._cases.is_absent(changed.after):
            return
        types = [kind for kind in KINDS if kind in {case.kind for case in before} - {case.kind for case in after}]
        values = gone_values(before, after)
        fractions = fractions_gone(before, after)
        kinds = [*types, "number"] if fractions else types
        value = self._instances.first(changed.before, changed.after, gone_examples(before, kinds, values))
        if value is not MISSING:
            told = [*types, "numbers with a fraction"] if fractions else types
            yield self._teller.values_gone(changed, told, values, value)
        objects = [[case for case in cases if case.kind == "object"] for cases in (before, after)]
        if all(len(each) == 1 for each in objects):
            yield from self._closed(changed, objects[0][0], objects[1][0])

    def _closed(self, changed: Changed, was: Case, is_now: Case) -> Iterator[Difference]:
        """Yield that a response cannot have properties any more that it does not list."""
        if was.additional is None or is_now.additional is not None:
            return
        unlisted = next(
            name for count in range(len(was.properties) + 1) if (name := f"other{count}") not in was.properties
        )
        having = replace(was, required=was.required | {unlisted})
        value = self._instances.first(changed.before, changed.after, iter([(having, frozenset[str]())]))
        if value is not MISSING:
            yield self._teller.closed(changed, value)

    def _may_mean_null(self, pair: _Pair) -> bool:
        """Tell whether what refuses null says ``nullable`` without effect, so that nobody knows what is meant."""
        refusing = pair.after if self._side is Side.REQUEST else pair.before
        nodes = (*refusing, *self._cases.parts(refusing))
        return any(isinstance(node.value, dict) and node.value.get("nullable") is True for node in nodes)

    def _of_kind(
        self, changed: Changed, were: Sequence[Case], are: Sequence[Case], *, is_admitted: bool
    ) -> Iterator[Difference | _Pair]:
        couples = self._couples(were, are)
        for was in were:
            left = [is_now for each, is_now in couples if each is was]
            yield from self._teller.gone(changed, was, left) if left else ()
        if len(were) == len(are) == 1:
            yield from self._both(changed, were[0], are[0], are, is_admitted=is_admitted)
            yield from self._teller.stricter(changed, were[0], are[0])
            one, other = (were[0], are[0]) if self._side is Side.REQUEST else (are[0], were[0])
            # What is refused for another reason shows nothing about alternatives.
            is_open = not other.rivals or self._coverage.covers_case(one, other)
            refused: dict[int, object] = {} if is_open else {id(one): MISSING}
        else:
            request = self._side is Side.REQUEST
            admitted, admitting = (were, are) if request else (are, were)
            refused = {} if is_admitted else self._refused(changed, admitted, admitting)
            told = set[int]()
            for was, is_now in couples:
                one, other = (was, is_now) if request else (is_now, was)
                left = [became for each, became in couples if each is was]
                # Of all that a case has become, the likeliest shows what is refused.
                is_told = id(one) in refused and id(one) not in told
                if is_told and other.is_denied and not one.is_denied and refused[id(one)] is not MISSING:
                    # What is refused is the whole, of whatever parts.
                    yield self._teller.denied(changed, refused[id(one)])
                    is_told = False
                    told.add(id(one))
                told |= {id(one)} if is_told else set()
                score = self._likeness.score(was, is_now)
                found = self._both(
                    changed,
                    was,
                    is_now,
                    left,
                    is_admitted=not is_told and not self._coverage.covers_case(one, other),
                    value=refused.get(id(one), MISSING),
                )
                yield from _as_parts(found, is_whole=len(left) == 1 and score.is_sure and score.tagged >= 0)
            for case in admitted:
                if id(case) in refused and id(case) not in told:
                    value, is_decided = refused[id(case)], self._is_decided(case, admitting)
                    if value is MISSING:
                        # It was to be told where it stands, but something else has become of it.
                        value, _ = self._instances.shown(case, admitting, *self._ordered(changed.before, changed.after))
                    yield self._teller.alternative(changed, case, value, is_decided=is_decided)
        if not is_admitted and not refused:
            yield from self._overlapping(changed, couples)

    def _couples(self, were: Sequence[Case], are: Sequence[Case]) -> Sequence[tuple[Case, Case]]:
        """Return every case with all that it became, the likeliest first: it may have been split up or put together."""
        if len(were) == len(are) == 1:
            return [(were[0], are[0])]
        if len(were) == 1 or len(are) == 1:
            couples = [(was, is_now) for was in were for is_now in are if self._likeness.is_part(was, is_now)]
            # What stayed as it is became nothing else.
            couples = [couple for couple in couples if self._likeness.score(*couple).written] or couples
            return sorted(couples, key=lambda couple: self._likeness.score(*couple), reverse=True)
        return list(self._likeness.pairs(were, are))

    def _refused(self, changed: Changed, admitted: Sequence[Case], admitting: Sequence[Case]) -> dict[int, object]:
        """Return the cases that are not covered by their ``id``, each with a value that shows it if one is known."""
        found: dict[int, object] = {}
        sought, refusing = self._ordered(changed.before, changed.after)
        for case in admitted:
            candidates = self._likeness.likeliest(case, admitting)
            # One that knows other properties admits it by chance, as something else than it is meant to be.
            meant = [each for each in candidates if each is candidates[0] or _knows(each, case)]
            if any(self._coverage.covers_case(case, each) for each in meant):
                continue
            is_split = bool(candidates) and candidates[0].is_denied and not case.is_denied
            if candidates and not is_split and self._means(case, candidates[0]):
                # It is told where it stands.
                found[id(case)] = MISSING
                continue
            value, is_enough = self._instances.shown(case, candidates, sought, refusing)
            if value is not MISSING or not is_enough:
                found[id(case)] = value
        return found

    def _is_decided(self, case: Case, admitting: Sequence[Case]) -> bool:
        """Tell whether the cases that have not been found to cover another one are sure not to."""
        is_whole = not (self._coverage.is_exhausted or self._instances.is_exhausted)
        return is_whole and not any(each.opaque for each in (case, *admitting))

    def _means(self, one: Case, other: Case) -> bool:
        """Tell whether two cases are sure to mean the same thing, so that only something inside can have changed."""
        return self._likeness.score(one, other).is_sure and next(gaps(one, other, self._cases), None) is None

    def _both(
        self,
        changed: Changed,
        was: Case,
        is_now: Case,
        left: Sequence[Case],
        *,
        is_admitted: bool,
        value: object = MISSING,
    ) -> Iterator[Difference | _Pair]:
        one, other = (was, is_now) if self._side is Side.REQUEST else (is_now, was)
        if not is_admitted:
            for gap in gaps(one, other, self._cases):
                yield from self._teller.gap(changed, gap, was, is_now, left, value)
        for name, before in was.properties.items():
            if name in is_now.properties:
                yield _Pair(before, is_now.properties[name], is_admitted)
        yield _Pair(was.items, is_now.items, is_admitted)
        for part in parts(one, other):
            before, after = (part.one, part.other) if one is was else (part.other, part.one)
            if not part.is_property or not (part.name in was.properties and part.name in is_now.properties):
                yield _Pair(before, after, is_admitted)

    def _overlapping(self, changed: Changed, couples: Sequence[tuple[Case, Case]]) -> Iterator[Difference]:
        """Yield that a value may fit more than one alternative of a ``oneOf`` now, where it did not have to be one."""
        request = self._side is Side.REQUEST
        ordered = couples if request else [(is_now, was) for was, is_now in couples]
        sought, refusing = self._ordered(changed.before, changed.after)
        matching = {key(other.alternative): one.alternative for one, other in ordered if other.alternative is not None}
        for one, other in ordered:
            own = {key(node) for each in one.rivals for term in each.others for node in term}
            new = [
                term
                for each in other.rivals
                for term in each.others
                if not ((match := matching.get(key(term[0]))) is not None and key(match) in own)
                or not self._coverage.covers(term, (match,))
            ]
            if new:
                targets = [other, *(each for term in new for each in self._cases.of(term))]
                beside = [each for each, _ in ordered if each is not one]
                value = self._instances.shared(one, targets, beside, sought, refusing)
                if value is not MISSING:
                    yield self._teller.overlap(changed, value)
                    return


def _as_parts(found: Iterator[Difference | _Pair], *, is_whole: bool) -> Iterator[Difference | _Pair]:
    """Yield the same, with what is still to be compared marked if more than that has become of it."""
    for each in found:
        yield each if is_whole or isinstance(each, Difference) else replace(each, is_whole=False)


def _knows(one: Case, other: Case) -> bool:
    """Tell whether one case lists all properties that another one lists."""
    return other.properties.keys() <= one.properties.keys() | one.hidden


def alternatives(before: Schema, after: Schema) -> Iterator[tuple[Node, Node]]:
    """Yield alternatives that stayed or became others."""
    one, other = (tuple(chain.from_iterable(each.choices.values())) for each in (before, after))
    # Those that stayed as they are may still refer to something that changed.
    same = {as_json(each.value): each for each in other}
    kept = {as_json(each.value) for each in one}
    yield from ((each, same[as_json(each.value)]) for each in one if as_json(each.value) in same)
    cases = Cases(Side.RESPONSE, Bounds.of())
    gone = [(case, each) for each in one if as_json(each.value) not in same for case in cases.of((each,))]
    new = [(case, each) for each in other if as_json(each.value) not in kept for case in cases.of((each,))]
    told = set[Key]()
    for was, is_now in Likeness().pairs([case for case, _ in gone], [case for case, _ in new]):
        was_node = next(node for case, node in gone if case is was)
        if key(was_node) not in told:
            told.add(key(was_node))
            yield was_node, next(node for case, node in new if case is is_now)
