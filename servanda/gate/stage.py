"""Protocol of a stage of the gate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from servanda.verdict import StageResult

VERSIONS: Final = "versions"
"""Name of the stage that runs several versions together; it is imported only where it is wanted."""
EVENTS: Final = "events"
"""Name of the stage that replays recorded events; imported like the one of versions."""


class Stage(Protocol):
    """One question of the gate."""

    @property
    def name(self) -> str:
        """Return its name in the report."""

    def prepare(self) -> None:
        """Begin with what takes time, without waiting: the stage will be reached unless one before it fails."""

    async def examine(self) -> StageResult:
        """Answer the question.

        Raises:
            ServandaError: It could not be answered.
        """


@dataclass(frozen=True, slots=True)
class StageStarted:
    """A stage began."""

    name: str


@dataclass(frozen=True, slots=True)
class StageFinished:
    """A stage gave its answer, or was passed over."""

    result: StageResult


StageListener = Callable[[StageStarted | StageFinished], None]


def ignore(event: StageStarted | StageFinished) -> None:
    """Listen to nothing."""
    del event
