"""A rule of the comparison or of the policy, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from servanda.escaping import line as escaped
from servanda.interfaces.examples import example_of
from servanda.interfaces.rule import Rule
from servanda.policy.rules import PolicyRule


def table(rules: Iterable[Rule | PolicyRule]) -> str:
    """Render all rules, one in a line."""
    rows = sorted(rules, key=lambda rule: rule.id)
    width = max(len(rule.id) for rule in rows)
    return "".join(escaped(f"{rule.id:{width}}  {rule.purpose} [{_categories(rule)}]") + "\n" for rule in rows)


def page(rule: Rule | PolicyRule) -> str:
    """Render one rule: what it objects to, why, an example where there is one, and what to do."""
    lines = _of_policy(rule) if isinstance(rule, PolicyRule) else _of_comparison(rule)
    return "".join(f"{escaped(line)}\n" for line in lines)


def _of_policy(rule: PolicyRule) -> Iterator[str]:
    yield f"{rule.id}: {rule.purpose}"
    yield f"categories: {_categories(rule)}; severity: {rule.severity}"
    yield ""
    yield f"why: {rule.why}"
    yield ""
    yield f"what to do: {rule.remedy}"


def _of_comparison(rule: Rule) -> Iterator[str]:
    example = example_of(rule.id)
    yield f"{rule.id}: {rule.purpose}"
    yield f"categories: {_categories(rule)}"
    yield ""
    yield f"why: {rule.why}"
    yield ""
    yield "for example:"
    yield from (f"  {line}".rstrip() for line in example.diff.splitlines())
    yield ""
    yield "instead:"
    for name, step in example.steps.named:
        yield f"  {name}: {step}"


def _categories(rule: Rule | PolicyRule) -> str:
    if isinstance(rule, PolicyRule):
        return rule.category
    return ", ".join(str(category) for category in rule.categories)
