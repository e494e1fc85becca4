"""Do the interfaces keep what the released ones promised?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from servanda.checking.kinds import kinds
from servanda.configuration import Configuration
from servanda.verdict import Finding, Outcome, Reason, ReasonKind, Severity, StageResult

Check = Callable[[Configuration], tuple[Finding, ...]]


class Interfaces:
    """Compares every configured interface with its base; starts nothing."""

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
        if not any(kind.configured(self._configuration) for kind in kinds()):
            nothing = Reason(
                ReasonKind.CHECKS_NOTHING,
                f"there are no interface definitions: no folder {self._configuration.interfaces.root}, and no party "
                "with an OpenAPI document",
            )
            return StageResult(self.name, Outcome.SKIPPED, reasons=(nothing,))
        findings = await asyncio.to_thread(self._check, self._configuration)
        broken = any(finding.severity is Severity.ERROR for finding in findings)
        return StageResult(self.name, Outcome.BROKEN if broken else Outcome.HELD, findings=findings)
