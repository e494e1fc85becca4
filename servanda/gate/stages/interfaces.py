"""Do the interfaces keep what the released ones promised?"""

from __future__ import annotations

from collections.abc import Callable

from servanda.checking.kinds import kinds
from servanda.configuration import Configuration
from servanda.gate.background import in_background
from servanda.gate.interfaces import Examination
from servanda.gate.reasons import could_not_run
from servanda.verdict import Outcome, Reason, ReasonKind, Severity, StageResult

Check = Callable[[Configuration], Examination]


class Interfaces:
    """Compares every configured interface with its base; starts nothing."""

    name = "interfaces"

    def __init__(self, configuration: Configuration, check: Check) -> None:
        self._configuration = configuration
        self._check = check

    def prepare(self) -> None:
        """Nothing takes time here."""

    async def examine(self) -> StageResult:
        """Compare the interfaces, and look at their form.

        Broken by any finding of severity error; else unknown if their form could not be examined. Skipped in a
        repository that has no interfaces and released none.

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
        found = await in_background(lambda: self._check(self._configuration), "interfaces")
        outcome, reasons = Outcome.HELD, tuple[Reason, ...]()
        if found.refused is not None:
            outcome, reasons = Outcome.UNKNOWN, (could_not_run(found.refused, self._configuration.root),)
        if any(finding.severity is Severity.ERROR for finding in found.findings):
            outcome = Outcome.BROKEN
        return StageResult(self.name, outcome, reasons=reasons, findings=found.findings)
