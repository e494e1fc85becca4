"""Differences of schemas in words, with a value that shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from servanda.interfaces.limit import Limit, accepts_less
from servanda.interfaces.openapi.admission.case import KINDS, Case, Term, key
from servanda.interfaces.openapi.admission.cases import Cases
from servanda.interfaces.openapi.admission.gaps import Gap, Sort, has_no_effect
from servanda.interfaces.openapi.admission.instances import MISSING, Instances
from servanda.interfaces.openapi.admission.references import end, is_bare
from servanda.interfaces.openapi.difference import Difference, Edit, Example, Side
from servanda.interfaces.openapi.document import Node
from servanda.interfaces.openapi.formats import bounds
from servanda.interfaces.openapi.limits import implied, together
from servanda.interfaces.openapi.schema import CHOICES
from servanda.interfaces.openapi.values import as_json

_VERBS: Final = {Side.REQUEST: "removed", Side.RESPONSE: "added"}
_HIDING: Final = {Side.REQUEST: "readOnly", Side.RESPONSE: "writeOnly"}


@dataclass(frozen=True, slots=True)
class Changed:
    """Schemas that are compared: what had to hold together, and what has to hold together now."""

    before: Term
    after: Term

    @property
    def places(self) -> tuple[Node, Node]:
        """Return where the change is: at the reference if one side is more than that, else where it leads."""
        before, after = self.before[0], self.after[0]
        return (before, after) if is_bare(before) and not is_bare(after) else (end(before), end(after))

    def places_of(self, was: Case, is_now: Case) -> tuple[Node, Node]:
        """Return where two cases are told of, reached by the references of these schemas."""
        return _reached(was, self.before), _reached(is_now, self.after)


def _reached(case: Case, term: Term) -> Node:
    known = map(end, (*term, case.alternative) if case.alternative is not None else term)
    return next((node for node in known if key(node) == key(case.node)), case.node)


class Teller:
    """Words for differences on one side of a call."""

    def __init__(self, side: Side, cases: Cases, instances: Instances) -> None:
        self._side = side
        self._cases = cases
        self._instances = instances

    def default(self, changed: Changed) -> Iterator[Difference]:
        """Yield that the server fills in something else for what is left out."""
        if self._side is Side.RESPONSE:
            return
        (before, inside_before), (after, inside_after) = map(self._defaults, (changed.before, changed.after))
        # Where an alternative has the default, nobody says whether it is the whole that has it.
        if before == after or (not after and before & inside_after) or (not before and after & inside_before):
            return
        text = f"default changed from {' or '.join(before) or 'none'} to {' or '.join(after) or 'none'}"
        yield self._told(Edit.DEFAULT, changed.places, text, "default")

    def _defaults(self, asked: Term) -> tuple[frozenset[str], frozenset[str]]:
        """Return the default of a term, if it has one, and those of its alternatives."""
        parts = self._cases.parts(asked)
        listed = (found for part in parts for name in CHOICES if (found := part.raw(name)) is not None)
        inside = (part for each in listed for one in each.items() for part in self._cases.parts((one,)))
        own = list(_defaults(parts))[:1]
        return frozenset(own), frozenset(_defaults(inside))

    def lost(
        self, changed: Changed, cases: Sequence[Case], before: Sequence[Case], after: Sequence[Case]
    ) -> Iterator[Difference]:
        """Yield that values of some types are not admitted on the other side at all."""
        others = after if self._side is Side.REQUEST else before
        nulls = [case for case in cases if case.kind == "null"]
        kept = {case.kind for case in before} & {case.kind for case in after}
        chosen = [case for case in cases if case.alternative is not None and case.kind != "null"]
        if not kept or not others:
            chosen, nulls = [], nulls if len(nulls) == len(cases) and others else []
        plain = [case for case in cases if case not in chosen and case not in nulls]
        is_listed = bool(others) and all(case.values is not None for case in others)
        if is_listed and _shown(before if self._side is Side.REQUEST else after) == "any":
            # The values that both sides have types for tell all of it.
            plain, nulls = plain if not kept else [], []
            if plain:
                yield self._values(changed.places, None, self._example(changed, plain[0], others))
        elif plain and is_listed and all(case.values is not None for case in plain):
            values = frozenset[str]().union(*(case.values or () for case in plain))
            yield self._values(changed.places, values, self._example(changed, plain[0], others))
        elif plain:
            text = f"type changed from {_shown(before)} to {_shown(after)}"
            yield self._told(Edit.TYPE, changed.places, text, "type", example=self._example(changed, plain[0], others))
        # A null that two alternatives of oneOf admit is refused by both.
        if nulls and not self._instances.is_refused(self._sides(changed)[0], None):
            text = "null is refused now" if self._side is Side.REQUEST else "it may be null now"
            yield self._told(Edit.TYPE, changed.places, text, "type", example=self._as_example(changed, None))
        for case in chosen:
            value, is_enough = self._instances.shown(case, others, *self._sides(changed))
            if value is not MISSING or not is_enough:
                yield self.alternative(changed, case, value)

    def alternative(self, changed: Changed, case: Case, value: object, *, is_decided: bool = True) -> Difference:
        """Return that an alternative is there on one side only, or may be: what is not decided is shown by a value."""
        name = _name(case.alternative or case.node)
        text = f"alternative {name} of {case.choice} was {_VERBS[self._side]}"
        if case.alternative is None:
            text = f"no alternative admits all that {'was' if self._side is Side.REQUEST else 'is'} admitted"
        edit = Edit.ALTERNATIVES
        if value is MISSING and not is_decided:
            edit, text = Edit.UNDECIDED, f"it could not be decided whether {text}"
        return self._told(edit, changed.places, text, example=self._as_example(changed, value))

    def overlap(self, changed: Changed, value: object) -> Difference:
        """Return that a value fits several alternatives of which one alone may fit."""
        request = self._side is Side.REQUEST
        text = f"a value that fits several alternatives is {'refused' if request else 'admitted'} now"
        return self._told(Edit.ALTERNATIVES, changed.places, text, example=self._as_example(changed, value))

    def denied(self, changed: Changed, value: object) -> Difference:
        """Return that a value is refused by a ``not`` on one side only."""
        request = self._side is Side.REQUEST
        text = f"'not' {'refuses values now that were admitted' if request else 'lets values come now that it refused'}"
        return self._told(Edit.KEYWORD, changed.places, text, "not", example=self._as_example(changed, value))

    def gone(self, changed: Changed, was: Case, left: Sequence[Case]) -> Iterator[Difference]:
        """Yield the properties that none of the cases has that one has become."""
        for name, before in was.properties.items():
            if any(name in case.properties for case in left) or not self._cases.of(before):
                continue
            hidden = any(name in case.hidden for case in left)
            what = f"became {_HIDING[self._side]}" if hidden else "was deleted"
            places = changed.places_of(was, left[0])
            yield self._told(Edit.PROPERTY_DELETED, places, f"property {name!r} {what}", inner=name)

    def stricter(self, changed: Changed, was: Case, is_now: Case) -> Iterator[Difference]:
        """Yield the limits of a response that older answers may not keep."""
        if self._side is Side.REQUEST:
            return
        known = together(was.limits, implied(bounds(was.formats)))
        for name in sorted(is_now.limits):
            one, other = known.get(name), is_now.limits[name]
            if was.values is None and accepts_less(one, other) and not has_no_effect(was, name, self._cases):
                text = f"{name} changed from {_limit(one)} to {_limit(other)}"
                yield self._told(Edit.LIMIT_TIGHTENED, changed.places_of(was, is_now), text, name)

    def gap(
        self, changed: Changed, gap: Gap, was: Case, is_now: Case, left: Sequence[Case], value: object = MISSING
    ) -> Iterator[Difference]:
        """Yield the difference that a demand makes which one side has and the other has not.

        Args:
            changed: The schemas that are compared.
            gap: The demand.
            was: The case that was.
            is_now: What it has become.
            left: All that it has become.
            value: A value that shows that something is refused, if one is known.
        """
        places = changed.places_of(was, is_now)
        one, other = (was, is_now) if self._side is Side.REQUEST else (is_now, was)
        example = None
        if gap.sort not in {Sort.LISTED, Sort.TAG}:
            example = self._example(changed, one, [other], gap) or self._as_example(changed, value)
        match gap.sort:
            case Sort.FRACTION:
                text = f"type changed from {_shown([was])} to {_shown([is_now])}"
                yield self._told(Edit.TYPE, places, text, "type", example=example)
            case Sort.FORMAT:
                text = f"format changed from {_forms(was)} to {_forms(is_now)}"
                yield self._told(Edit.TYPE, places, text, "format", example=example)
            case Sort.VALUES | Sort.EXCLUDED:
                told = self._excluded if gap.sort is Sort.EXCLUDED else self._values
                yield told(places, gap.values, example)
            case Sort.LIMIT:
                edit = Edit.LIMIT_TIGHTENED if self._side is Side.REQUEST else Edit.LIMIT_LOOSENED
                limits = (_limit(case.limits.get(gap.name)) for case in (was, is_now))
                text = f"{gap.name} changed from {next(limits)} to {next(limits)}"
                yield self._told(edit, places, text, gap.name, example=example)
            case Sort.LISTED | Sort.TAG:
                yield from self._apart(changed, gap, was, is_now)
            case Sort.REQUIRED:
                is_left = gap.name not in was.properties or any(gap.name in case.properties for case in left)
                yield from self._required(places, gap.name, was, example, is_left=is_left)
            case Sort.ADDITIONAL:
                what = "are forbidden" if self._side is Side.REQUEST else "can come"
                text = f"additionalProperties {what} now"
                yield self._told(Edit.ADDITIONAL_PROPERTIES, places, text, "additionalProperties", example=example)
            case Sort.KEYWORD:
                yield self._keyword(places, gap, example)

    def _apart(self, changed: Changed, gap: Gap, was: Case, is_now: Case) -> Iterator[Difference]:
        """Yield differences for which no general example is sought."""
        if gap.sort is Sort.TAG:
            text = f"the discriminator {gap.name!r} leads here by {_tags(is_now, gap.name)}, "
            text += f"where it was {_tags(was, gap.name)}"
            yield self._told(Edit.KEYWORD, changed.places, text, "discriminator")
        elif self._side is Side.RESPONSE:
            yield from self._added(changed, changed.places_of(was, is_now), gap.name, is_now)

    def _added(self, changed: Changed, places: tuple[Node, Node], name: str, case: Case) -> Iterator[Difference]:
        """Yield that a property can come where others were forbidden."""
        if self._cases.of(case.properties[name]):
            text = f"property {name!r} is new, and other properties than the listed ones were forbidden"
            example = self._example(changed, case, [], Gap(Sort.LISTED, name))
            yield self._told(Edit.PROPERTY_ADDED, places, text, inner=name, example=example)

    def _required(
        self, places: tuple[Node, Node], name: str, was: Case, example: Example | None, *, is_left: bool
    ) -> Iterator[Difference]:
        if self._side is Side.REQUEST:
            what = "became required" if name in was.properties else "is new and required"
            yield self._told(Edit.PROPERTY_REQUIRED, places, f"property {name!r} {what}", inner=name, example=example)
        elif is_left:
            text = f"property {name!r} is required no more"
            yield self._told(Edit.PROPERTY_OPTIONAL, places, text, inner=name, example=example)

    def _values(self, places: tuple[Node, Node], values: frozenset[str] | None, example: Example | None) -> Difference:
        changed = ", ".join(sorted(values)) if values is not None else "values that are not listed"
        return self._told(Edit.VALUES, places, f"enum: {changed} {_VERBS[self._side]}", "enum", example=example)

    def values_gone(
        self, changed: Changed, types: Sequence[str], values: frozenset[str] | None, value: object
    ) -> Difference:
        """Return that values of a response cannot come any more."""
        gone = [*types, *sorted(values or ())] if values is not None else [*types, "other values than the listed ones"]
        text = f"values that came before can come no more: {', '.join(gone)}"
        return self._told(Edit.VALUES_GONE, changed.places, text, "enum", example=self._gone(changed, value))

    def closed(self, changed: Changed, value: object) -> Difference:
        """Return that a response cannot have properties any more that it does not list."""
        text = "properties that it does not list can come no more"
        example = self._gone(changed, value)
        return self._told(Edit.VALUES_GONE, changed.places, text, "additionalProperties", example=example)

    def _gone(self, changed: Changed, value: object) -> Example:
        return Example(value, changed.before, changed.after)

    def _excluded(
        self, places: tuple[Node, Node], values: frozenset[str] | None, example: Example | None
    ) -> Difference:
        what = "are refused" if self._side is Side.REQUEST else "can come"
        text = f"values that 'not' is about {what} now: {', '.join(sorted(values or ()))}"
        return self._told(Edit.VALUES, places, text, "not", example=example)

    def _keyword(self, places: tuple[Node, Node], gap: Gap, example: Example | None) -> Difference:
        is_decided = gap.is_decided or example is not None
        refuses, sends = ("refuses", "sends") if is_decided else ("may refuse", "may send")
        what = refuses if self._side is Side.REQUEST else sends
        text = f"{gap.name!r} changed, which {what} what it did not before"
        return self._told(Edit.KEYWORD if is_decided else Edit.UNDECIDED, places, text, gap.name, example=example)

    def _example(self, changed: Changed, case: Case, others: Sequence[Case], gap: Gap | None = None) -> Example | None:
        value, _ = self._instances.shown(case, others, *self._sides(changed), gap)
        return self._as_example(changed, value)

    def _as_example(self, changed: Changed, value: object) -> Example | None:
        return Example(value, *self._sides(changed)) if value is not MISSING else None

    def _sides(self, changed: Changed) -> tuple[Term, Term]:
        """Return the schemas that have to admit a value to show a change, and those that have to refuse it."""
        return (changed.before, changed.after) if self._side is Side.REQUEST else (changed.after, changed.before)

    def _told(
        self,
        edit: Edit,
        places: tuple[Node, Node],
        text: str,
        keyword: str = "",
        *,
        inner: str = "",
        example: Example | None = None,
    ) -> Difference:
        before, node = places
        place = _place(before) + _renamed(before, node)
        element = before.shown + (f"/properties/{inner}" if inner else "")
        for name in ("properties", inner) if inner else (keyword,) if keyword else ():
            node = node.raw(name) or node
        message = f"{self._side.capitalize()} schema {place}: {text}."
        return Difference(edit, node, element, message, self._side, example)


def _defaults(parts: Iterable[Node]) -> Iterator[str]:
    return (
        as_json(each.value["default"]) for each in parts if isinstance(each.value, dict) and "default" in each.value
    )


def _place(node: Node) -> str:
    """Return its name if it is a part of a named schema, else its place in the document."""
    if node.pointer[:2] != ("components", "schemas"):
        return node.shown
    return ".".join(part for part in node.pointer[2:] if part != "properties")


def _renamed(before: Node, after: Node) -> str:
    """Return the name of the schema that stands in the place of another one; empty if it is called as before."""
    named = all(node.pointer[:2] == ("components", "schemas") for node in (before, after))
    return f" (now {_place(after)})" if named and before.pointer[2:3] != after.pointer[2:3] else ""


def _name(alternative: Node) -> str:
    value = alternative.value
    return str(value["$ref"]) if isinstance(value, dict) and "$ref" in value else as_json(value)


def _shown(cases: Sequence[Case]) -> str:
    found = {case.kind: case for case in cases}
    if len(found) == len(KINDS) and not all(case.is_whole for case in cases if case.kind == "number"):
        return "any"
    whole = all(case.is_whole for case in cases if case.kind == "number")
    named = ("integer" if kind == "number" and whole else kind for kind in found)
    return " or ".join(sorted(named)) or "nothing"


def _limit(limit: Limit | None) -> str:
    return limit.shown if limit else "none"


def _forms(case: Case) -> str:
    return " and ".join(sorted(case.formats)) or "none"


def _tags(case: Case, name: str) -> str:
    found = sorted(value for tag in case.tags if tag.name == name for value in tag.values)
    return " or ".join(found) or "nothing"
