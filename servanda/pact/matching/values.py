"""Comparing trees of values - JSON bodies, decoded messages - with an example and its rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from servanda.pact import paths
from servanda.pact.matching import matchers
from servanda.pact.matching.matchers import kind, render
from servanda.pact.matching.pairing import pairs
from servanda.pact.matching.protobuf_values import Omissible
from servanda.pact.paths import Path, Wildcard
from servanda.pact.rules import NO_RULES, Rule, RuleList, Rules
from servanda.patterns import keep_time
from servanda.verdict import Mismatch

_OF_MAPS = frozenset({"eachKey", "eachValue", "values"})
_OF_ANYTHING = frozenset({"contentType", "equality", "type"})
_OF_EXAMPLES = frozenset({"equality", "notEmpty", "type"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """Way of comparing two trees.

    Attributes:
        rules: What a value may be instead of the example.
        allow_unexpected: Whether objects may have more members than the example: yes for what a provider answers.
    """

    rules: Rules = NO_RULES
    allow_unexpected: bool = True

    def compare(self, expected: object, actual: object, path: Path = paths.ROOT) -> Iterator[Mismatch]:
        """Yield every difference that the rules do not allow, in the order of the example."""
        keep_time()
        expected = expected.value if isinstance(expected, Omissible) else expected
        actual = actual.value if isinstance(actual, Omissible) else actual
        if isinstance(expected, Mapping) and isinstance(actual, Mapping):
            yield from self._objects(expected, actual, path)
        elif isinstance(expected, Sequence) and isinstance(actual, list) and not isinstance(expected, str | bytes):
            yield from self._arrays(expected, actual, path)
        else:
            yield from self._leaves(expected, actual, path)

    def _leaves(self, expected: object, actual: object, path: Path) -> Iterator[Mismatch]:
        found = self.rules.at(path)
        exact = RuleList((Rule("equality", {}),))
        if matchers.accepts(found or exact, expected, actual):
            return
        wanted = matchers.describe(found, expected)
        if isinstance(expected, Mapping | list) and kind(expected) != kind(actual):
            wanted = f"{'an object' if isinstance(expected, Mapping) else 'a list'} such as {render(expected)}"
        yield differs(path, wanted, actual)

    def _objects(self, expected: Mapping[str, object], actual: Mapping[str, object], path: Path) -> Iterator[Mismatch]:
        found = self.rules.at(path)
        names = {rule.match for rule in found.rules} if found else set()
        if found is None or names <= _OF_ANYTHING - {"equality"}:
            yield from self._members(expected, actual, path)
            return
        reports = [
            list(self._object_rule(rule, {rule.match} if found.any_of else names, expected, actual, path))
            for rule in found.rules
        ]
        yield from _combined(reports, any_of=found.any_of)

    def _object_rule(
        self, rule: Rule, names: set[str], expected: Mapping[str, object], actual: Mapping[str, object], path: Path
    ) -> Iterator[Mismatch]:
        match rule.match:
            case "eachKey":
                yield from self._keys(rule, actual, path)
                if not names & {"eachValue", "values"}:
                    yield from self._under_keys(expected, actual, path)
            case "eachValue" | "values":
                yield from self._each_value(rule, expected, actual, path)
            case _ if rule.match not in _OF_ANYTHING | {"notEmpty"}:
                yield differs(path, matchers.describe(RuleList((rule,)), expected), actual)
            case _:
                yield from self._whole(rule, names, expected, actual, path)

    def _whole(
        self, rule: Rule, names: set[str], expected: Mapping[str, object], actual: Mapping[str, object], path: Path
    ) -> Iterator[Mismatch]:
        """Compare under a rule for the object itself; its members, unless another rule is about each of them."""
        if rule.match == "notEmpty" and not actual:
            yield differs(path, "a non-empty object", actual)
        if rule.match == "equality":
            yield from replace(self, allow_unexpected=False)._members(expected, actual, path)  # noqa: SLF001
        elif not names & _OF_MAPS:
            yield from self._members(expected, actual, path)

    def _members(self, expected: Mapping[str, object], actual: Mapping[str, object], path: Path) -> Iterator[Mismatch]:
        for key, example in expected.items():
            place = (*path, key)
            if key in actual:
                yield from self.compare(example, actual[key], place)
            elif not isinstance(example, Omissible):
                yield missing(place, matchers.describe(self.rules.at(place), example))
        if not self.allow_unexpected:
            for key in sorted(actual.keys() - expected.keys()):
                if not isinstance(actual[key], Omissible):
                    yield unexpected((*path, key), actual[key])

    def _keys(self, rule: Rule, actual: Mapping[str, object], path: Path) -> Iterator[Mismatch]:
        wanted = RuleList(rule.rules)
        for key in actual:
            if not matchers.accepts(wanted, rule.text("value"), key):
                message = f"the key '{key}' of {paths.render(path)} is not {matchers.describe(wanted, key)}"
                yield Mismatch(paths.render((*path, key)), matchers.describe(wanted, key), render(key), message)

    def _under_keys(
        self, expected: Mapping[str, object], actual: Mapping[str, object], path: Path
    ) -> Iterator[Mismatch]:
        """Compare what stands at the keys of the example; at others, that which a rule below every key is about."""
        for key, value in actual.items():
            place = (*path, key)
            if key in expected:
                yield from self.compare(expected[key], value, place)
            elif expected and self._is_ruled(place):
                yield from self._ruled(next(iter(expected.values())), value, place)

    def _is_ruled(self, place: Path) -> bool:
        return self.rules.exactly(place) is not None or self.rules.below(place)

    def _ruled(self, example: object, value: object, place: Path) -> Iterator[Mismatch]:
        """Compare that of a value which rules for its own place, or for places within it, are about."""
        if self.rules.exactly(place) is not None or kind(example) != kind(value):
            yield from self.compare(example, value, place)
        elif isinstance(example, Mapping) and isinstance(value, Mapping):
            for key in example:
                inner = (*place, key)
                if key in value and self._is_ruled(inner):
                    yield from self._ruled(example[key], value[key], inner)
                elif self._is_ruled(inner) and not isinstance(example[key], Omissible):
                    yield missing(inner, matchers.describe(self.rules.at(inner), example[key]))
        elif isinstance(example, list) and isinstance(value, list) and example:
            for index, each in enumerate(value):
                if self._is_ruled((*place, index)):
                    yield from self._ruled(example[min(index, len(example) - 1)], each, (*place, index))

    def _each_value(
        self, rule: Rule, expected: Mapping[str, object], actual: Mapping[str, object], path: Path
    ) -> Iterator[Mismatch]:
        first = next(iter(expected), None)
        within = self._within(rule, (*path, Wildcard.ANY))
        for key, value in actual.items():
            place = (*path, key)
            if first is None:
                yield from self._without_example(rule, value, place)
            elif key in expected:
                yield from within._each(rule, expected[key], value, place)  # noqa: SLF001 - of the same class
            else:
                # Where no rule is about every value, those of the stock plugin stand at the key of the example.
                rules = within.rules if within.rules.at(place) else within.rules.as_at((*path, first), place)
                yield from replace(within, rules=rules)._each(rule, expected[first], value, place)  # noqa: SLF001

    def _each(self, rule: Rule, example: object, value: object, place: Path) -> Iterator[Mismatch]:
        """Compare a value with the example and with the rules for each, also if a rule of its own decides on it."""
        inner, decides = RuleList(rule.rules), self.rules.at(place)
        is_single = not isinstance(value, Mapping | list) and kind(value) == kind(example)
        if rule.rules and is_single and decides != inner and not matchers.accepts(inner, example, value):
            yield differs(place, matchers.describe(inner, example), value)
            return
        yield from self.compare(example, value, place)

    def _without_example(self, rule: Rule, value: object, place: Path) -> Iterator[Mismatch]:
        """Try the rules for each value that say something where the example is empty."""
        inner = RuleList(tuple(each for each in rule.rules if each.match not in _OF_EXAMPLES))
        if not isinstance(value, Mapping | list) and not matchers.accepts(inner, None, value):
            yield differs(place, matchers.describe(inner, None), value)

    def _within(self, rule: Rule, path: Path) -> Comparison:
        return replace(self, rules=self.rules.adding(path, RuleList(rule.rules))) if rule.rules else self

    def _arrays(self, expected: Sequence[object], actual: list[object], path: Path) -> Iterator[Mismatch]:
        found = self.rules.at(path)
        if found is None or not found.rules:
            yield from self._pairs(expected, actual, path)
            return
        reports = [list(self._array_rule(rule, expected, actual, path)) for rule in found.rules]
        yield from _combined(reports, any_of=found.any_of)

    def _array_rule(
        self, rule: Rule, expected: Sequence[object], actual: list[object], path: Path
    ) -> Iterator[Mismatch]:
        match rule.match:
            case "type":
                yield from _limits(rule, actual, path)
                yield from self._like_template(expected, actual, path)
            case "eachValue" | "values":
                within = self._within(rule, (*path, Wildcard.INDEX))
                for index, value in enumerate(actual):
                    place = (*path, index)
                    if expected:
                        example = expected[index] if index < len(expected) else expected[0]
                        yield from within._each(rule, example, value, place)  # noqa: SLF001 - of the same class
                    else:
                        yield from self._without_example(rule, value, place)
            case "arrayContains":
                yield from self._contains(rule, expected, actual, path)
            case "ignoreOrder":
                yield from self._in_any_order(rule, expected, actual, path)
            case "notEmpty":
                if not actual:
                    yield differs(path, "a non-empty list", actual)
                yield from self._like_template(expected, actual, path)
            case "equality":
                yield from self._pairs(expected, actual, path)
            case _:
                yield differs(path, matchers.describe(RuleList((rule,)), expected), actual)

    def _pairs(self, expected: Sequence[object], actual: list[object], path: Path) -> Iterator[Mismatch]:
        if len(expected) != len(actual):
            yield differs(path, f"a list of {_count(len(expected))}: {render(expected)}", actual)
        for index, (example, value) in enumerate(zip(expected, actual, strict=False)):
            yield from self.compare(example, value, (*path, index))

    def _like_template(self, expected: Sequence[object], actual: list[object], path: Path) -> Iterator[Mismatch]:
        for index, value in enumerate(actual):
            if expected:
                example = expected[index] if index < len(expected) else expected[0]
                yield from self.compare(example, value, (*path, index))

    def _contains(self, rule: Rule, expected: Sequence[object], actual: list[object], path: Path) -> Iterator[Mismatch]:
        for index, rules in rule.variants or tuple((index, NO_RULES) for index in range(len(expected))):
            if index >= len(expected):
                there = f"the list of the example has {_count(len(expected))}"
                message = f"variant {index} of arrayContains at {paths.render(path)} has no example: {there}"
                yield Mismatch(paths.render(path), f"an example of variant {index}", None, message)
                continue
            variant = replace(self, rules=rules)
            if not any(not list(variant.compare(expected[index], value)) for value in actual):
                yield differs(path, f"a list with an element such as {render(expected[index])}", actual)

    def _in_any_order(
        self, rule: Rule, expected: Sequence[object], actual: list[object], path: Path
    ) -> Iterator[Mismatch]:
        """Compare with examples that may come in any order; without limits there are no others.

        More values than examples are as the first example where a rule is about each of them, else anything.
        """
        if rule.integer("min") is None and rule.integer("max") is None and len(expected) != len(actual):
            yield differs(path, f"a list of {_count(len(expected))} in any order: {render(expected)}", actual)
            return
        yield from _limits(rule, actual, path)
        found = pairs(
            len(expected),
            len(actual),
            lambda one, other: not any(self.compare(expected[one], actual[other], (*path, one))),
            _alike(expected, actual),
        )
        for index, example in enumerate(expected):
            if index not in found:
                yield differs(path, f"a list with an element such as {render(example)}", actual)
        for index in sorted(set(range(len(actual))) - set(found.values())) if expected else ():
            if self.rules.at((*path, index)) is not None:
                yield from self.compare(expected[0], actual[index], (*path, index))


def differs(path: Path, wanted: str, actual: object) -> Mismatch:
    """Tell of a value that is there but is not what was wanted."""
    place = paths.render(path)
    return Mismatch(place, wanted, render(actual), f"{place} is {render(actual)}, expected {wanted}")


def missing(path: Path, wanted: str) -> Mismatch:
    """Tell of a value that was wanted and is not there."""
    place = paths.render(path)
    return Mismatch(place, wanted, None, f"{place} is missing, expected {wanted}")


def unexpected(path: Path, actual: object) -> Mismatch:
    """Tell of a value that is there and was not wanted."""
    place = paths.render(path)
    return Mismatch(place, None, render(actual), f"{place} is {render(actual)}, expected no such field")


def _alike(expected: Sequence[object], actual: list[object]) -> list[list[int]]:
    """Return for each example the numbers of the values that look the same."""
    places: dict[str, list[int]] = {}
    for index, value in enumerate(actual):
        places.setdefault(render(value), []).append(index)
    return [places.get(render(example), []) for example in expected]


def _combined(reports: list[list[Mismatch]], *, any_of: bool) -> Iterator[Mismatch]:
    if any_of and not all(reports):
        return
    for report in reports[:1] if any_of else reports:
        yield from report


def _limits(rule: Rule, actual: list[object], path: Path) -> Iterator[Mismatch]:
    least, most = rule.integer("min"), rule.integer("max")
    if least is not None and len(actual) < least:
        yield differs(path, f"a list of at least {_count(least)}", actual)
    if most is not None and len(actual) > most:
        yield differs(path, f"a list of at most {_count(most)}", actual)


def _count(number: int) -> str:
    return "1 element" if number == 1 else f"{number} elements"
