"""``servanda verify``."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from servanda import infra, supervision
from servanda.cli import up
from servanda.cli.deadline import deadline
from servanda.cli.ending import run
from servanda.cli.group import pass_configuration
from servanda.cli.reporting import report_options
from servanda.configuration import Configuration
from servanda.errors import LimitError
from servanda.gate.reasons import relative, relative_place
from servanda.gate.versions import versions
from servanda.processes import bounded_memory
from servanda.report.console import console_for
from servanda.report.delivery import prepare, tell
from servanda.report.files import clear
from servanda.report.progress import progress
from servanda.supervision import Placeholders, Plan, ServiceHandle, System
from servanda.verdict import InteractionResult, StageResult, Verdict, combine, decide
from servanda.verification import LoadedContracts, Selection, failed_before, load_contracts, remember, verify

# It ends itself and clears up; this is how long it may be kept from that by code that does not let go.
_CLEARING_UP = 60.0


@dataclass(frozen=True, slots=True)
class Options:
    """Options of the command.

    Attributes:
        mode: Provisioning of the stores; ``None`` for the usual one.
        attach: Whether the running platform is asked.
        consumers: Only contracts of these consumers.
        interactions: Only interactions of these names.
        rerun_failed: Only interactions that did not hold when they were verified last.
    """

    mode: str | None
    attach: bool
    consumers: tuple[str, ...]
    interactions: tuple[str, ...]
    rerun_failed: bool

    def selection(self, memory: Path) -> Selection:
        """Return what is verified.

        Raises:
            VerificationError: Nothing failed in the last run.
        """
        return Selection(self.consumers, self.interactions, failed_before(memory) if self.rerun_failed else None)


@click.command("verify")
@click.argument("service", nargs=-1)
@click.option("--attach", is_flag=True, help="Use the running platform of 'servanda up'; start nothing.")
@click.option(
    "--infra", "mode", type=click.Choice(["auto", *map(str, infra.Provisioning)]), help="Provisioning of the stores."
)
@click.option("--consumer", "consumers", multiple=True, help="Only contracts of this consumer; repeatable.")
@click.option("--interaction", "interactions", multiple=True, help="Only the interaction of this name; repeatable.")
@click.option("--rerun-failed", is_flag=True, help="Only interactions that did not hold when they were verified last.")
@report_options
@pass_configuration
def command(
    configuration: Configuration, /, service: tuple[str, ...], form: str, report: Path | None, **given: Any
) -> None:
    """Verify providers against their contracts.

    Replays every contract with SERVICE (default: with every provider) against the real process on real stores.
    """
    options = Options(**given)
    if report is not None:
        clear(report)
    limits, seconds = configuration.limits, configuration.limits.verify_seconds
    memory = configuration.root / ".servanda"
    with deadline("verify", seconds, "verify_seconds", reserve=_CLEARING_UP):
        selection = options.selection(memory)
        with bounded_memory("reading the contracts", limits.memory_bytes):
            found = selection.of(load_contracts(configuration, providers=service))
        verdict = run(_within(seconds, _verify(configuration, found, options)))
    tell(prepare(verdict, form, report))
    remember(memory, verdict.results)
    click.get_current_context().exit(verdict.answer.exit_code)


async def _within(seconds: float, work: Coroutine[Any, Any, Verdict]) -> Verdict:
    try:
        async with asyncio.timeout(seconds) as limit:
            return await work
    except TimeoutError:
        if not limit.expired():
            raise
        raise LimitError(f"verify did not end within {seconds:g} s", limit="verify_seconds") from None


async def _verify(configuration: Configuration, found: LoadedContracts, options: Options) -> Verdict:
    async with _system(configuration, found.providers, options) as system:
        began, started = time.time_ns() // 1_000_000, time.monotonic()
        results = await verify(found.files, system, configuration)
        seconds = round(time.monotonic() - started, 3)
        facts, instances = system.facts, tuple(instance.fact for instance in system.instances)
    told = tuple(_from_root(result, configuration.root) for result in (*found.unreadable, *results))
    stage = StageResult("providers", combine(result.outcome for result in told), seconds, results=told)
    return decide([stage], facts, versions(configuration), instances, started=began)


@asynccontextmanager
async def _system(
    configuration: Configuration, providers: Sequence[str], options: Options
) -> AsyncIterator[System[ServiceHandle]]:
    if options.attach:
        yield supervision.attach(up.state_file(configuration), configuration, os.environ)
        return
    if not providers:  # no interaction can be read: there is nobody to ask
        yield System({}, Placeholders({}))
        return
    plan = Plan(configuration, supervision.own_folder(configuration.root, "verify"), os.environ, only=tuple(providers))
    with progress(console_for(sys.stderr)) as stores:
        async with supervision.start_with_stores(plan, options.mode, stores=stores) as running:
            yield running


def _from_root(result: InteractionResult, root: Path) -> InteractionResult:
    reasons = tuple(relative(reason, root) for reason in result.reasons)
    return replace(result, evidence=relative_place(result.evidence, root), reasons=reasons)
