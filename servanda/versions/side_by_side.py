"""Runs of a plan that are carried out at once, each on stores of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from servanda import infra
from servanda.configuration import Configuration
from servanda.versions.phases import StepFinished, Surroundings, carry_out
from servanda.versions.plan import Run

Carry: TypeAlias = Callable[[Run, Surroundings], AsyncGenerator[StepFinished, None]]
"""Carries out one run: :func:`servanda.versions.phases.carry_out`, or what stands in for it."""


async def carry_out_all(
    runs: Sequence[Run], around: Surroundings, at_once: int, carry: Carry = carry_out
) -> tuple[StepFinished, ...]:
    """Carry out runs, and return what their steps showed, in the order of the runs.

    A run ends with its first step that shows a break. Those after it from the same live version are ended as well, and
    tell nothing: what breaks a rollout would show in them once more. So the result is the same however many run at
    once.

    Args:
        runs: The runs.
        around: What they depend on; each has a folder of its own below that of the logs, if there are several.
        at_once: How many are carried out at once.
        carry: Carries out one of them.

    Raises:
        ServandaError: Something kept one from being carried out; the others are ended.
    """
    free = asyncio.Semaphore(at_once)

    async def one(number: int, run: Run) -> list[StepFinished]:
        folder = f"{around.folder}/run-{number}" if len(runs) > 1 else around.folder
        async with free:
            return await _until_a_break(carry(run, replace(around, folder=folder)))

    tasks = [
        asyncio.create_task(one(number, run), name=f"run {number} from {run.old}") for number, run in enumerate(runs, 1)
    ]
    found: list[StepFinished] = []
    broken: set[str] = set()
    try:
        for run, task in zip(runs, tasks, strict=True):
            if run.old in broken:
                continue
            steps = await task
            found += steps
            if any(step.breaks for step in steps):
                broken.add(run.old)
                await _ended([each for other, each in zip(runs, tasks, strict=True) if other.old in broken])
    finally:
        await _ended(tasks)
    return tuple(found)


def runs_at_once(configuration: Configuration, environ: Mapping[str, str], mode: str | None) -> int:
    """Return how many runs are carried out at once: one for each processor, unless the configuration says it.

    Stores that somebody else runs are shared, and not every system keeps to the namespace of its run: on them one run
    follows the other.

    Args:
        configuration: That of the working tree.
        environ: Environment that every process starts from.
        mode: Provisioning of the stores.

    Raises:
        InfrastructureError: A store cannot be provided in the way that is wanted.
    """
    if configuration.versions.runs_at_once is not None:
        return configuration.versions.runs_at_once
    needed = {store for service in configuration.services.values() for store in service.stores}
    kinds = infra.choose(mode, environ, stores=needed).kinds.values()
    return 1 if infra.Provisioning.EXTERNAL in kinds else os.cpu_count() or 1


async def _until_a_break(steps: AsyncGenerator[StepFinished, None]) -> list[StepFinished]:
    found: list[StepFinished] = []
    async with contextlib.aclosing(steps) as finished_steps:
        async for finished in finished_steps:
            found.append(finished)
            if finished.breaks:
                break
    return found


async def _ended(tasks: Sequence[asyncio.Task[list[StepFinished]]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
