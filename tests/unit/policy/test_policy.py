"""From findings to a decision."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from servanda.configuration import Level, RuleLevels
from servanda.configuration.rules import Override
from servanda.policy import baseline, policy
from servanda.policy.rules import POLICY_RULES
from servanda.verdict import Consumer, ConsumerImpact, Finding, Impact, Severity

Make = Callable[..., Finding]
TODAY = dt.date(2026, 11, 22)
RULES = {"FIELD_NO_DELETE"}
WAIVER = """[[waiver]]
rule = "FIELD_NO_DELETE"
element = "shop.v1.Order.note"
reason = "r"
owner = "o"
expires = 2026-12-31
"""


def test_without_documents_nothing_is_decided(tmp_path: Path) -> None:
    assert policy.load(tmp_path, tmp_path, TODAY) == policy.Policy(TODAY)


def test_a_waiver_outranks_the_impact_on_consumers(tmp_path: Path, finding: Make) -> None:
    (tmp_path / "waivers.toml").write_text(WAIVER, encoding="utf-8")

    [found] = policy.apply(
        [finding("shop.v1.Order.note", Impact.BROKEN)], policy.load(tmp_path, tmp_path, TODAY), RULES
    )

    assert found.severity is Severity.WAIVED


def test_the_place_of_a_waiver_is_told_from_the_root(tmp_path: Path) -> None:
    folder = tmp_path / "contracts"
    folder.mkdir()
    (folder / "waivers.toml").write_text(WAIVER, encoding="utf-8")

    [found] = policy.apply([], policy.load(folder, tmp_path, TODAY), RULES)

    assert found.span.path == "contracts/waivers.toml"


def test_every_finding_is_in_the_decision(tmp_path: Path, finding: Make) -> None:
    findings = [finding("a.v1.B"), finding("a.v1beta1.B", Impact.UNAFFECTED)]

    decided = policy.apply(findings, policy.Policy(TODAY), RULES)

    assert [each.element for each in decided] == ["a.v1.B", "a.v1beta1.B"]


def test_everything_that_the_policy_reports_has_a_row(tmp_path: Path, finding: Make) -> None:
    expired = WAIVER.replace("2026-12-31", "2026-11-21")
    unmatched = WAIVER.replace("shop.v1.Order.note", "shop.v1.Order.gone")
    (tmp_path / "waivers.toml").write_text(f"{expired}{unmatched}", encoding="utf-8")
    baseline.write(tmp_path / "baseline.json", "baseline.json", [finding("shop.v1.Order.mended")], RULES)

    decided = policy.apply([finding("shop.v1.Order.note")], policy.load(tmp_path, tmp_path, TODAY), RULES)

    reported = {(each.rule, each.severity) for each in decided if each.category == "POLICY"}
    assert reported == {(rule.id, rule.severity) for rule in POLICY_RULES if rule.category == "POLICY"}


def test_a_rule_that_is_off_is_not_in_the_decision(finding: Make) -> None:
    off = RuleLevels((Override({"FIELD_NO_DELETE": Level.OFF}),))

    decided = policy.apply([finding("a.v1.B"), finding("a.v1.C", rule="X")], policy.Policy(TODAY, levels=off), RULES)

    assert [each.element for each in decided] == ["a.v1.C"]


def test_paths_of_levels_start_at_the_configuration_wherever_the_check_runs(finding: Make) -> None:
    here = RuleLevels((Override({"FILE": Level.WARNING}, paths=("proto/shop.proto",)),))

    def severity(folder: str) -> Severity:
        [found] = policy.apply([finding()], policy.Policy(TODAY, levels=here, folder=folder), RULES)
        return found.severity

    assert (severity("proto"), severity("."), severity("proto/..")) == (
        Severity.WARNING,
        Severity.ERROR,
        Severity.ERROR,
    )


def test_a_waiver_of_a_warning_leaves_it_a_warning(tmp_path: Path, finding: Make) -> None:
    (tmp_path / "waivers.toml").write_text(WAIVER, encoding="utf-8")
    surprising = finding("shop.v1.Order.note", severity=Severity.WARNING)

    [found] = policy.apply([surprising], policy.load(tmp_path, tmp_path, TODAY), RULES)

    assert found.severity is Severity.WARNING


def hit(impact: Impact, *, source_only: bool = False) -> ConsumerImpact:
    return ConsumerImpact(Consumer(f"{impact}-{source_only}"), impact, source_only=source_only)


REGENERATES = hit(Impact.POTENTIALLY_AFFECTED, source_only=True)


def test_what_only_needs_new_code_has_the_level_that_the_repository_chose_for_it(finding: Make) -> None:
    decided = policy.Policy(TODAY, source_only=Level.WARNING)
    told = replace(finding(), consumers=(REGENERATES, hit(Impact.UNAFFECTED)))

    assert [each.severity for each in policy.leveled([told], decided)] == [Severity.WARNING]


@pytest.mark.parametrize("other", [hit(Impact.BROKEN), hit(Impact.UNKNOWN), hit(Impact.POTENTIALLY_AFFECTED)])
def test_that_level_is_not_for_changes_that_may_break_somebody(finding: Make, other: ConsumerImpact) -> None:
    decided = policy.Policy(TODAY, source_only=Level.OFF)
    told = replace(finding(), consumers=(REGENERATES, other))

    assert [each.severity for each in policy.leveled([told], decided)] == [Severity.ERROR]
