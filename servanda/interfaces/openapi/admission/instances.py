"""Values that a schema admits, as near as possible to where another one refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain, islice
from typing import Any, Final

from servanda.interfaces.openapi.admission import hints
from servanda.interfaces.openapi.admission.bounds import Bounds
from servanda.interfaces.openapi.admission.case import Case, Key, Term, is_open, keys
from servanda.interfaces.openapi.admission.cases import Cases
from servanda.interfaces.openapi.admission.coverage import Coverage
from servanda.interfaces.openapi.admission.gaps import Gap, Sort
from servanda.interfaces.openapi.admission.judgement import Judge

MISSING: Final = object()
"""No value was found."""
_TRIED: Final = 60
_OF_PARTS: Final = 8
_DEEPEST: Final = 6
_LONGEST: Final = 2_000
_LARGEST: Final = 100
_OTHER: Final = "other"
_UNLIKE: Final[tuple[Any, ...]] = (True, "other", 0, None, [], {})
_NUMBERS: Final = (0, 1, -1, 2, 0.5, 2_147_483_648, 9_007_199_254_740_993)
_TEXTS: Final = (
    *("a", "", "b", "A", "1", "0", "ab", "abc", "a1", "ABC", "123", "abc-def", "a_b"),
    *("2020-01-01", "2020-01-01T00:00:00Z", "12:00:00Z", "P1D", "127.0.0.1", "::1", "YQ=="),
    *("a@example.org", "https://example.org", "00000000-0000-4000-8000-000000000000"),
)


class Instances:
    """Values that the schemas on one side of a call admit."""

    def __init__(self, cases: Cases, coverage: Coverage, bounds: Bounds) -> None:
        self._cases = cases
        self._coverage = coverage
        self._judge = Judge(cases)
        self._simple: dict[frozenset[Key], Any] = {}
        self._bounds = bounds

    @property
    def is_exhausted(self) -> bool:
        """Tell whether no more values may be tried."""
        return self._judge.steps > self._bounds.judgements

    def is_refused(self, asked: Term, value: Any) -> bool:
        """Tell whether a term is sure to refuse a value."""
        return self._judge.admits(asked, value) is False

    def first(self, admitting: Term, refusing: Term, cases: Iterator[tuple[Case, frozenset[str]]]) -> Any:
        """Return the first value that one term admits and the other one refuses, else :data:`MISSING`.

        Args:
            admitting: The term that has to admit the value.
            refusing: The term that has to refuse it.
            cases: Cases that have such values, each with some of them as JSON, if they are known.
        """
        found = (
            value
            for case, listed in cases
            for value in (map(json.loads, sorted(listed)) if listed else self.near(case, ()))
        )
        return self.witness(admitting, refusing, found)[0]

    def witness(self, admitting: Term, refusing: Term, tried: Iterator[Any]) -> tuple[Any, bool]:
        """Return the first value that one term admits and the other one refuses, else :data:`MISSING`.

        Returns:
            The value, and whether enough could be tried to believe that there is none.
        """
        fit = 0
        for value in islice(tried, _TRIED):
            if self.is_exhausted:
                return MISSING, False
            if self._judge.admits(admitting, value) is not True:
                continue
            refused = self._judge.admits(refusing, value)
            if refused is False:
                return value, True
            fit += refused is True
        return MISSING, fit > 0

    def shown(
        self, one: Case, others: Sequence[Case], admitting: Term, refusing: Term, gap: Gap | None = None
    ) -> tuple[Any, bool]:
        """Return a value of a case that one term admits and the other one refuses, else :data:`MISSING`.

        Args:
            one: The case.
            others: The cases that are likely to refuse.
            admitting: The term that has to admit the value.
            refusing: The term that has to refuse it.
            gap: What it has to show, if that is known.

        Returns:
            The value, and whether enough could be tried to believe that there is none.
        """
        found = self._showing(one, others, gap) if gap is not None else self.near(one, others)
        value, is_enough = self.witness(admitting, refusing, found)
        # An alternative of oneOf that another one takes as well is never met alone.
        return value, is_enough or (value is MISSING and self._is_never_alone(one))

    def _is_never_alone(self, one: Case) -> bool:
        rivals = (term for each in one.rivals for term in each.others)
        return any(self._is_covered(one, self._cases.of(term)) for term in rivals)

    def shared(self, one: Case, others: Sequence[Case], beside: Sequence[Case], admitting: Term, refusing: Term) -> Any:
        """Return a value that shows that one case may be met together with others, else :data:`MISSING`.

        Args:
            one: The case.
            others: The cases that may refuse together.
            beside: Cases of the same schema; a value may have what each of them asks for.
            admitting: The term that has to admit the value.
            refusing: The term that has to refuse it.
        """
        near = islice(self.near(one, others), _TRIED // 2)
        value, _ = self.witness(admitting, refusing, chain(near, self._merged(one, beside)))
        return value

    def _merged(self, one: Case, beside: Sequence[Case]) -> Iterator[Any]:
        objects = [case for case in (one, *beside) if case.kind == "object" == one.kind]
        found: list[Any] = [self.least(case) for case in objects]
        least, *others = found or [MISSING]
        if least is not MISSING:
            yield from ({**least, **more, **least} for more in others if more is not MISSING)

    def _showing(self, one: Case, others: Sequence[Case], gap: Gap) -> Iterator[Any]:
        if one.kind != "object" or gap.sort in {Sort.VALUES, Sort.EXCLUDED, Sort.KEYWORD, Sort.LIMIT}:
            yield from self.near(one, others)
            return
        least = self.least(one)
        if least is MISSING:
            return
        if gap.sort is Sort.REQUIRED:
            yield {name: value for name, value in least.items() if name != gap.name}
            whole = self._whole(one, least, 0)
            yield {name: value for name, value in whole.items() if name != gap.name}
        elif gap.sort is Sort.LISTED:
            value = self.simple(one.properties[gap.name], 1)
            yield from [{**least, gap.name: value}] if value is not MISSING else []
        elif gap.sort is Sort.ADDITIONAL:
            yield from self._more(one, others, least, 0)

    def near(self, one: Case, others: Sequence[Case], depth: int = 0) -> Iterator[Any]:
        """Yield values of a case, those first that other cases are likely to refuse."""
        told = set[str]()
        same = [each for each in others if each.kind == one.kind]
        for value in chain(self._hinted(one, same, depth), _OF_KIND[one.kind](self, one, same, depth)):
            if _size(value) > _LARGEST:
                continue
            text = json.dumps(value, sort_keys=True, default=str)
            if text not in told:
                told.add(text)
                yield value

    def _hinted(self, one: Case, others: Sequence[Case], depth: int) -> Iterator[Any]:
        """Yield values that keywords without cases speak of."""
        if depth > _DEEPEST or not any(each.opaque for each in (one, *others)):
            return
        for term in hints.wholes((one, *others)):
            for case in self._cases.of(term):
                if case.kind == one.kind:
                    yield from islice(_OF_KIND[case.kind](self, case, (), depth + 1), _OF_PARTS)
        if one.kind == "array":
            yield from hints.arrays((one, *others), lambda term: self._some(term, depth))
        if one.kind == "object" and (least := self.least(one, depth)) is not MISSING:
            found = hints.members((one, *others), lambda term: self._some(term, depth))
            yield from ({**least, **more} for more in found)

    def _some(self, asked: Term, depth: int) -> list[Any]:
        fitting = (value for value in self._any(asked, (), depth) if self._judge.admits(asked, value))
        return list(islice(fitting, _OF_PARTS))

    def simple(self, asked: Term, depth: int = 0) -> Any:
        """Return some value that a term admits, else :data:`MISSING`."""
        name = keys(asked)
        if name not in self._simple:
            # What needs itself has no value.
            self._simple[name] = MISSING
            fitting = (value for value in self._any(asked, (), depth) if self._judge.admits(asked, value))
            self._simple[name] = next(islice(fitting, 1), MISSING)
        return self._simple[name]

    def _any(self, asked: Term, targets: Sequence[Term], depth: int) -> Iterator[Any]:
        if depth > _DEEPEST:
            return
        others = [case for target in targets for case in self._cases.of(target)]
        # What nobody refuses shows nothing; it comes last.
        cases = sorted(self._cases.of(asked), key=lambda case: self._is_covered(case, others))
        for case in cases:
            yield from islice(self.near(case, others, depth + 1), _TRIED)

    def _is_covered(self, case: Case, others: Sequence[Case]) -> bool:
        return any(self._coverage.covers_case(case, other) for other in others if other.kind == case.kind)

    def numbers(self, one: Case, others: Sequence[Case], depth: int) -> Iterator[Any]:
        """Yield numbers at the bounds."""
        del depth
        yield from _listed((one, *others))
        steps = [0, 1, -1, 0.5, -0.5]
        for case in (*others, one):
            for bound in (case.limits[name].value[0] for name in ("minimum", "maximum") if name in case.limits):
                if "multipleOf" in one.limits:
                    size = one.limits["multipleOf"].value
                    yield from (_plain((Fraction(str(bound)) // size + count) * size) for count in (0, 1, -1))
                yield from (_plain(Fraction(str(bound)) + Fraction(step)) for step in steps)
            if "multipleOf" in case.limits:
                size = case.limits["multipleOf"].value
                yield from (_plain(size * count) for count in (1, 2, 3, 0))
                yield from (_plain(size + 1), _plain(size / 2))
        yield from _NUMBERS

    def texts(self, one: Case, others: Sequence[Case], depth: int) -> Iterator[Any]:
        """Yield strings of lengths at the bounds, and some that are common."""
        del depth
        yield from _listed((one, *others))
        for case in (one, *others):
            yield from _examples(case)
        yield from hints.texts((one, *others))
        yield from ("a" * length for length in _sizes((*others, one), "minLength", "maxLength"))
        yield from _TEXTS

    def arrays(self, one: Case, others: Sequence[Case], depth: int) -> Iterator[Any]:
        """Yield arrays of sizes at the bounds, with and without equal items."""
        yield from _listed((one, *others))
        items = list(islice(self._any(one.items, [case.items for case in others], depth), _OF_PARTS * 2))
        fit = [each for each in items if self._judge.admits(one.items, each)]
        yield []
        yield from ([each] for each in fit)
        distinct = list(self._distinct(one, fit))
        for size in _sizes((*others, one), "minItems", "maxItems"):
            if distinct and size <= len(distinct):
                yield distinct[:size]
            if fit:
                yield [fit[0]] * size
        if fit:
            yield [fit[0], fit[0]]

    def _distinct(self, one: Case, fit: list[Any]) -> Iterator[Any]:
        yield from fit
        for value in range(3, 40):
            yield from (each for each in (value, "a" * value) if self._judge.admits(one.items, each))

    def objects(self, one: Case, others: Sequence[Case], depth: int) -> Iterator[Any]:
        """Yield objects with each part in turn as others may refuse it, and each left out or added."""
        yield from _listed((one, *others))
        least = self.least(one, depth)
        if least is MISSING:
            return
        yield least
        whole = self._whole(one, least, depth)
        yield whole
        yield from ({**each, **more} for more in self._unlike_rivals(one) for each in (least, whole))
        for name in [name for name in whole if name not in one.required]:
            yield {key: value for key, value in whole.items() if key != name}
            yield {**least, name: whole[name]}
        for name, found in one.properties.items():
            wanted = [each for case in others if (each := case.of(name)) is not None]
            targets = [each for each in wanted if not self._coverage.covers(found, each)]
            if targets:
                for value in islice(self._any(found, targets, depth), _OF_PARTS * 2):
                    yield {**least, name: value}
        yield from self._more(one, others, least, depth)

    def _unlike_rivals(self, one: Case) -> Iterator[dict[str, Any]]:
        """Yield other properties that each keep some other alternative of a ``oneOf`` from matching as well."""
        terms = [term for each in one.rivals for term in each.others] if one.additional is not None else []
        rivals = [case for term in terms for case in self._cases.of(term) if case.kind == "object"]
        wanted = [(name, found) for case in rivals for name, found in case.properties.items()]
        refused: dict[str, Any] = {}
        for name, found in wanted:
            unlike = next((each for each in _UNLIKE if self._judge.admits(found, each) is False), MISSING)
            if name not in one.properties and unlike is not MISSING:
                refused.setdefault(name, unlike)
        yield from ({name: each} for name, each in refused.items())
        if len(refused) > 1:
            yield refused

    def _whole(self, one: Case, least: dict[str, Any], depth: int) -> dict[str, Any]:
        """Return an object with all listed properties that can have a value."""
        found = dict(least)
        for name, wanted in one.properties.items():
            if name not in found and (value := self.simple(wanted, depth + 1)) is not MISSING:
                found[name] = value
        return found

    def _more(self, one: Case, others: Sequence[Case], least: dict[str, Any], depth: int) -> Iterator[Any]:
        if one.additional is None:
            return
        named = (name for case in others for name in case.properties if name not in {*one.properties, *one.hidden})
        names = [_OTHER, *named] if not is_open(one.additional) else [_OTHER]
        for name in names:
            targets = [wanted for case in others if (wanted := case.of(name)) is not None]
            for value in islice(self._any(one.additional, targets, depth), _OF_PARTS):
                yield {**least, name: value}
        sizes = _sizes((*others, one), "minProperties", "maxProperties")
        value = self.simple(one.additional, depth + 1)
        for size in sizes:
            more = {f"{_OTHER}{number}": value for number in range(size - len(least))}
            if value is not MISSING and more:
                yield {**least, **more}

    def least(self, one: Case, depth: int = 0) -> Any:
        """Return an object with what is required and no more, else :data:`MISSING`."""
        found: dict[str, Any] = {}
        for name in sorted(one.required):
            wanted = one.of(name)
            value = self.simple(wanted, depth + 1) if wanted is not None else MISSING
            if value is MISSING:
                return MISSING
            found[name] = value
        size = one.limits.get("minProperties")
        for name in one.properties if size is not None else ():
            if size is not None and len(found) < size.value and name not in found:
                value = self.simple(one.properties[name], depth + 1)
                found.update({name: value} if value is not MISSING else {})
        return found

    def nulls(self, one: Case, others: Sequence[Case], depth: int) -> Iterator[Any]:
        """Yield the one value."""
        del one, others, depth
        yield None

    def truths(self, one: Case, others: Sequence[Case], depth: int) -> Iterator[Any]:
        """Yield what is listed: of this type everything is."""
        del others, depth
        yield from _listed((one,))


_OF_KIND: Final = {
    "null": Instances.nulls,
    "boolean": Instances.truths,
    "number": Instances.numbers,
    "string": Instances.texts,
    "array": Instances.arrays,
    "object": Instances.objects,
}


def _listed(cases: Sequence[Case]) -> Iterator[Any]:
    first, *others = cases
    elsewhere = frozenset().union(*((case.values or frozenset()) | case.excluded for case in others))
    yield from (json.loads(text) for text in sorted((first.values or frozenset()) - elsewhere))
    yield from (json.loads(text) for text in sorted({*(first.values or ()), *elsewhere}))


def _examples(case: Case) -> Iterator[Any]:
    if isinstance(case.node.value, dict):
        yield from (case.node.value[name] for name in ("example", "default") if name in case.node.value)
        several = case.node.value.get("examples")
        yield from several if isinstance(several, list) else ()


def _sizes(cases: Sequence[Case], *names: str) -> list[int]:
    found = [int(case.limits[name].value) for case in cases for name in names if name in case.limits]
    sizes = [size + step for size in found for step in (0, 1, -1)]
    return [size for size in dict.fromkeys(sizes) if 0 <= size <= _LONGEST]


def _size(value: Any) -> int:
    """Return how many values a value holds, itself among them; what is too large is not counted to its end."""
    count, waiting = 0, [value]
    while waiting and count <= _LARGEST:
        each = waiting.pop()
        count += 1
        if isinstance(each, dict):
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each[: _LARGEST + 1]
    return count


def _plain(number: Any) -> Any:
    return int(number) if number.denominator == 1 else float(number)
