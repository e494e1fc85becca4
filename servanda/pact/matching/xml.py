"""Comparing XML: names with namespaces, attributes, texts and children, each with the rules of its path.

The paths are those of the Pact implementations: ``$.people.person['@id']`` for an attribute, ``['#text']`` for a text.
The order of attributes means nothing, that of children only among those of one name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from servanda.pact import paths
from servanda.pact.matching import matchers
from servanda.pact.matching.elements import Element, XmlDocument, by_name
from servanda.pact.matching.values import differs, missing, unexpected
from servanda.pact.paths import Path, Wildcard
from servanda.pact.rules import Rule, RuleList, Rules
from servanda.verdict import Mismatch

_PREFIX: Final = re.compile(r"(?P<sign>@?)(?P<prefix>[^:@#]+):(?P<name>.+)")
_EXACT: Final = RuleList((Rule("equality", {}),))


def match_xml(
    expected: XmlDocument, actual: XmlDocument, rules: Rules, *, allow_unexpected: bool
) -> Iterator[Mismatch]:
    """Yield what a document has otherwise than the example and its rules say.

    Args:
        expected: The example.
        actual: What was there.
        rules: Rules for elements, attributes and texts. A prefix in their paths is that of the example.
        allow_unexpected: Whether there may be more attributes and children than in the example.
    """
    comparison = _Comparison(_with_namespaces(rules, expected), allow_unexpected)
    yield from comparison.element(expected.root, actual.root, (expected.root.name,))


@dataclass(frozen=True, slots=True)
class _Comparison:
    rules: Rules
    allow_unexpected: bool

    def element(
        self, expected: Element, actual: Element, path: Path, counts: tuple[int, ...] | None = ()
    ) -> Iterator[Mismatch]:
        """Compare an element.

        Args:
            expected: The example.
            actual: What was there.
            path: Where it stands.
            counts: Numbers that may be in the limits of its rules in place of that of the elements within it; ``None``
                if these limits are no matter here.
        """
        found = self.rules.at(path)
        exact = self.rules.exactly(path)
        holds_text = not expected.children
        if exact is not None:
            if counts is not None:
                yield from _limits(exact, (*counts, len(actual.children)), path)
            yield from _filled(exact, actual, path)
        if not _fits(None if holds_text else found, expected.name, actual.name):
            yield differs(path, f"the element {expected.name}", actual.name)
            return
        yield from self._attributes(expected, actual, path)
        yield from self._children(expected, actual, path)
        place = (*path, "#text")
        # A rule for an element that holds nothing else is about its text.
        found = self.rules.at(place) or (exact if holds_text else None)
        yield from self._value(place, found, expected.text, actual.text)

    def _attributes(self, expected: Element, actual: Element, path: Path) -> Iterator[Mismatch]:
        for name, example in expected.attributes.items():
            place = (*path, f"@{name}")
            if name not in actual.attributes:
                yield missing(place, matchers.describe(self.rules.at(place), example))
            else:
                yield from self._value(place, self.rules.at(place), example, actual.attributes[name])
        if not self.allow_unexpected:
            for name in sorted(actual.attributes.keys() - expected.attributes.keys()):
                yield unexpected((*path, f"@{name}"), actual.attributes[name])

    def _children(self, expected: Element, actual: Element, path: Path) -> Iterator[Mismatch]:
        there = dict(by_name(actual.children))
        wanted = dict(by_name(expected.children))
        for name, examples in wanted.items():
            place, found = (*path, name), there.get(name, [])
            limits = self.rules.exactly(place)
            counts = _counted(limits, examples, len(found)) if limits is not None else None
            if limits is not None and counts is None and found:
                yield from _limits(limits, (len(found),), place)
            if self._is_template(place) and found:
                for child in found:
                    yield from self.element(examples[0], child, place, counts)
                continue
            for example, child in zip(examples, found, strict=False):
                yield from self.element(example, child, place, counts)
            for _ in examples[len(found) :]:
                yield missing(place, f"the element {name}")
            for child in found[len(examples) :] if not self.allow_unexpected else ():
                yield unexpected(place, child.text)
        for name in there:
            # Where a type is expected of everything, an element that no example shows has none.
            if name not in wanted and (not self.allow_unexpected or self._is_template((*path, name))):
                yield unexpected((*path, name), there[name][0].text)

    def _is_template(self, path: Path) -> bool:
        found = self.rules.at(path)
        return found is not None and any(rule.match == "type" for rule in found.rules)

    def _value(self, path: Path, found: RuleList | None, expected: str, actual: str) -> Iterator[Mismatch]:
        if not matchers.accepts_text(found or _EXACT, expected, actual):
            yield differs(path, matchers.describe(found, expected), actual)


def _counted(found: RuleList, examples: list[Element], alike: int) -> tuple[int, ...] | None:
    """Return the numbers that count beside that of the elements within one; ``None`` if only those of its name do.

    Some writers mean the elements of a name, others those within one of them. The example tells which, as it has as
    many as its rules say; if it has neither, either may do.
    """
    within = examples[0].children
    if not within or not any(_limits(found, (len(examples),), paths.ROOT)):
        return None
    return () if not any(_limits(found, (len(within),), paths.ROOT)) else (alike,)


def _limits(found: RuleList, counts: tuple[int, ...], path: Path) -> Iterator[Mismatch]:
    for rule in found.rules:
        least, most = rule.integer("min"), rule.integer("max")
        if least is not None and all(count < least for count in counts):
            yield differs(path, f"at least {least} elements", counts[-1])
        if most is not None and all(count > most for count in counts):
            yield differs(path, f"at most {most} elements", counts[-1])


def _filled(found: RuleList, actual: Element, path: Path) -> Iterator[Mismatch]:
    if any(rule.match == "notEmpty" for rule in found.rules) and not actual.children and not actual.text:
        yield differs(path, "an element with something in it", actual.text)


def _fits(found: RuleList | None, expected: str, actual: str) -> bool:
    """Tell whether an element has a name that is expected: only an expression makes it another one."""
    if found is not None and any(rule.match == "regex" for rule in found.rules):
        return matchers.accepts_text(found, expected, actual)
    return expected == actual


def _with_namespaces(rules: Rules, example: XmlDocument) -> Rules:
    return Rules(tuple((_step_by_step(path, example), found) for path, found in rules.entries))


def _step_by_step(path: Path, example: XmlDocument) -> Path:
    """Return a path with namespaces for prefixes, and without the steps ``[*]``: elements of one name are one step."""
    steps: list[paths.Step] = []
    for step in path:
        if step is Wildcard.INDEX:
            continue
        found = _PREFIX.fullmatch(step) if isinstance(step, str) else None
        if found and found["prefix"] in example.prefixes:
            step = f"{found['sign']}{example.prefixes[found['prefix']]}:{found['name']}"  # noqa: PLW2901
        elif isinstance(step, str) and step[:1] not in ("@", "#") and ":" not in step and "" in example.prefixes:
            step = f"{example.prefixes['']}:{step}"  # noqa: PLW2901
        steps.append(step)
    return tuple(steps)
