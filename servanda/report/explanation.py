"""What a rule of the comparison or of the policy is about, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from servanda.compatibility.rules.examples import example_of
from servanda.compatibility.rules.reasons import reason_for
from servanda.compatibility.rules.rule import Rule
from servanda.policy.rules import CATEGORY, PolicyRule
from servanda.report.check.remedies import remedy_for


def table(rules: Iterable[Rule | PolicyRule]) -> str:
    """All rules, one in a line."""
    rows = sorted(rules, key=lambda rule: rule.id)
    width = max(len(rule.id) for rule in rows)
    return "".join(f"{rule.id:{width}}  {rule.purpose} [{_categories(rule)}]\n" for rule in rows)


def page(rule: Rule | PolicyRule) -> str:
    """One rule: what it objects to, why, an example where there is one, and what to do."""
    lines = _of_policy(rule) if isinstance(rule, PolicyRule) else _of_comparison(rule)
    return "\n".join(lines) + "\n"


def _of_policy(rule: PolicyRule) -> Iterator[str]:
    yield f"{rule.id}: {rule.purpose}"
    yield f"categories: {_categories(rule)}; severity: {rule.severity}"
    yield ""
    yield f"why: {rule.reason}"
    yield ""
    yield f"what to do: {rule.remedy}"


def _of_comparison(rule: Rule) -> Iterator[str]:
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


def _categories(rule: Rule | PolicyRule) -> str:
    if isinstance(rule, PolicyRule):
        return CATEGORY
    return ", ".join(str(category) for category in rule.categories)
