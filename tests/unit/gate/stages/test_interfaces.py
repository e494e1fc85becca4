"""The first stage."""

from collections.abc import Callable

import pytest

from treaty.configuration import Configuration
from treaty.gate.stages.interfaces import Interfaces
from treaty.verdict import Finding, Outcome, Severity, Span

Repository = Callable[[str], Configuration]


def finding(severity: Severity) -> Finding:
    return Finding("FIELD_SAME_NAME", "BREAKING", severity, Span("a.proto", 1, 1, 1, 2), "a.B.c", "changed", "f")


async def test_interfaces_without_findings_hold(repository: Repository) -> None:
    result = await Interfaces(repository(""), lambda _: ()).examine()

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
async def test_only_an_error_breaks_them(repository: Repository, severity: Severity, expected: Outcome) -> None:
    result = await Interfaces(repository(""), lambda _: (finding(severity),)).examine()

    assert result.outcome is expected
    assert result.findings == (finding(severity),)
