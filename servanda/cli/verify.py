"""``servanda verify``."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
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
from servanda.verification import LoadedContracts, load_contracts, verify

# It ends itself and clears up; this is how long it may be kept from that by code that does not let go.
_CLEARING_UP = 60.0


@click.command("verify")
@click.argument("service", nargs=-1)
@click.option("--attach", is_flag=True, help="Use the running platform of 'servanda up'; start nothing.")
@click.option(
    "--infra", "mode", type=click.Choice(["auto", *map(str, infra.Provisioning)]), help="Provisioning of the stores."
)
@report_options
@pass_configuration
def command(
    configuration: Configuration,
    service: tuple[str, ...],
    mode: str | None,
    form: str,
    report: Path | None,
    *,
    attach: bool,
) -> None:
    """Verify providers against their contracts.

    Replays every contract with SERVICE (default: with every provider) against the real process on real stores.
    """
    if report is not None:
        clear(report)
    limits, seconds = configuration.limits, configuration.limits.verify_seconds
    with deadline("verify", seconds, "verify_seconds", reserve=_CLEARING_UP):
        with bounded_memory("reading the contracts", limits.memory_bytes):
            found = load_contracts(configuration, providers=service)
        verdict = run(_within(seconds, _verify(configuration, found, mode, attach=attach)))
    tell(prepare(verdict, form, report))
    click.get_current_context().exit(verdict.answer.exit_code)


async def _within(seconds: float, work: Coroutine[Any, Any, Verdict]) -> Verdict:
    try:
        async with asyncio.timeout(seconds) as limit:
            return await work
    except TimeoutError:
        if not limit.expired():
            raise
        raise LimitError(f"verify did not end within {seconds:g} s", limit="verify_seconds") from None


async def _verify(configuration: Configuration, found: LoadedContracts, mode: str | None, *, attach: bool) -> Verdict:
    async with _system(configuration, found.providers, mode, attach=attach) as system:
        began, started = time.time_ns() // 1_000_000, time.monotonic()
        results = await verify(found.files, system, configuration)
        seconds = round(time.monotonic() - started, 3)
        facts, instances = system.facts, tuple(instance.fact for instance in system.instances)
    told = tuple(_from_root(result, configuration.root) for result in (*found.unreadable, *results))
    stage = StageResult("providers", combine(result.outcome for result in told), seconds, results=told)
    return decide([stage], facts, versions(configuration), instances, started=began)


@asynccontextmanager
async def _system(
    configuration: Configuration, providers: Sequence[str], mode: str | None, *, attach: bool
) -> AsyncIterator[System[ServiceHandle]]:
    if attach:
        yield supervision.attach(up.state_file(configuration), configuration, os.environ)
        return
    if not providers:  # no interaction can be read: there is nobody to ask
        yield System({}, Placeholders({}))
        return
    plan = Plan(configuration, supervision.own_folder(configuration.root, "verify"), os.environ, only=tuple(providers))
    with progress(console_for(sys.stderr)) as stores:
        async with supervision.start_with_stores(plan, mode, stores=stores) as running:
            yield running


def _from_root(result: InteractionResult, root: Path) -> InteractionResult:
    reasons = tuple(relative(reason, root) for reason in result.reasons)
    return replace(result, evidence=relative_place(result.evidence, root), reasons=reasons)
