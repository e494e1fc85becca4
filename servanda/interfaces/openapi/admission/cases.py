"""Cases of schemas: references followed, ``allOf`` made one, and ``oneOf`` and ``anyOf`` written out."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from servanda.interfaces.openapi.admission.bounds import Bounds
from servanda.interfaces.openapi.admission.case import (
    Case,
    Key,
    Rivals,
    Term,
    admits_everything,
    everything,
    is_open,
    key,
    keys,
)
from servanda.interfaces.openapi.admission.discriminators import tags
from servanda.interfaces.openapi.admission.merging import admits_listed, both, distinct_cases, simplest
from servanda.interfaces.openapi.admission.negation import is_inside, opposite, opposites
from servanda.interfaces.openapi.admission.reading import read, text
from servanda.interfaces.openapi.admission.references import distinct, end, is_bare, parts
from servanda.interfaces.openapi.difference import Side
from servanda.interfaces.openapi.document import Node
from servanda.interfaces.openapi.schema import CHOICES

_HIDING: Final = {Side.REQUEST: "readOnly", Side.RESPONSE: "writeOnly"}
_NEVER: Final = 1_000_000
_DEEPEST: Final = 50
_AGAIN: Final = 10_000


class Cases:
    """Cases of schemas on one side of a call; the answers are remembered."""

    def __init__(self, side: Side, bounds: Bounds) -> None:
        self._hiding = _HIDING[side]
        self._bounds = bounds
        self._known: dict[frozenset[Key], tuple[Case, ...]] = {}
        self._ends: dict[Key, Node] = {}
        self._parts: dict[Key, tuple[Node, ...]] = {}
        self._own: dict[Key, tuple[Case, ...]] = {}
        # Terms whose cases are being written out, by how many were begun before.
        self._begun: dict[frozenset[Key], int] = {}
        self._outermost = _NEVER
        self._again = 0
        self._void: dict[frozenset[Key], bool] = {}
        self._opposites: dict[frozenset[Key], tuple[Term, Term]] = {}

    def of(self, asked: Term) -> tuple[Case, ...]:
        """Return the cases of a term; none if it admits nothing.

        Raises:
            InterfaceError: A keyword has a value that it cannot have, or ``allOf`` leads in a circle.
        """
        found = self._written(asked)
        if any(self._is_void(case, 0) for case in found):
            return tuple(case for case in found if not self._is_void(case, 0))
        return found

    def settled(self, asked: Term) -> Term:
        """Return a term with its bare references followed.

        Raises:
            InterfaceError: A reference leads nowhere or in a circle.
        """
        return tuple(self._end(node) if is_bare(node) else node for node in asked)

    def parts(self, asked: Term) -> tuple[Node, ...]:
        """Return the schemas that a term consists of, references and ``allOf`` followed, each once."""
        if len(asked) == 1:
            return self._parts_of(asked[0])
        return distinct(part for node in asked for part in self._parts_of(node))

    def is_absent(self, property_: Term) -> bool:
        """Tell whether a property does not exist on this side."""
        return any(
            self._hiding in part.value and part.value[self._hiding] is True
            for part in self.parts(property_)
            if isinstance(part.value, dict)
        )

    def count(self, asked: Term) -> float:
        """Return how many values a term admits, as far as they are listed."""
        found = ((case.kind == "null", case.values) for case in self.of(asked))
        return sum(1 if is_null else math.inf if values is None else len(values) for is_null, values in found)

    def _end(self, node: Node) -> Node:
        name = key(node)
        if name not in self._ends:
            self._ends[name] = end(node)
        return self._ends[name]

    def _parts_of(self, node: Node) -> tuple[Node, ...]:
        if admits_everything(node):
            return (node,)
        name = key(node)
        if name not in self._parts:
            value = node.value
            if is_bare(node):
                self._parts[name] = self._parts_of(self._end(node))
            else:
                is_simple = not isinstance(value, dict) or not ("$ref" in value or "allOf" in value)
                self._parts[name] = (node,) if is_simple else distinct(parts(node))
        return self._parts[name]

    def _is_void(self, case: Case, depth: int) -> bool:
        """Tell whether a required property cannot have any value, or an array not as many as it needs."""
        if depth > _DEEPEST:
            return False
        if "uniqueItems" in case.limits and "minItems" in case.limits:
            return bool(self.count(case.items) < case.limits["minItems"].value)
        least = case.limits.get("minItems")
        if least is not None and self._is_void_term(case.items, depth + 1):
            return True
        return any(
            self._is_void_term(found, depth + 1)
            for name in case.required
            if (found := case.properties.get(name)) is not None
        )

    def _is_void_term(self, asked: Term, depth: int) -> bool:
        name = keys(asked)
        if name not in self._void:
            # What needs itself counts as possible: mostly it is a slip.
            self._void[name] = False
            self._void[name] = all(self._is_void(case, depth) for case in self._written(asked))
        return self._void[name]

    def _written(self, asked: Term) -> tuple[Case, ...]:
        name = keys(asked)
        if not name:
            return everything(asked[0])
        if name in self._known:
            return self._known[name]
        if any(map(is_bare, asked)):
            self._known[name] = found = self._written(self.settled(asked))
            return found
        if name in self._begun:
            # An alternative that is the schema itself adds nothing to it.
            self._outermost = min(self._outermost, self._begun[name])
            return ()
        depth = self._begun[name] = len(self._begun)
        around, self._outermost = self._outermost, _NEVER
        try:
            found = tuple(distinct_cases(self._combined(asked), end(asked[0])))
        finally:
            del self._begun[name]
        # What lacks alternatives that were begun before is not the whole answer; but there are countless ways round.
        if self._outermost >= depth or self._again > _AGAIN:
            self._known[name] = found
            self._outermost = _NEVER
        self._again += 1
        self._outermost = min(around, self._outermost)
        return found

    def _combined(self, asked: Term) -> Iterator[Case]:
        """Yield every combination of alternatives that can be met."""
        first, *others = self.parts(asked)
        by_kind = {case.kind: case for case in self._cases_at(first)}
        for part in others:
            own = self._cases_at(part)
            by_kind = {case.kind: both(by_kind[case.kind], case) for case in own if case.kind in by_kind}
        cases = list(by_kind.values())
        for part in (first, *others):
            for keyword in CHOICES:
                listed = part.raw(keyword) if isinstance(part.value, dict) else None
                if listed is not None:
                    cases = self._chosen(cases, part, listed, keyword)
        # The more is known of a value, the more can be told of what is refused.
        for part in (first, *others):
            refused = part.raw("not") if isinstance(part.value, dict) else None
            if refused is not None:
                cases = list(self._denied(cases, refused))
        # What is evaluated elsewhere is not known of a schema that has to hold together with others.
        if len(asked) == 1 and isinstance(first.value, dict) and first.value.get("unevaluatedProperties") is False:
            # Several alternatives of anyOf may hold, and each evaluates its own.
            is_plain = not any(isinstance(part.value, dict) and "anyOf" in part.value for part in (first, *others))
            cases = [_closed(case) for case in cases] if is_plain else cases
        for case in cases:
            simple = simplest(case)
            if simple is not None:
                yield simple

    def _cases_at(self, node: Node) -> tuple[Case, ...]:
        name = key(node)
        if name not in self._own:
            self._own[name] = tuple(read(node, self.is_absent))
        return self._own[name]

    def _chosen(self, cases: list[Case], part: Node, listed: Node, keyword: str) -> list[Case]:
        """Return the cases that also meet one of several alternatives."""
        # The same schema under two names is one alternative.
        several = {frozenset(map(key, self.parts((each,)))): each for each in listed.items()}
        by_kind: dict[str, list[Case]] = {}
        for case in self._alternatives(part, tuple(several.values()), keyword):
            by_kind.setdefault(case.kind, []).append(case)
        if sum(len(by_kind.get(case.kind, ())) for case in cases) > self._bounds.cases:
            said = frozenset({text(listed)})
            return [replace(case, opaque={**case.opaque, keyword: said}) for case in cases]
        return [both(case, other) for case in cases for other in by_kind.get(case.kind, ())]

    def _denied(self, cases: list[Case], refused: Node) -> Iterator[Case]:
        """Yield the cases of what another schema does not admit."""
        around, self._outermost = self._outermost, _NEVER
        found = self._written((refused,))
        is_circle, self._outermost = self._outermost != _NEVER, min(around, self._outermost)
        for one in cases:
            case = _without(one, [each for each in found if each.kind == one.kind])
            if case.values == frozenset() or any(is_inside(case, each) for each in found if each.kind == case.kind):
                continue
            same = (each for each in found if each.kind == case.kind and not _is_apart(each, case))
            own = [opposites(each, refused, self._opposite) for each in same]
            count = math.prod(len(each) for each in own if each is not None)
            if is_circle or None in own or count > self._bounds.cases:
                said = case.opaque.get("not", frozenset()) | {text(refused)}
                yield replace(case, opaque={**case.opaque, "not": said})
                continue
            denied = [case]
            for each in own:
                denied = [both(before, other) for before in denied for other in each or ()]
            yield from (replace(each, is_denied=True) for each in denied) if len(denied) > 1 else denied

    def _opposite(self, asked: Term) -> Term:
        """Return the demand that another one is not kept, always the same one: there may be countless ways to it."""
        name = keys(asked)
        if name not in self._opposites:
            # It keeps the term, so that no other one gets its name.
            self._opposites[name] = (asked, opposite(asked))
        return self._opposites[name][1]

    def _alternatives(self, part: Node, alternatives: tuple[Node, ...], keyword: str) -> Iterator[Case]:
        terms = tuple((each,) for each in alternatives)
        tagged = tags(part, alternatives)
        written = [self._written(each) for each in terms]
        twice = _listed_twice(written) if keyword == "oneOf" else frozenset()
        for number, alternative in enumerate(alternatives):
            rivals = (Rivals(terms, number),) if keyword == "oneOf" and len(terms) > 1 else ()
            for case in written[number]:
                values = case.values - twice if case.values is not None else None
                if values is not None and not values:
                    continue
                yield replace(
                    case,
                    values=values,
                    alternative=case.alternative or alternative,
                    choice=case.choice or keyword,
                    tags=(*tagged.get(number, ()), *case.tags),
                    rivals=(*case.rivals, *rivals),
                )


def _closed(case: Case) -> Case:
    """Return a case without the properties that no part of it lists, unless some keyword may evaluate others."""
    is_odd = {"patternProperties", "if", "dependentSchemas"} & case.opaque.keys()
    if case.kind != "object" or is_odd or case.additional is None or not is_open(case.additional):
        return case
    opaque = {name: said for name, said in case.opaque.items() if name != "unevaluatedProperties"}
    return replace(case, additional=None, opaque=opaque)


def _without(case: Case, refused: list[Case]) -> Case:
    """Return a case without the listed values that other cases are sure to admit."""
    if case.values is None:
        return case
    left = (text for text in case.values if not any(admits_listed(each, text) for each in refused))
    return replace(case, values=frozenset(left))


def _is_apart(refused: Case, case: Case) -> bool:
    """Tell whether a case admits none of the listed values of another one."""
    return case.values is not None and all(admits_listed(refused, text) is False for text in case.values)


def _listed_twice(written: list[tuple[Case, ...]]) -> frozenset[str]:
    """Return the values that several alternatives list: ``oneOf`` refuses them."""
    count = Counter(text for cases in written for text in {text for case in cases for text in case.values or ()})
    return frozenset(text for text, times in count.items() if times > 1)
