"""Judgement of a value by a schema: admitted, refused, or nobody can tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from servanda.errors import LimitError, PatternError
from servanda.interfaces.limit import Limit
from servanda.interfaces.openapi.admission.case import Key, Term, admits_everything, key, keys
from servanda.interfaces.openapi.admission.cases import Cases
from servanda.interfaces.openapi.admission.references import properties as properties_of
from servanda.interfaces.openapi.document import Node
from servanda.interfaces.openapi.formats import formatted
from servanda.interfaces.openapi.limits import holds, limits, number
from servanda.interfaces.openapi.schema import CHOICES, form, types
from servanda.interfaces.openapi.values import as_json, type_of
from servanda.patterns import compiled

Answer: TypeAlias = bool | None
# Alternatives may lead back to the schema that they stand in.
_DEEPEST: Final = 100
_UNKNOWN: Final = frozenset({"unevaluatedItems", "$dynamicRef", "$recursiveRef"})
# Keywords by which other properties may be evaluated than the listed ones.
_EVALUATING: Final = frozenset({"patternProperties", "if", "dependentSchemas", "$dynamicRef", "$recursiveRef"})


@dataclass(frozen=True, slots=True)
class _Keywords:
    """Keywords at a node about a value as a whole; ``None`` where there is none."""

    types: frozenset[str] | None
    values: frozenset[str] | None
    form: str
    limits: tuple[Limit, ...]
    is_unknown: bool


def _keywords(node: Node) -> _Keywords:
    said, enum = node.object(), node.raw("enum")
    values = frozenset(as_json(each.value) for each in enum.items()) if enum is not None else None
    if "const" in said:
        const = frozenset({as_json(said["const"])})
        values = const & values if values is not None else const
    named = types(node) if "type" in said else None
    return _Keywords(named, values, form(node), tuple(limits(node)), bool(said.keys() & _UNKNOWN))


class Judge:
    """Judgement of values by the schemas on one side of a call."""

    def __init__(self, cases: Cases) -> None:
        self.steps = 0
        """Return how many schemas were asked about values so far."""
        self._cases = cases
        self._keywords: dict[Key, _Keywords] = {}
        self._told: dict[tuple[frozenset[Key], int], Answer] = {}

    def admits(self, asked: Term, value: Any, depth: int = 0) -> Answer:
        """Tell whether a term admits a value, ``None`` if nobody can tell."""
        if depth > _DEEPEST:
            return None
        if depth == 0:
            self._told.clear()
        # There may be countless ways to the same schema.
        name = (keys(asked), id(value))
        if name not in self._told:
            # An alternative that is the schema itself adds nothing to it.
            self._told[name] = False
            self._told[name] = _every(self._part(part, value, depth) for part in self._cases.parts(asked))
        return self._told[name]

    def _part(self, node: Node, value: Any, depth: int) -> Answer:
        self.steps += 1
        if admits_everything(node):
            return True
        if not isinstance(node.value, dict):
            return False
        return _every(check(self, node, value, depth + 1) for check in _CHECKS)

    def itself(self, node: Node, value: Any, depth: int) -> Answer:
        """Judge by the keywords about the value as a whole."""
        del depth
        own = self._keywords_at(node)
        if own.types is not None and type_of(value) not in own.types:
            return False
        if own.values is not None and as_json(value) not in own.values:
            return False
        if own.is_unknown:
            return None
        return _every((formatted(own.form, value), *(holds(limit, value) for limit in own.limits)))

    def _keywords_at(self, node: Node) -> _Keywords:
        name = key(node)
        if name not in self._keywords:
            self._keywords[name] = _keywords(node)
        return self._keywords[name]

    def members(self, node: Node, value: Any, depth: int) -> Answer:
        """Judge the properties of an object."""
        return _every(self._members(node, value, depth)) if isinstance(value, Mapping) else True

    def entries(self, node: Node, value: Any, depth: int) -> Answer:
        """Judge the items of an array."""
        return _every(self._entries(node, value, depth)) if isinstance(value, list) else True

    def combined(self, node: Node, value: Any, depth: int) -> Answer:
        """Judge by the schemas that a schema combines."""
        return _every(self._combined(node, value, depth))

    def _members(self, node: Node, value: Mapping[str, Any], depth: int) -> Iterator[Answer]:
        properties = properties_of(node)
        patterns, additional, required = (
            node.raw(name) for name in ("patternProperties", "additionalProperties", "required")
        )
        for name in required.texts() if required is not None else ():
            own = properties.raw(name) if properties is not None else None
            yield name in value or (own is not None and self._cases.is_absent((own,)))
        for name, each in value.items():
            own = properties.raw(name) if properties is not None else None
            matching, unsure = self._matching(patterns, name)
            yield from (self.admits((found,), each, depth) for found in (own, *matching) if found is not None)
            if unsure:
                yield None
            elif own is None and not matching and additional is not None:
                yield self.admits((additional,), each, depth)
        if "unevaluatedProperties" in node.value and node.value["unevaluatedProperties"] is not True:
            names = self._evaluated(node, value, depth)
            is_closed = node.value["unevaluatedProperties"] is False
            yield None if names is None or (not is_closed and not value.keys() <= names) else value.keys() <= names
        wanted = node.raw("propertyNames")
        if wanted is not None:
            yield from (self.admits((wanted,), name, depth) for name in value)
        needing = node.raw("dependentRequired")
        for name, others in needing.members() if needing is not None else ():
            yield name not in value or all(other in value for other in others.texts())
        dependent = node.raw("dependentSchemas")
        for name in dependent.object() if dependent is not None else ():
            found = dependent.raw(name) if dependent is not None else None
            yield name not in value or found is None or self.admits((found,), value, depth)

    def _evaluated(self, node: Node, value: Mapping[str, Any], depth: int) -> frozenset[str] | None:
        """Return the properties that some schema that holds lists; ``None`` if nobody can tell."""
        found = set[str]()
        if depth > _DEEPEST:
            return None
        for part in self._cases.parts((node,)):
            said = part.value if isinstance(part.value, dict) else {}
            if said.keys() & _EVALUATING:
                return None
            if "additionalProperties" in said:
                found |= value.keys()
            listed = properties_of(part)
            found |= set(listed.object()) if listed is not None else set()
            for each in (one for keyword in CHOICES for one in _listed(part, keyword)):
                is_met = self.admits((each,), value, depth)
                inside = self._evaluated(each, value, depth + 1) if is_met is not False else frozenset()
                if is_met is None or inside is None:
                    return None
                found |= inside
        return frozenset(found)

    def _matching(self, patterns: Node | None, name: str) -> tuple[list[Node], bool]:
        found, unsure = [], False
        for pattern in patterns.object() if patterns is not None else ():
            node = patterns.raw(pattern) if patterns is not None else None
            try:
                if node is not None and compiled(pattern).search(name) is not None:
                    found.append(node)
            except (PatternError, LimitError):
                unsure = True
        return found, unsure

    def _entries(self, node: Node, value: list[Any], depth: int) -> Iterator[Answer]:
        first, items, contained = (node.raw(name) for name in ("prefixItems", "items", "contains"))
        prefix = list(first.items()) if first is not None else []
        yield from (self.admits((own,), each, depth) for own, each in zip(prefix, value, strict=False))
        if items is not None:
            yield from (self.admits((items,), each, depth) for each in value[len(prefix) :])
        if contained is not None:
            told = [self.admits((contained,), each, depth) for each in value]
            least, most = (number(node, *each) for each in (("minContains", 1), ("maxContains", len(value))))
            yield None if None in told else least <= told.count(True) <= most

    def _combined(self, node: Node, value: Any, depth: int) -> Iterator[Answer]:
        said = node.value
        if "anyOf" in said:
            yield _some(self.admits((each,), value, depth) for each in _listed(node, "anyOf"))
        if "oneOf" in said:
            told = [self.admits((each,), value, depth) for each in _listed(node, "oneOf")]
            yield False if told.count(True) > 1 else None if None in told else told.count(True) == 1
        refused, condition = node.raw("not"), node.raw("if")
        if refused is not None:
            yield _opposite(self.admits((refused,), value, depth))
        if condition is not None:
            met = self.admits((condition,), value, depth)
            branch = node.raw("then" if met else "else")
            yield None if met is None else branch is None or self.admits((branch,), value, depth)


_CHECKS: Final[tuple[Callable[[Judge, Node, Any, int], Answer], ...]] = (
    Judge.itself,
    Judge.members,
    Judge.entries,
    Judge.combined,
)


def _listed(node: Node, name: str) -> Iterable[Node]:
    found = node.raw(name)
    return found.items() if found is not None else ()


def _every(answers: Iterable[Answer]) -> Answer:
    told: Answer = True
    for answer in answers:
        if answer is False:
            return False
        told = told and answer
    return told


def _some(answers: Iterable[Answer]) -> Answer:
    return _opposite(_every(map(_opposite, answers)))


def _opposite(answer: Answer) -> Answer:
    return None if answer is None else not answer
