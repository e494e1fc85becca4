"""Differences between the statements that were reviewed and those that the services run now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from servanda.checking.statements import NewStatements, StatementRecorder, write
from servanda.gate.reasons import relative_place
from servanda.gate.stage import Stage
from servanda.interfaces.sql.document import Recorded
from servanda.interfaces.sql.rules.subject import shortened
from servanda.verdict import Location, Outcome, Reason, ReasonKind, StageResult

_DOCUMENTS: Final = "sql"
_SHOWN: Final = 5


class WithStatements:
    """A stage that runs the services, and after which it is known what they run.

    Args:
        stage: The last one that does.
        recorder: Knows what they noted.
        root: Folder of the repository.
        folder: Where the documents go as they were recorded now, so that they can be accepted.
        is_whole: Whether all stages that run the services did.
    """

    def __init__(
        self, stage: Stage, recorder: StatementRecorder, root: Path, folder: Path, *, is_whole: bool = True
    ) -> None:
        self._stage = stage
        self._recorder = recorder
        self._root = root
        self._folder = folder / _DOCUMENTS
        self._is_whole = is_whole

    @property
    def name(self) -> str:
        """Return the name of the stage."""
        return self._stage.name

    def prepare(self) -> None:
        """Prepare the stage."""
        self._stage.prepare()

    async def examine(self) -> StageResult:
        """Examine the stage; if it holds, broken by one statement that was not reviewed.

        Raises:
            ServandaError: See the stage.
            ContractError: Notes or a document cannot be read.
        """
        result = await self._stage.examine()
        if result.outcome is not Outcome.HELD:
            return result
        found = await self._recorder.recorded(prune=self._is_whole)
        remarks = tuple(Reason(ReasonKind.EXTERNAL, remark) for new in found for remark in new.remarks)
        drifted = [new for new in found if new.added]
        reasons = [reason for new in drifted for reason in self._reasons(new)]
        if not drifted:
            return replace(result, reasons=(*result.reasons, *remarks))
        for new in drifted:
            write(new, self._root, self._folder / new.path.name)
        accept = " && ".join(self._copy(new) for new in drifted)
        reasons[-1] = replace(reasons[-1], message=f"{reasons[-1].message}\nhint: review, then accept: {accept}")
        return replace(result, outcome=Outcome.BROKEN, reasons=(*result.reasons, *reasons, *remarks))

    def _reasons(self, new: NewStatements) -> Iterator[Reason]:
        place = relative_place(Location(str(new.path)), self._root)
        if new.before is None:
            yield _drift(f"the statements of {new.document.service} are not reviewed yet: no such document", place)
            return
        yield from (_drift(_told(each), place) for each in new.added[:_SHOWN])
        if len(new.added) > _SHOWN:
            yield _drift(f"{len(new.added) - _SHOWN} more new statements", place)

    def _copy(self, new: NewStatements) -> str:
        own, target = (each.relative_to(self._root) for each in (self._folder / new.path.name, new.path))
        return f"cp {own} {target}"


def _told(statement: Recorded) -> str:
    where = f" ({', '.join(statement.callers)})" if statement.callers else ""
    return f"new statement, not reviewed yet: {shortened(statement.sql)}{where}"


def _drift(message: str, place: Location) -> Reason:
    return Reason(ReasonKind.DRIFT, message, evidence=place)
