"""The stages one after the other, and how they stop."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from servanda.errors import ServandaError
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
) -> tuple[StageResult, ...]:
    """Examine those stages whose names are in ``only``, in order; the others are skipped.

    The first stage that does not hold ends the run: those after it are skipped too, unless ``keep_going``. A stage that
    raises a :class:`ServandaError` is unknown. Places are told relative to ``root``.
    """
    results: list[StageResult] = []
    stopped = False
    for position, stage in enumerate(stages):
        if stopped or stage.name not in only:
            result = StageResult(stage.name, Outcome.SKIPPED)
        else:
            listener(StageStarted(stage.name))
            result = await _examine(stage, root)
            stopped = result.outcome in (Outcome.BROKEN, Outcome.UNKNOWN) and not keep_going
        results.append(result)
        listener(StageFinished(result))
        if not stopped:
            for later in stages[position + 1 :]:
                if later.name in only:
                    later.prepare()
    return tuple(results)


async def _examine(stage: Stage, root: Path) -> StageResult:
    started = time.monotonic()
    try:
        result = await stage.examine()
    except ServandaError as error:
        result = StageResult(stage.name, Outcome.UNKNOWN, reasons=(could_not_run(error, root),))
    return replace(result, seconds=time.monotonic() - started)
