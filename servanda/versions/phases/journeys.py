"""The journeys of live versions through the system, as old and new callers make them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from servanda.configuration import Secrets
from servanda.supervision import Running
from servanda.testing import TestRun, run_tests
from servanda.verdict import Outcome
from servanda.versions.oracle import Break, BreakKind, Passed
from servanda.versions.phases.ready import Ready
from servanda.versions.plan import Phase, Step

if TYPE_CHECKING:
    from servanda.versions.phases.events import EventWatch
    from servanda.versions.phases.front import Front


class Journeys:
    """Makes the journeys of a run.

    Args:
        versions: The versions by name, the candidate last.
        project: Folder of the configuration of the run, which keeps generated secrets.
        environ: Environment that they start from.
        ports: Placeholders that lead to the front in place of one instance.
        front: Notes what passes; ``None`` if the system has no entry over HTTP.
        watch: Watches the events that follow; ``None`` if nobody configured them.
    """

    def __init__(
        self,
        versions: Mapping[str, Ready],
        project: Path,
        environ: Mapping[str, str],
        ports: Mapping[str, str],
        front: Front | None,
        watch: EventWatch | None,
    ) -> None:
        self._versions, self._project, self._environ, self._ports = versions, project, environ, ports
        self._front, self._watch = front, watch

    async def make(self, step: Step, running: Running) -> tuple[tuple[Break, ...], Passed]:
        """Make those of a step, and return what does not hold and what passed.

        Raises:
            ConfigurationError: The command cannot be run, or events are not as they are configured.
            InfrastructureError: A store is gone.
            LimitError: They did not end in time.
        """
        if self._watch is not None:
            await self._watch.begin(step)
        # What a caller changes to the same value again is followed by no event: that is seen the second time.
        is_learning = self._watch is not None and step.phase is Phase.OLD
        first = await self._made(step, running, of_new=False) if is_learning else ((), Passed())
        by_old = await self._made(step, running, of_new=False)
        by_new = await self._made(step, running, of_new=True)
        breaks = (*first[0], *by_old[0], *by_new[0])
        if self._watch is not None and not breaks:
            breaks = await self._watch.examine(step, by_old[1].writes, first[1].writes)
        return breaks, Passed(errors=first[1].errors) + by_old[1] + by_new[1]

    async def _made(self, step: Step, running: Running, *, of_new: bool) -> tuple[tuple[Break, ...], Passed]:
        breaks: list[Break] = []
        *_, candidate = self._versions.values()
        for ready in callers(step, self._versions):
            if (ready is candidate) is of_new:
                run = await travel(ready, running, self._project, self._environ, self._ports)
                breaks += break_of(step, ready, run)
        return tuple(breaks), self._front.taken() if self._front is not None else Passed()


def callers(step: Step, versions: Mapping[str, Ready]) -> Iterator[Ready]:
    """Yield the versions whose journeys are made in a step: old callers always, new ones where all services are new."""
    *old, candidate = versions.values()
    yield from (ready for ready in old if ready.configuration.end_to_end.command)
    if candidate.configuration.end_to_end.command and step.phase in (Phase.NEW, Phase.FORWARD):
        yield candidate


async def travel(
    ready: Ready, running: Running, project: Path, environ: Mapping[str, str], ports: Mapping[str, str]
) -> TestRun:
    """Make the journeys of one version.

    Args:
        ready: The version.
        running: The system.
        project: Folder of the configuration of the run, which keeps generated secrets.
        environ: Environment that they start from.
        ports: Values by placeholder that lead to the front in place of one instance.

    Raises:
        ConfigurationError: The command cannot be run, or a placeholder has no value.
        LimitError: They did not end in time.
    """
    journeys, folder = ready.configuration.end_to_end, ready.source.folder
    python = {"python": ready.source.python} if ready.source.python else {}
    secrets = Secrets(folder, environ, project)
    environment = running.fill(journeys.environment, "end-to-end.environment", secrets, {**ports, **python})
    command = running.placeholders.having(python).fill_all(journeys.command, "end-to-end.command")
    return await run_tests(command, {**environ, **environment}, folder, ready.configuration.limits)


def break_of(step: Step, ready: Ready, run: TestRun) -> Iterator[Break]:
    """Yield what failed."""
    if run.outcome is not Outcome.BROKEN:
        return
    for reason in run.reasons:
        yield Break(BreakKind.JOURNEY, step, "the journeys", reason.message, reason.path, version=ready.version.name)
