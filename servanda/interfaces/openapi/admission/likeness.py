"""Alternatives of two schemas that mean the same thing, whatever they are called and wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from servanda.interfaces.openapi.admission.case import Case, Term
from servanda.interfaces.openapi.admission.references import end, is_bare
from servanda.interfaces.openapi.values import as_json

# Of all that two objects hold, this part has to be the same.
_ALIKE: Final = 0.25


class Score(NamedTuple):
    """Likeness of two cases; of two pairs the one with the greater score goes first.

    Attributes:
        kind: Whether they have the same type.
        told: How far a discriminator leads to both by the same values.
        tagged: Properties that have the same listed values, less those that cannot have the same one.
        written: Whether they are written alike.
        named: How far they are called alike.
        held: How much of what they hold is the same.
    """

    kind: float
    told: float
    tagged: float
    written: float
    named: float
    held: float

    @property
    def is_sure(self) -> bool:
        """Tell whether they are sure to mean the same thing."""
        return bool(self.kind and (self.told or self.tagged >= 1 or self.written or self.named))

    @property
    def is_another(self) -> bool:
        """Tell whether they are sure to mean different things: a property that tells them apart never has one value."""
        return self.tagged < 0 and not self.told and not self.named

    def is_enough(self, kind: str) -> bool:
        """Tell whether one may be called a change of the other, if both have a type."""
        if not self.kind or self.is_another:
            return False
        return kind != "object" or self.is_sure or self.held >= _ALIKE


@dataclass(frozen=True, slots=True)
class _Traits:
    case: Case
    told: frozenset[str]
    tags: Mapping[str, frozenset[str]]
    names: frozenset[str]
    held: frozenset[str]


class Likeness:
    """The likeness of cases; what is known of one is remembered."""

    def __init__(self) -> None:
        self._known: dict[int, _Traits] = {}

    def likeliest(self, one: Case, candidates: Sequence[Case]) -> Sequence[Case]:
        """Return cases in the order in which they are likely to be what a case has become."""
        if len(candidates) < 2:
            return candidates
        return sorted(candidates, key=lambda each: self.score(one, each), reverse=True)

    def pairs(self, these: Sequence[Case], those: Sequence[Case]) -> Iterator[tuple[Case, Case]]:
        """Yield which case became which, the likeliest pairs first and each case in one pair at most."""
        ranked = sorted(
            ((self.score(one, other), -i, -j) for i, one in enumerate(these) for j, other in enumerate(those)),
            reverse=True,
        )
        gone, taken = set[int](), set[int]()
        for score, i, j in ranked:
            if i not in gone and j not in taken and score.is_enough(these[-i].kind):
                gone.add(i)
                taken.add(j)
                yield these[-i], those[-j]

    def is_part(self, one: Case, other: Case) -> bool:
        """Tell whether one case may have been split up, or put together with others, to become the other one."""
        score = self.score(one, other)
        if score.is_enough(one.kind) or score.is_another:
            return not score.is_another
        shared = len(one.properties.keys() & other.properties.keys())
        return one.kind != "object" or shared * 2 >= min(len(one.properties), len(other.properties))

    def score(self, one: Case, other: Case) -> Score:
        """Return how alike two cases are."""
        these, those = self._of(one), self._of(other)
        return Score(
            1.0 if one.kind == other.kind else 0.0,
            _shared(these.told, those.told),
            sum(_agreement(these.tags[name], those.tags[name]) for name in these.tags.keys() & those.tags.keys()),
            1.0 if one.node.value == other.node.value else 0.0,
            _shared(these.names, those.names),
            _shared(these.held, those.held),
        )

    def _of(self, case: Case) -> _Traits:
        found = self._known.get(id(case))
        if found is None:
            told = frozenset(f"{tag.name}={value}" for tag in case.tags for value in tag.values)
            tags = {name: values for name, term in case.properties.items() if (values := _listed(term))}
            # It keeps the case, so that no other one gets its number.
            found = self._known[id(case)] = _Traits(case, told, tags, _names(case), _held(case))
        return found


def _names(case: Case) -> frozenset[str]:
    """Return what an alternative is called: the end of its reference, and its title."""
    found = set()
    if case.alternative is not None and is_bare(case.alternative):
        found.add(str(case.alternative.value["$ref"]).rpartition("/")[2])
    if isinstance(case.node.value, dict) and isinstance(case.node.value.get("title"), str):
        found.add(case.node.value["title"])
    return frozenset(found)


def _listed(term: Term) -> frozenset[str]:
    """Return the listed values of a property, if they stand there or where it refers to."""
    for node in map(end, term):
        value = node.value if isinstance(node.value, dict) else {}
        listed = value.get("enum", [value["const"]] if "const" in value else None)
        if isinstance(listed, list):
            return frozenset(map(as_json, listed))
    return frozenset()


def _agreement(values: frozenset[str], others: frozenset[str]) -> float:
    return 1.0 if values == others else 0.5 if values & others else -1.0


def _held(case: Case) -> frozenset[str]:
    if case.kind == "object":
        return frozenset({*case.properties, *(f"{name}!" for name in case.required)})
    limits = (f"{limit.name}={limit.shown}" for limit in case.limits.values())
    items = (as_json(node.value) for node in case.items)
    return frozenset({*(case.values or ()), *case.formats, *limits, *items})


def _shared(these: frozenset[str], those: frozenset[str]) -> float:
    if not these or not those:
        return 0.0
    return len(these & those) / len(these | those)
