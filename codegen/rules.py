"""The rules of the comparison and of the policy: their reference, and an example of the former from their fixtures."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from codegen.product import ROOT, Product
from servanda.compatibility.rules.reasons import reason_for
from servanda.compatibility.rules.rule import Category, Rule
from servanda.compatibility.rules.table import BUF_RULES, RULES
from servanda.policy.rules import POLICY_RULES
from servanda.report.check.remedies import remedy_for

FIXTURES = ROOT / "tests" / "unit" / "compatibility" / "fixtures"
_HEAD = """# Rules
<!-- Written by 'python -m codegen' from the table of rules and their fixtures. -->
`servanda check` examines a change under these rules; `servanda explain RULE` shows one of them. Those that buf has too
keep buf's identifiers, categories and places, and obey the section `breaking` of `buf.yaml`. Those in categories beyond
buf always hold.

"""


def products() -> Iterator[Product]:
    """The reference page, and the examples that the suite ships."""
    examples = {rule.id: "\n".join(example(FIXTURES / rule.id)) for rule in sorted(RULES, key=lambda rule: rule.id)}
    text = json.dumps(examples, indent=2, ensure_ascii=False)
    yield Product("servanda/compatibility/rules/examples.json", f"{text}\n".encode())
    yield Product("docs/reference/rules.md", "".join(_page(examples)).encode())


def example(fixture: Path) -> Iterator[str]:
    """What changes in a fixture, as a diff."""
    sides = [fixture / "previous", fixture / "current"]
    paths = sorted({file.relative_to(side).as_posix() for side in sides for file in side.rglob("*") if file.is_file()})
    for path in paths:
        before, after = (_lines(side / path) for side in sides)
        if before != after:
            yield f"{path}:"
            changes = list(difflib.unified_diff(before, after, n=2, lineterm=""))[2:]
            yield from ("..." if line.startswith("@@") else line.rstrip() for line in changes)


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines() if file.is_file() else []


def _page(examples: dict[str, str]) -> Iterator[str]:
    yield _HEAD
    yield "## By category\n| category | rules |\n|---|---|\n"
    for category in Category:
        members = [f"`{rule.id}`" for rule in RULES if category in rule.categories]
        if members:
            yield f"| {category} | {', '.join(members)} |\n"
    yield "\n## Rules that buf has\n"
    yield from _sections(BUF_RULES, examples)
    yield "\n## Rules beyond buf\n"
    yield from _sections([rule for rule in RULES if rule not in BUF_RULES], examples)
    yield from _policy()


def _policy() -> Iterator[str]:
    yield "\n## What the policy reports\n"
    yield "[Waivers and the baseline](../how-to/waivers.md) are examined after the interfaces. Category: POLICY.\n\n"
    yield "| rule | what it checks | severity | why | what to do |\n|---|---|---|---|---|\n"
    for rule in POLICY_RULES:
        yield f"| `{rule.id}` | {rule.purpose} | {rule.severity} | {rule.reason} | {rule.remedy} |\n"


def _sections(rules: Iterable[Rule], examples: dict[str, str]) -> Iterator[str]:
    for rule in sorted(rules, key=lambda rule: rule.id):
        categories = ", ".join(str(category) for category in Category if category in rule.categories)
        yield f"\n### {rule.id}\n{rule.purpose} Categories: {categories}.\n\n{reason_for(rule.id)}\n\n"
        yield f"```diff\n{examples[rule.id]}\n```\n\nInstead:\n"
        for number, (_, step) in enumerate(remedy_for(rule.id).steps, start=1):
            yield f"{number}. {step}\n"
