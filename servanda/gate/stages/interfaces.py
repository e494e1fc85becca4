"""Do the interfaces keep what the released ones promised?"""

from __future__ import annotations

from collections.abc import Callable

from servanda.configuration import Configuration
from servanda.gate.background import in_background
from servanda.verdict import Finding, Outcome, Reason, ReasonKind, Severity, StageResult

Check = Callable[[Configuration], tuple[Finding, ...]]


class Interfaces:
    """Compiles the interfaces and compares them with the newest release; starts nothing."""

    name = "interfaces"

    def __init__(self, configuration: Configuration, check: Check) -> None:
        self._configuration = configuration
        self._check = check

    def prepare(self) -> None:
        """Nothing takes time here."""

    async def examine(self) -> StageResult:
        """Broken by any finding of severity error; skipped in a repository that has no interfaces and released none.

        Raises:
            InterfaceError: The interfaces do not compile.
        """
        interfaces = self._configuration.interfaces
        if not interfaces.root.exists() and not interfaces.releases.exists():
            nothing = Reason(
                ReasonKind.CHECKS_NOTHING, f"there are no interface definitions: no folder {interfaces.root}"
            )
            return StageResult(self.name, Outcome.SKIPPED, reasons=(nothing,))
        findings = await in_background(lambda: self._check(self._configuration), "interfaces")
        broken = any(finding.severity is Severity.ERROR for finding in findings)
        return StageResult(self.name, Outcome.BROKEN if broken else Outcome.HELD, findings=findings)
