"""The part of its version that a change of an interface has to raise (https://semver.org)."""

from __future__ import annotations

from collections.abc import Iterable

from servanda.policy.rules import CATEGORY
from servanda.verdict import Bump, Finding, Severity


def bump_of(growth: Bump, findings: Iterable[Finding]) -> Bump:
    """Return major for a break, waived or known from the baseline as well, else what the change adds.

    Breaks of alpha and beta packages raise the minor part: nobody was promised anything. Reported findings that break
    nobody for certain raise it too; advice raises nothing.

    Args:
        growth: What the change adds: nothing, an edit (patch), or something new (minor).
        findings: All that was found.
    """
    told = [each for each in findings if each.category != CATEGORY and each.severity is not Severity.ADVICE]
    stopping = (Severity.ERROR, Severity.WAIVED, Severity.BASELINE)
    if any(finding.severity in stopping and not finding.unstable for finding in told):
        return Bump.MAJOR
    return Bump.MINOR if told and growth is Bump.PATCH else growth


def in_initial_development(raised: Bump) -> Bump:
    """Return the same for a version 0.y.z, which promises nothing yet: what breaks raises the minor part."""
    return Bump.MINOR if raised is Bump.MAJOR else raised
