"""The stages one after the other, and how they stop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from servanda.configuration import DEFAULT_LIMITS
from servanda.errors import LimitError, ServandaError
from servanda.gate.reasons import could_not_run
from servanda.gate.stage import Stage, StageFinished, StageListener, StageStarted
from servanda.verdict import Outcome, StageResult


async def run(
    stages: Sequence[Stage],
    root: Path,
    listener: StageListener,
    *,
    only: Collection[str],
    keep_going: bool = False,
    seconds: float = DEFAULT_LIMITS.gate_seconds,
) -> tuple[StageResult, ...]:
    """Examine those stages whose names are in ``only``, in order; the others are skipped.

    The first stage that does not hold ends the run: those after it are skipped too, unless ``keep_going``. A stage that
    raises a :class:`ServandaError` is unknown, and so is one that is not over when all of them have taken ``seconds``.
    Places are told relative to ``root``.
    """
    time_left = _TimeLeft(seconds)
    results: list[StageResult] = []
    stopped = False
    for position, stage in enumerate(stages):
        if stopped or stage.name not in only:
            result = StageResult(stage.name, Outcome.SKIPPED)
        else:
            listener(StageStarted(stage.name))
            result = await _examine(stage, root, time_left)
            stopped = result.outcome in (Outcome.BROKEN, Outcome.UNKNOWN) and not keep_going
        results.append(result)
        listener(StageFinished(result))
        if not stopped:
            for later in stages[position + 1 :]:
                if later.name in only:
                    later.prepare()
    return tuple(results)


class _TimeLeft:
    """Time left of a whole run."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        return self._began + self._seconds - time.monotonic()

    def used_up(self, by: str, since: float) -> LimitError:
        before = since - self._began
        what = f"the gate did not end within {self._seconds:g} s: the stage '{by}' began after {before:.1f} s"
        return LimitError(f"{what} and was still running", limit="gate_seconds")


async def _examine(stage: Stage, root: Path, left: _TimeLeft) -> StageResult:
    started = time.monotonic()
    try:
        async with asyncio.timeout(left.seconds) as limit:
            result = await stage.examine()
    except TimeoutError:
        if not limit.expired():
            raise
        error = left.used_up(stage.name, started)
        result = StageResult(stage.name, Outcome.UNKNOWN, reasons=(could_not_run(error, root),))
    except ServandaError as error:
        result = StageResult(stage.name, Outcome.UNKNOWN, reasons=(could_not_run(error, root),))
    return replace(result, seconds=round(time.monotonic() - started, 3))
