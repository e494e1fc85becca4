"""``servanda explain`` as somebody types it."""

import pytest
from click.testing import CliRunner

from codegen.rules import RULES
from servanda.cli import main
from servanda.policy.rules import POLICY_RULES, PolicyRule


def explain(*arguments: str) -> str:
    ran = CliRunner().invoke(main, ["explain", *arguments])
    assert ran.exit_code == 0, ran.output
    return ran.stdout


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_every_rule_is_explained(rule: str) -> None:
    said = explain(rule)

    assert said.startswith(f"{rule}: Checks that ")
    assert all(part in said for part in ("categories: ", "why: ", "for example:", "instead:"))


@pytest.mark.parametrize("rule", POLICY_RULES, ids=lambda rule: rule.id)
def test_what_the_policy_reports_is_explained(rule: PolicyRule) -> None:
    said = explain(rule.id)

    assert said.startswith(f"{rule.id}: Checks that ")
    assert f"categories: {rule.category}; severity: {rule.severity}\n" in said
    assert all(part in said for part in (f"why: {rule.why}", f"what to do: {rule.remedy}"))


def test_an_explanation_shows_what_changes() -> None:
    said = explain("FIELD_SAME_NAME")

    assert "-  int32 quantity = 2;" in said
    assert "+  int32 amount = 2;" in said


def test_upper_and_lower_case_are_the_same() -> None:
    assert explain("field_same_name") == explain("FIELD_SAME_NAME")


def test_without_a_rule_all_are_listed() -> None:
    listed = [line.split()[0] for line in explain().splitlines()]

    assert sorted(listed) == sorted([*(rule.id for rule in RULES), *(rule.id for rule in POLICY_RULES)])


def test_a_rule_that_does_not_exist_answers_2_with_those_that_are_close() -> None:
    ran = CliRunner().invoke(main, ["explain", "FIELD_SAME_NAMES"])

    assert ran.exit_code == 2
    assert "unknown rule 'FIELD_SAME_NAMES'; did you mean FIELD_SAME_NAME" in ran.stderr
