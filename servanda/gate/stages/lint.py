"""Stage: lint of the definitions by buf."""

from __future__ import annotations

from collections.abc import Callable

from servanda.configuration import Configuration
from servanda.gate.background import in_background
from servanda.verdict import Finding, StageResult, outcome_of

LINT = "lint"
"""Name of the stage."""
LintFindings = Callable[[Configuration], tuple[Finding, ...]]


class Lint:
    """Has the form of the configured folder of protos examined; starts nothing.

    What it finds breaks nobody: it is reported, and stops the change only where ``[rules]`` says so.
    """

    name = LINT

    def __init__(self, configuration: Configuration, findings: LintFindings) -> None:
        self._configuration = configuration
        self._findings = findings

    def prepare(self) -> None:
        """Nothing takes time here."""

    async def examine(self) -> StageResult:
        """Examine the form.

        Raises:
            InterfaceError: The protos do not compile, or ``buf.yaml`` asks for what is not allowed.
            ProcessError: buf cannot be run.
        """
        findings = await in_background(lambda: self._findings(self._configuration), self.name)
        return StageResult(self.name, outcome_of(findings), findings=findings)
