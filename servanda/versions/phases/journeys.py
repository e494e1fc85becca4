"""The journeys of live versions through the system, as old and new callers make them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from servanda.configuration import Secrets
from servanda.supervision import Running
from servanda.testing import TestRun, run_tests
from servanda.verdict import Outcome
from servanda.versions.oracle import Break, BreakKind
from servanda.versions.phases.ready import Ready
from servanda.versions.plan import Phase, Step


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
