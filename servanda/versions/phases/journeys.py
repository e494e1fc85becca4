"""The journeys of live versions through the system, as old and new callers make them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
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


@dataclass(frozen=True, slots=True)
class Travelled:
    """Result of the journeys of a step.

    Attributes:
        breaks: What does not hold, of journeys and of the events that follow.
        passed: Requests of them that passed through the entry.
        notes: What a person should know, in sentences.
    """

    breaks: tuple[Break, ...] = ()
    passed: Passed = field(default_factory=Passed)
    notes: tuple[str, ...] = ()

    def __add__(self, other: Travelled) -> Travelled:
        """Return both."""
        return Travelled(self.breaks + other.breaks, self.passed + other.passed, self.notes + other.notes)


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
        self._silent: set[str] = set()

    async def make(self, step: Step, running: Running) -> Travelled:
        """Make those of a step.

        Raises:
            ConfigurationError: The command cannot be run, or events are not as they are configured.
            InfrastructureError: A store is gone.
            LimitError: They did not end in time.
        """
        if self._watch is not None:
            await self._watch.begin(step)
        # What a caller changes to the same value again is followed by no event: that is seen the second time.
        is_learning = self._watch is not None and step.phase is Phase.OLD
        first = await self._made(step, running, of_new=False) if is_learning else Travelled()
        by_old = await self._made_in_turn(step, running)
        by_new = await self._made(step, running, of_new=True)
        made = replace(first, passed=Passed(errors=first.passed.errors)) + by_old + by_new
        if self._watch is None or made.breaks:
            return made
        return replace(made, breaks=await self._watch.examine(step, by_old.passed.writes, first.passed.writes))

    async def _made_in_turn(self, step: Step, running: Running) -> Travelled:
        """Make those of old callers once for each instance of the service that is exchanged, beginning with another."""
        before = self._front.passed_on if self._front is not None else 0
        made = await self._made(step, running, of_new=False)
        for _ in range(step.instances - 1):
            if made.breaks:
                break
            if self._front is not None:
                # Who passes calls on in turn would choose as before, had these been whole turns.
                more = (1 + before - self._front.passed_on) % step.instances
                await self._front.asking.answers(made.passed.questions[:1], more)
                before = self._front.passed_on
            made += await self._made(step, running, of_new=False)
        return made

    async def _made(self, step: Step, running: Running, *, of_new: bool) -> Travelled:
        breaks: list[Break] = []
        notes: list[str] = []
        *_, candidate = self._versions
        for caller in callers(step, self._versions):
            if (caller.version == candidate) is not of_new or caller.version in self._silent:
                continue
            run = await travel(caller.ready, running, self._project, self._environ, self._ports)
            found = tuple(break_of(step, caller.version, run))
            if found and caller.is_borrowing and step.phase is Phase.OLD:
                # They need what this version does not have, which says nothing of its rollout.
                self._silent.add(caller.version)
                notes.append(
                    f"the journeys of the working tree fail on {caller.version} alone, so none are made in its name: "
                    f"{found[0].what}"
                )
                continue
            breaks += found
        return Travelled(tuple(breaks), self._front.taken() if self._front is not None else Passed(), tuple(notes))


@dataclass(frozen=True, slots=True)
class Caller:
    """A version in whose name journeys are made.

    Attributes:
        ready: The version whose journeys they are: what a release publishes has none, so they are the candidate's.
    """

    version: str
    ready: Ready

    @property
    def is_borrowing(self) -> bool:
        """Tell whether the journeys are those of another version, which may need what this one does not have."""
        return self.version != self.ready.version.name


def callers(step: Step, versions: Mapping[str, Ready]) -> Iterator[Caller]:
    """Yield in whose names journeys are made in a step: old callers always, new ones where all services are new."""
    *old, candidate = versions.values()
    is_new = step.phase in (Phase.NEW, Phase.FORWARD)
    for ready in old:
        caller = Caller(ready.version.name, candidate if ready.version.is_artifact else ready)
        # The candidate makes them by itself where all services are new.
        if caller.ready.configuration.end_to_end.command and not (is_new and caller.is_borrowing):
            yield caller
    if candidate.configuration.end_to_end.command and is_new:
        yield Caller(candidate.version.name, candidate)


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


def break_of(step: Step, version: str, run: TestRun) -> Iterator[Break]:
    """Yield what failed."""
    if run.outcome is not Outcome.BROKEN:
        return
    for reason in run.reasons:
        yield Break(BreakKind.JOURNEY, step, "the journeys", reason.message, reason.path, version=version)
