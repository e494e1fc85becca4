"""Do the interfaces keep what the released ones promised?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from treaty.configuration import Configuration
from treaty.verdict import Finding, Outcome, Severity, StageResult

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
        """Broken by any finding of severity error."""
        findings = await asyncio.to_thread(self._check, self._configuration)
        broken = any(finding.severity is Severity.ERROR for finding in findings)
        return StageResult(self.name, Outcome.BROKEN if broken else Outcome.HELD, findings=findings)
