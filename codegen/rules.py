"""The rules of the comparison and of the policy: their reference, and an example of the former from their fixtures."""

from __future__ import annotations

import datetime as dt
import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from codegen.image import image_of
from codegen.migrations import review_in
from codegen.product import ROOT, Product
from servanda.interfaces.examples import Example
from servanda.interfaces.openapi.check import check_document
from servanda.interfaces.openapi.document import Document
from servanda.interfaces.openapi.rules.documents import OPENAPI
from servanda.interfaces.openapi.rules.table import RULES as OPENAPI_RULES
from servanda.interfaces.openapi.words import words as openapi_words
from servanda.interfaces.protobuf.comparison import compare
from servanda.interfaces.protobuf.compiler import proto_files
from servanda.interfaces.protobuf.rules.categories import Category
from servanda.interfaces.protobuf.rules.subject import Conventions
from servanda.interfaces.protobuf.rules.table import BUF_RULES
from servanda.interfaces.protobuf.rules.table import RULES as PROTOBUF_RULES
from servanda.interfaces.protobuf.schema import File, State
from servanda.interfaces.protobuf.words import words as protobuf_words
from servanda.interfaces.rule import Rule
from servanda.interfaces.sql.check import check_review
from servanda.interfaces.sql.rules.subject import SQL
from servanda.interfaces.sql.rules.table import RULES as SQL_RULES
from servanda.interfaces.sql.words import words as sql_words
from servanda.interfaces.values.check import check_formats
from servanda.interfaces.values.inputs import open_folder
from servanda.interfaces.values.rules.subject import VALUES
from servanda.interfaces.values.rules.table import RULES as VALUE_RULES
from servanda.interfaces.values.words import words as value_words
from servanda.policy.rules import POLICY_RULES

RULES = (*PROTOBUF_RULES, *OPENAPI_RULES, *SQL_RULES, *VALUE_RULES)
_FIXTURES = ROOT / "tests" / "unit" / "interfaces"
_CONVENTIONS = Conventions("shop.event.v1.event", dt.date(2026, 11, 22))
_HEAD = """# Rules
<!-- Written by 'python -m codegen' from the table of rules and their fixtures. -->
`servanda check` examines a change under these rules; `servanda explain RULE` shows one of them. Those that buf has too
keep buf's identifiers, categories and places, and obey the section `breaking` of `buf.yaml`. Those in categories beyond
buf always hold.

"""


def products() -> Iterator[Product]:
    """Return the reference page, and the examples that the suite ships."""
    examples = {rule.id: example(rule) for rule in sorted(RULES, key=lambda rule: rule.id)}
    text = json.dumps({rule: asdict(each) for rule, each in examples.items()}, indent=2, ensure_ascii=False)
    yield Product("servanda/interfaces/examples.json", f"{text}\n".encode())
    yield Product("docs/reference/rules.md", "".join(_page(examples)).encode())


def example(rule: Rule) -> Example:
    """Return the change in the fixture of a rule, and the steps for it."""
    kind, read = "protobuf", _proto_words
    if rule in OPENAPI_RULES:
        kind, read = "openapi", _document_words
    elif rule in SQL_RULES:
        kind, read = "sql", _migration_words
    elif rule in VALUE_RULES:
        kind, read = "values", _value_words
    fixture = _FIXTURES / kind / "fixtures" / rule.id
    words = read(rule, fixture)
    return Example(words["element"], "\n".join(_diff(fixture)), rule.remedy.steps(words))


def _proto_words(rule: Rule, fixture: Path) -> Mapping[str, str]:
    previous, current = (
        State(File(file.SerializeToString()) for file in image_of(sources).file) if sources else State(())
        for sources in (_sources(fixture / side) for side in ("previous", "current"))
    )
    breach = compare(previous, current, [rule], _CONVENTIONS)[0]
    return protobuf_words(breach.objection.element, breach.comparison)


def _sources(side: Path) -> Mapping[str, str]:
    return {name: (side / name).read_text(encoding="utf-8") for name in proto_files(side)}


def _document_words(rule: Rule, fixture: Path) -> Mapping[str, str]:
    previous, current = (
        Document((fixture / side / "openapi.yaml").read_text(encoding="utf-8"), side)
        for side in ("previous", "current")
    )
    found = check_document(previous, current)
    return next(openapi_words(each.finding.element) for each in found if each.rule is rule)


def _migration_words(rule: Rule, fixture: Path) -> Mapping[str, str]:
    found = check_review(review_in(fixture))
    return next(sql_words(each.finding.element, "shop 0.1.0") for each in found if each.rule is rule)


def _value_words(rule: Rule, fixture: Path) -> Mapping[str, str]:
    found = check_formats(open_folder("previous", fixture), open_folder("current", fixture))
    return next(
        value_words(each.finding.element, " and ".join(hit.consumer.name for hit in each.finding.consumers))
        for each in found
        if each.rule is rule
    )


def _diff(fixture: Path) -> Iterator[str]:
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


def _page(examples: dict[str, Example]) -> Iterator[str]:
    yield _HEAD
    yield "## By category\n| category | rules |\n|---|---|\n"
    for category in (*Category, OPENAPI, SQL, VALUES):
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
    yield "[Waivers and the baseline](../how-to/waivers.md) are examined after the interfaces.\n\n"
    yield "| rule | category | what it checks | severity | why | what to do |\n|---|---|---|---|---|---|\n"
    for rule in POLICY_RULES:
        yield f"| `{rule.id}` | {rule.category} | {rule.purpose} | {rule.severity} | {rule.why} | {rule.remedy} |\n"


def _sections(rules: Iterable[Rule], examples: dict[str, Example]) -> Iterator[str]:
    for rule in sorted(rules, key=lambda rule: rule.id):
        categories = ", ".join(
            str(category) for category in (*Category, OPENAPI, SQL, VALUES) if category in rule.categories
        )
        yield f"\n### {rule.id}\n{rule.purpose} Categories: {categories}.\n\n{rule.why}\n\n"
        yield f"```diff\n{examples[rule.id].diff}\n```\n\nInstead:\n"
        for number, (_, step) in enumerate(examples[rule.id].steps.named, start=1):
            yield f"{number}. {step}\n"
