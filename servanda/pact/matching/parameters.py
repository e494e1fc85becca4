"""Comparing parameters: names with values in their order, as a query or a form has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from urllib.parse import parse_qsl

from servanda.pact.matching import matchers
from servanda.pact.rules import RuleList
from servanda.verdict import Mismatch

Parameters = Mapping[str, Sequence[str | None]]
"""Values by name; ``None`` is a parameter without a value."""
RulesOf = Callable[[str], RuleList | None]
"""Gives the rules for the values of a name."""


def of_form(body: bytes) -> Parameters:
    """Return the fields of a form that is sent as ``application/x-www-form-urlencoded``.

    Raises:
        ValueError: It is no text in UTF-8.
    """
    found: dict[str, list[str | None]] = {}
    for name, value in parse_qsl(body.decode("utf-8"), keep_blank_values=True, errors="strict"):
        found.setdefault(name, []).append(value)
    return found


def match_parameters(
    kind: str, expected: Parameters, actual: Parameters, rules_of: RulesOf, *, allow_unexpected: bool
) -> Iterator[Mismatch]:
    """Yield what parameters have otherwise than the examples and their rules say; the order of the names is no matter.

    Args:
        kind: What the paths of the mismatches begin with, for example ``query``.
        expected: The examples.
        actual: What was there.
        rules_of: Gives the rules for the values of a name.
        allow_unexpected: Whether there may be more names than in the examples.
    """
    for name, examples in expected.items():
        yield from _match_parameter(f"{kind}.{name}", examples, actual.get(name), rules_of(name))
    for name in () if allow_unexpected else sorted(actual.keys() - expected.keys()):
        shown = matchers.render(list(actual[name]))
        yield Mismatch(f"{kind}.{name}", None, shown, f"{kind}.{name} is {shown}, expected no such parameter")


def _match_parameter(
    path: str, examples: Sequence[str | None], found: Sequence[str | None] | None, rules: RuleList | None
) -> Iterator[Mismatch]:
    wanted = matchers.describe(rules, _plain(examples))
    if found is None:
        yield Mismatch(path, wanted, None, f"{path} is missing, expected {wanted}")
    elif not (list(examples) == list(found) if rules is None else matchers.accepts_each(rules, examples, found)):
        shown = matchers.render(_plain(found))
        yield Mismatch(path, wanted, shown, f"{path} is {shown}, expected {wanted}")


def _plain(values: Sequence[str | None]) -> object:
    return values[0] if len(values) == 1 else list(values)
