"""What a rule of the comparison is about, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from treaty.compatibility.rules.examples import example_of
from treaty.compatibility.rules.reasons import reason_for
from treaty.compatibility.rules.rule import Rule
from treaty.report.check.remedies import remedy_for


def table(rules: Iterable[Rule]) -> str:
    """All rules, one in a line."""
    rows = sorted(rules, key=lambda rule: rule.id)
    width = max(len(rule.id) for rule in rows)
    return "".join(f"{rule.id:{width}}  {rule.purpose} [{_categories(rule)}]\n" for rule in rows)


def page(rule: Rule) -> str:
    """One rule: what it objects to, why, an example, and what to do instead."""
    return "\n".join(_lines(rule)) + "\n"


def _lines(rule: Rule) -> Iterator[str]:
    yield f"{rule.id}: {rule.purpose}"
    yield f"categories: {_categories(rule)}"
    yield ""
    yield f"why: {reason_for(rule.id)}"
    yield ""
    yield "for example:"
    yield from (f"  {line}".rstrip() for line in example_of(rule.id).splitlines())
    yield ""
    yield "instead:"
    for name, step in remedy_for(rule.id).steps:
        yield f"  {name}: {step}"


def _categories(rule: Rule) -> str:
    return ", ".join(str(category) for category in rule.categories)
