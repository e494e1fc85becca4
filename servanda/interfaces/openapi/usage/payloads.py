"""JSON values of a request or an answer, followed through the schemas of a document in both states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from servanda.documents import Pointer
from servanda.interfaces.effect import Access
from servanda.interfaces.openapi.document import Node
from servanda.interfaces.openapi.schema import Schema, schema
from servanda.interfaces.openapi.schemas import alternatives
from servanda.interfaces.openapi.usage.both import Both, Touch
from servanda.interfaces.openapi.usage.expectations import is_impossible
from servanda.interfaces.openapi.usage.refusals import fits, new_objections
from servanda.interfaces.openapi.values import as_json
from servanda.pact.paths import ROOT, Path, Step
from servanda.pact.rules import NO_RULES, Rules

_Place = tuple[str, Pointer]
_Pair = tuple[_Place | None, _Place | None]


class Payload:
    """Use of the parts of a value by a consumer.

    Args:
        access: Whether it writes them or reads them.
        judged: Whether it shows something if a part is refused now, or left out: not of a request that has to fail.
        valued: Whether its scalars are known, and not only that they are there.
        rules: The matching rules of what is read: what may come instead of the examples.
        path: The place of the value in what these rules are about.
    """

    def __init__(
        self,
        access: Access,
        *,
        judged: bool = True,
        valued: bool = True,
        rules: Rules = NO_RULES,
        path: Path = ROOT,
    ) -> None:
        self._access = access
        self._judged = judged
        self._valued = valued
        self._rules = rules
        self._path = path

    def by(self, rules: Rules, *steps: Step) -> Payload:
        """Return the same use of a value that some rules are about, or of a part of it."""
        way = {"judged": self._judged, "valued": self._valued}
        return Payload(self._access, rules=rules, path=(*self._path, *steps), **way)

    def touched(self, value: object, part: Both, told: set[_Pair] | None = None) -> Iterator[Touch]:
        """Yield every schema and property that a value has to do with, at any depth.

        Properties that a written value leaves out are told as well: they may be demanded one day.
        """
        if not part:
            return
        before, after = (schema(each) if each else None for each in (part.before, part.after))
        found = before or after
        # Alternatives may lead back, or to the same place in countless ways; of one value each is told once.
        told = told if told is not None else set()
        pair = (before.node.place if before else None, after.node.place if after else None)
        if found is None or pair in told:
            return
        told.add(pair)
        # What is wrapped around a reference is told at the reference.
        for shown in dict.fromkeys((found.node.shown, *part.places)):
            yield from self.itself(value, shown, before, after)
        if isinstance(value, Mapping):
            yield from self._object(value, found.node.shown, before, after)
        elif isinstance(value, list):
            items = Both(before.items if before else None, after.items if after else None)
            for index, each in enumerate(value):
                yield from self.by(self._rules, index).touched(each, items)
        for alternative in _alternatives(value, before, after):
            yield from self.touched(value, alternative, told)

    def itself(self, value: object, shown: str, before: Schema | None, after: Schema | None) -> Iterator[Touch]:
        """Yield one place that a value has to do with, and what is objected to there; what is inside is told apart."""
        is_tried = self._judged and self._valued
        is_sent = self._access is Access.WRITE and is_tried
        example = as_json(value) if is_sent and not isinstance(value, Mapping | list) else ""
        yield Touch(shown, self._access, example)
        if before is not None and after is not None and is_tried:
            for refused in self._objections(before, after, value):
                yield Touch(shown, self._access, as_json(value) if is_sent else "", refused)

    def _objections(self, before: Schema, after: Schema, value: object) -> Iterator[str]:
        """Yield what is objected to that was not, and to all that a contract accepts in place of the value."""
        for refused in new_objections(before, after, value):
            if self._access is Access.WRITE or is_impossible(refused, value, after, self._rules, self._path):
                yield refused

    def _object(
        self, value: Mapping[str, object], shown: str, before: Schema | None, after: Schema | None
    ) -> Iterator[Touch]:
        was, is_now = (found.properties if found else {} for found in (before, after))
        for name in {**was, **is_now}:
            inner, inside = Both(was.get(name), is_now.get(name)), self.by(self._rules, name)
            if name in value:
                # A property whose schema stands there is told with its value below.
                if f"{shown}/properties/{name}" not in inner.places:
                    states = (schema(each) if each else None for each in (inner.before, inner.after))
                    yield from inside.itself(value[name], f"{shown}/properties/{name}", *states)
                yield from inside.touched(value[name], inner)
            elif self._access is Access.WRITE and self._judged:
                yield from self._left_out(f"{shown}/properties/{name}", inner)
        others = Both(before.additional if before else None, after.additional if after else None)
        for name, entry in value.items():
            if name not in was and name not in is_now:
                yield Touch(f"{shown}/properties/{name}", self._access)
                yield from self.by(self._rules, name).touched(entry, others)
        if self._access is Access.WRITE and self._judged:
            demanded = (after.required if after else frozenset[str]()) - {*was, *is_now, *value}
            yield from (Touch(f"{shown}/properties/{name}", Access.OMIT) for name in sorted(demanded))

    def _left_out(self, element: str, inner: Both) -> Iterator[Touch]:
        yield Touch(element, Access.OMIT)
        node = inner.before or inner.after
        if node is not None:
            yield Touch(schema(node).node.shown, Access.OMIT)


def _alternatives(value: object, before: Schema | None, after: Schema | None) -> Iterator[Both]:
    """Yield those that the value may be one of: all that take it as it is; if none does, all of them."""
    pairs = list(_pairs(before, after))
    meant = [pair for pair in pairs if (node := pair.before or pair.after) is not None and fits(schema(node), value)]
    yield from meant or pairs


def _pairs(before: Schema | None, after: Schema | None) -> Iterator[Both]:
    if before is None or after is None:
        found = before or after
        for each in chain.from_iterable(found.choices.values() if found else ()):
            yield Both(each, None) if before else Both(None, each)
        return
    kept: dict[_Place, Node] = {}
    for one, other in alternatives(before, after):
        kept[one.place] = other
        yield Both(one, other)
    for one in chain.from_iterable(before.choices.values()):
        if one.place not in kept:
            yield Both(one, None)
