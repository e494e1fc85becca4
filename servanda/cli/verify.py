"""``servanda verify``."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
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
from servanda.configuration import Configuration, Pacticipant, Service
from servanda.errors import ConfigurationError, LimitError
from servanda.gate.reasons import relative, relative_place
from servanda.gate.versions import versions
from servanda.processes import bounded_memory
from servanda.report.console import console_for
from servanda.report.delivery import prepare, tell
from servanda.report.files import clear
from servanda.report.progress import progress
from servanda.supervision import Placeholders, Plan, ServiceHandle, System
from servanda.verdict import InteractionResult, StageResult, Transport, Verdict, combine, decide
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
        provider_url: Where the provider listens for HTTP, if it runs already.
        grpc_target: Where it listens for gRPC, if it runs already.
        kafka_bootstrap: The Kafka cluster that it sends events to, if it runs already.
    """

    mode: str | None
    attach: bool
    consumers: tuple[str, ...]
    interactions: tuple[str, ...]
    rerun_failed: bool
    provider_url: str | None
    grpc_target: str | None
    kafka_bootstrap: str | None

    @property
    def targets(self) -> Mapping[str, str]:
        """Return where a provider that runs already listens, by transport."""
        named = {Transport.HTTP: self.provider_url, Transport.GRPC: self.grpc_target}
        return {transport: target for transport, target in named.items() if target}

    @property
    def is_elsewhere(self) -> bool:
        """Tell whether the provider runs already."""
        return bool(self.targets or self.kafka_bootstrap)

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
@click.option("--provider-url", metavar="URL", help="Ask the provider that runs at this address; start nothing.")
@click.option("--grpc-target", metavar="HOST:PORT", help="The same for gRPC; https://HOST:PORT for TLS.")
@click.option("--kafka-bootstrap", metavar="HOST:PORT", help="The Kafka that the running provider sends events to.")
@report_options
@pass_configuration
def command(
    configuration: Configuration, /, service: tuple[str, ...], form: str, report: Path | None, **given: Any
) -> None:
    """Verify providers against their contracts.

    Replays every contract with SERVICE (default: with every provider) against the real process on real stores.
    """
    options = Options(**given)
    if options.is_elsewhere:
        configuration = _with_provider(configuration, service, options)
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
    if options.is_elsewhere and providers:
        values = {"namespace": "", **({"kafka.bootstrap": options.kafka_bootstrap} if options.kafka_bootstrap else {})}
        service = configuration.services[providers[0]]
        yield supervision.elsewhere(service, configuration.root, options.targets, values, os.environ)
        return
    if not providers:  # no interaction can be read: there is nobody to ask
        yield System({}, Placeholders({}))
        return
    plan = Plan(configuration, supervision.own_folder(configuration.root, "verify"), os.environ, only=tuple(providers))
    with progress(console_for(sys.stderr)) as stores:
        async with supervision.start_with_stores(plan, options.mode, stores=stores) as running:
            yield running


def _with_provider(configuration: Configuration, services: tuple[str, ...], options: Options) -> Configuration:
    """Return the configuration with the one provider that runs already, which need not be configured.

    Raises:
        ConfigurationError: Not exactly one provider is named, or an address is none.
    """
    if len(services) != 1:
        raise ConfigurationError(
            f"{len(services)} providers are named, expected the one that runs at the address",
            hint="servanda verify SERVICE --provider-url URL",
        )
    if options.attach:
        raise ConfigurationError("--attach names a platform already", hint="leave out --attach or the addresses")
    if options.provider_url and not options.provider_url.startswith(("http://", "https://")):
        raise ConfigurationError(f"'{options.provider_url}' is no URL", hint="expected http://... or https://...")
    known = {services[0]: Service(services[0], ())}
    parties = {services[0]: Pacticipant(services[0])}
    return replace(
        configuration,
        services={**known, **configuration.services},
        pacticipants={**parties, **configuration.pacticipants},
    )


def _from_root(result: InteractionResult, root: Path) -> InteractionResult:
    reasons = tuple(relative(reason, root) for reason in result.reasons)
    return replace(result, evidence=relative_place(result.evidence, root), reasons=reasons)
