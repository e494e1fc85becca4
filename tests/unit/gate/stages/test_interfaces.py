"""The first stage."""

from collections.abc import Callable

import pytest

from servanda.configuration import Configuration
from servanda.gate.stages.interfaces import Interfaces
from servanda.verdict import Finding, InterfaceComparison, Outcome, Severity, Span, StageResult, outcome_of

Repository = Callable[[str], Configuration]


@pytest.fixture
def workspace(repository: Repository) -> Configuration:
    configuration = repository("")
    configuration.interfaces.root.mkdir()
    return configuration


def finding(severity: Severity) -> Finding:
    return Finding("FIELD_SAME_NAME", "BREAKING", severity, Span("a.proto", 1, 1, 1, 2), "a.B.c", "changed", "f")


def stage(*findings: Finding) -> StageResult:
    comparison = InterfaceComparison("proto", "1.0.0")
    return StageResult("interfaces", outcome_of(findings), findings=findings, comparison=comparison)


async def test_interfaces_without_findings_hold(workspace: Configuration) -> None:
    result = await Interfaces(workspace, lambda _: stage()).examine()

    assert (result.name, result.outcome) == ("interfaces", Outcome.HELD)


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        (Severity.ERROR, Outcome.BROKEN),
        (Severity.WARNING, Outcome.HELD),
        (Severity.WAIVED, Outcome.HELD),
        (Severity.BASELINE, Outcome.HELD),
    ],
)
async def test_only_an_error_breaks_them(workspace: Configuration, severity: Severity, expected: Outcome) -> None:
    result = await Interfaces(workspace, lambda _: stage(finding(severity))).examine()

    assert result.outcome is expected
    assert result.findings == (finding(severity),)


async def test_a_repository_without_interfaces_skips_the_stage_and_says_so(repository: Repository) -> None:
    result = await Interfaces(repository(""), lambda _: stage()).examine()

    assert result.outcome is Outcome.SKIPPED
    assert "no interface definitions" in result.reasons[0].message


async def test_interfaces_that_were_released_and_are_gone_are_examined(repository: Repository) -> None:
    configuration = repository("")
    configuration.interfaces.releases.mkdir(parents=True)

    result = await Interfaces(configuration, lambda _: stage(finding(Severity.ERROR))).examine()

    assert result.outcome is Outcome.BROKEN


async def test_the_stage_carries_the_whole_result_of_the_check(workspace: Configuration) -> None:
    result = await Interfaces(workspace, lambda _: stage()).examine()

    assert result.comparison == InterfaceComparison("proto", "1.0.0")
