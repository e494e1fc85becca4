"""What the comparison of two states of an interface found, with all that follows from it."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from servanda.verdict.finding import Finding, Severity
from servanda.verdict.transition import DeployOrder


class Bump(enum.StrEnum):
    """Part of a semantic version that a change has to raise."""

    NONE = "none"
    PATCH = "patch"
    MINOR = "minor"
    MAJOR = "major"


@dataclass(frozen=True, slots=True)
class Check:
    """The result of one comparison.

    Attributes:
        input: The state that was examined, as somebody wrote it.
        base: What it was compared with; empty if there was nothing yet, as for a new module.
        bump: What the change does to the version of the interface.
        deploy_order: Which order keeps all consumers working, of all findings together.
    """

    input: str
    base: str
    findings: tuple[Finding, ...] = ()
    bump: Bump = Bump.NONE
    deploy_order: DeployOrder = DeployOrder.ANY

    @property
    def holds(self) -> bool:
        """Whether nothing was found that stops the change."""
        return not any(finding.severity is Severity.ERROR for finding in self.findings)
