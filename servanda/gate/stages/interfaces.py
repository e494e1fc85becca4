"""Do the interfaces keep what the released ones promised?"""

from __future__ import annotations

from collections.abc import Callable

from servanda.checking.check import STAGE
from servanda.configuration import Configuration
from servanda.gate.background import in_background
from servanda.gate.interfaces import compared_kinds
from servanda.verdict import Outcome, Reason, ReasonKind, StageResult

Examine = Callable[[Configuration], StageResult]


class Interfaces:
    """Compares every configured interface with its base; starts nothing."""

    name = STAGE

    def __init__(self, configuration: Configuration, examine: Examine) -> None:
        self._configuration = configuration
        self._examine = examine

    def prepare(self) -> None:
        """Nothing takes time here."""

    async def examine(self) -> StageResult:
        """Compare the interfaces.

        Skipped in a repository that has no interfaces and released none.

        Raises:
            InterfaceError: The interfaces do not compile.
        """
        if not any(kind.configured(self._configuration) for kind in compared_kinds()):
            nothing = Reason(
                ReasonKind.CHECKS_NOTHING,
                f"no interface definitions found: no folder {self._configuration.interfaces.root}, and no party "
                "with an OpenAPI document",
            )
            return StageResult(self.name, Outcome.SKIPPED, reasons=(nothing,))
        return await in_background(lambda: self._examine(self._configuration), self.name)
