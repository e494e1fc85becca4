"""What is written about rules is about all of them, and about no others."""

import re
from pathlib import Path

import pytest

from codegen import rules
from codegen.rules import RULES
from servanda.interfaces.examples import example_of
from servanda.interfaces.rule import Rule
from servanda.policy.rules import POLICY_RULES, PolicyRule

IDS = {rule.id for rule in RULES}
POLICY_IDS = {rule.id for rule in POLICY_RULES}
FIXTURES = Path(__file__).parents[1] / "interfaces"
PAGE = Path("docs/reference/rules.md")


def test_no_two_rules_share_an_identifier() -> None:
    assert len(IDS | POLICY_IDS) == len(RULES) + len(POLICY_RULES)


def test_the_reference_has_every_rule_and_no_other() -> None:
    assert set(re.findall(r"^### (\w+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)) == IDS


def test_the_reference_has_everything_that_the_policy_reports_and_nothing_else() -> None:
    _, _, section = PAGE.read_text(encoding="utf-8").partition("\n## What the policy reports\n")
    assert set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == POLICY_IDS


def test_the_guide_to_waivers_names_everything_that_the_policy_reports_and_nothing_else() -> None:
    text = Path("docs/how-to/waivers.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`((?:WAIVER|BASELINE|INTERFACE)_\w+)`", text)) == POLICY_IDS


@pytest.mark.parametrize("rule", POLICY_RULES, ids=lambda rule: rule.id)
def test_everything_that_the_policy_reports_says_what_why_and_what_to_do(rule: PolicyRule) -> None:
    assert re.fullmatch(r"Checks that .*[^.]\.", rule.purpose)
    assert rule.why
    assert rule.remedy


def test_every_rule_has_a_fixture_and_every_fixture_a_rule() -> None:
    assert {
        folder.name
        for kind in ("protobuf", "openapi", "sql", "values")
        for folder in (FIXTURES / kind / "fixtures").iterdir()
    } == IDS


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_says_what_it_checks_why_and_for_example(rule: Rule) -> None:
    assert re.fullmatch(r"Checks that .*[^.]\.", rule.purpose)
    assert rule.why
    assert re.search(r"^[+-]", example_of(rule.id).diff, re.MULTILINE)


def test_nothing_that_is_written_about_rules_drifted() -> None:
    assert [product.path for product in rules.products() if product.drifted()] == []
