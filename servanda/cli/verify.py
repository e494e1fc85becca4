"""``servanda verify``."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from servanda import infra, supervision
from servanda.cli.completing import services
from servanda.cli.deadline import deadline
from servanda.cli.ending import run
from servanda.cli.group import pass_configuration
from servanda.cli.reporting import report_options
from servanda.cli.running_options import Running, require_no_file, running_options
from servanda.cli.verifying import Options, verify_options
from servanda.configuration import Configuration, Pacticipant, Service
from servanda.errors import ConfigurationError, LimitError, VerificationError
from servanda.extras import naming_extra
from servanda.gate.reasons import relative, relative_place
from servanda.gate.versions import versions
from servanda.processes import bounded_memory
from servanda.publication.exchange import Exchange
from servanda.report.delivery import prepare, tell
from servanda.report.files import clear
from servanda.report.terminal import say
from servanda.supervision import Placeholders, Plan, ServiceHandle, System
from servanda.verdict import InteractionResult, StageResult, Transport, Verdict, combine, decide
from servanda.verification import LoadedContracts, Selection, load_contracts, remember, verify

if TYPE_CHECKING:
    from servanda.checking.statements import StatementRecorder

# It ends itself and clears up; this is how long it may be kept from that by code that does not let go.
_CLEARING_UP = 60.0


@click.command("verify")
@click.argument("service", nargs=-1, shell_complete=services)
@click.option("--attach", is_flag=True, help="Use the running platform of 'servanda up'; start nothing.")
@click.option(
    "--infra", "mode", type=click.Choice(["auto", *map(str, infra.Provisioning)]), help="Provisioning of the stores."
)
@click.option("--jobs", "jobs_file", type=click.Path(path_type=Path), metavar="FILE", help="Write the jobs; run none.")
@running_options
@verify_options
@report_options
@pass_configuration
def command(
    configuration: Configuration,
    /,
    service: tuple[str, ...],
    form: str,
    report: Path | None,
    *,
    jobs_file: Path | None,
    **given: Any,
) -> None:
    """Verify providers against their contracts.

    Replays every contract with SERVICE (default: with every provider) against the real process on real stores.

    Examples:
      servanda verify
      servanda verify library --provider-url https://library.staging.example/api
      servanda verify library --consumer web --rerun-failed
      servanda verify --on local --workers 2
    """
    running = Running.taken_from(given)
    options = Options(**given)
    require_no_file(running, jobs_file)
    if jobs_file is not None or running.on is not None:
        judged = _as_jobs(configuration, service, options, running, jobs_file, report)
        if judged is not None:
            tell(prepare(judged, form, report))
            click.get_current_context().exit(judged.answer.exit_code)
        return
    if options.is_elsewhere:
        configuration = _with_provider(configuration, service, options)
    if report is not None:
        places = [Path(place) for place in options.pacts if not _is_address(place)]
        clear(report, places or [configuration.contracts.pacts])
    limits, seconds = configuration.limits, configuration.limits.verify_seconds
    memory = configuration.root / ".servanda"
    exchange = Exchange(configuration, os.environ, supervision.own_folder(configuration.root, "contracts"))
    recorder = _recorder(configuration, options)
    with deadline("verify", seconds, "verify_seconds", reserve=_CLEARING_UP):
        selection = options.selection(memory)
        version = options.version(configuration.root) if options.publish else None
        with bounded_memory("reading the contracts", limits.memory_bytes):
            found = selection.of(_found(configuration, service, options, exchange))
        _say_all(exchange.before())
        verdict = run(_within(seconds, _verify(configuration, found, options, recorder)))
    tell(prepare(verdict, form, report))
    whole = selection == Selection() and not (service or options.pacts or options.broker)
    _remember(memory, verdict, whole=whole)
    if recorder is not None:
        from servanda.checking.statements import write_all  # noqa: PLC0415 - most repositories record no statements

        run(write_all(recorder, configuration.root, say, prune=options.prune_statements))
    _say_all(exchange.finish(verdict.results, version))
    click.get_current_context().exit(verdict.answer.exit_code)


def _as_jobs(
    configuration: Configuration,
    services: tuple[str, ...],
    options: Options,
    running: Running,
    file: Path | None,
    report: Path | None,
) -> Verdict | None:
    """Return the verdict of the jobs; ``None`` if they are written and not run."""
    with naming_extra():
        from servanda.cli.verifying_as_jobs import run_as_jobs, write_jobs  # noqa: PLC0415 - for jobs alone
    if file is not None:
        write_jobs(configuration, services, options, file)
        return None
    verdict = run_as_jobs(configuration, services, options, running, report)
    _remember(configuration.root / ".servanda", verdict, whole=not (services or options.consumers))
    return verdict


def _found(
    configuration: Configuration, services: tuple[str, ...], options: Options, exchange: Exchange
) -> LoadedContracts:
    """Return the contracts of all places that are named, else those of the configured folder."""
    if not options.pacts and not options.broker:
        return load_contracts(configuration, providers=services)
    found = LoadedContracts(())
    for place in options.pacts:
        if _is_address(place):
            at_place = exchange.at(place)
            found += at_place.with_providers(services) if services else at_place
        else:
            found += load_contracts(configuration, Path(place), services)
    if options.broker:
        found += exchange.wanted(
            services or configuration.services, options.branch_of(configuration.root), options.tags
        )
    return found


def _is_address(place: str) -> bool:
    return place.startswith(("http://", "https://"))


def _remember(folder: Path, verdict: Verdict, *, whole: bool) -> None:
    try:
        remember(folder, verdict.results, whole=whole)
    except (OSError, VerificationError) as error:  # the verdict stands all the same
        say(f"note: --rerun-failed will not know of this run: {error}")


def _say_all(lines: Iterable[str]) -> None:
    for line in lines:
        say(line)


async def _within(seconds: float, work: Coroutine[Any, Any, Verdict]) -> Verdict:
    try:
        async with asyncio.timeout(seconds) as limit:
            return await work
    except TimeoutError:
        if not limit.expired():
            raise
        raise LimitError(f"verify did not end within {seconds:g} s", limit="verify_seconds") from None


def _recorder(configuration: Configuration, options: Options) -> StatementRecorder | None:
    """Return what records the statements of services; ``None`` if none notes them, or runs elsewhere."""
    if options.attach or options.is_elsewhere or not configuration.records_statements:
        return None
    from servanda.checking.statements import StatementRecorder  # noqa: PLC0415 - most repositories record none

    return StatementRecorder(configuration, supervision.own_folder(configuration.root, "verify"), os.environ)


async def _verify(
    configuration: Configuration, found: LoadedContracts, options: Options, recorder: StatementRecorder | None
) -> Verdict:
    async with _system(configuration, found.providers, options, recorder) as system:
        began, started = time.time_ns() // 1_000_000, time.monotonic()
        if sys.stderr.isatty():
            say(f"verifying {', '.join(found.providers)} ...")
        results = await verify(found.files, system, configuration)
        seconds = round(time.monotonic() - started, 3)
        facts, instances = system.facts, tuple(instance.fact for instance in system.instances)
    told = tuple(_from_root(result, configuration.root, options) for result in (*found.unreadable, *results))
    stage = StageResult("providers", combine(result.outcome for result in told), seconds, results=told)
    return decide([stage], facts, versions(configuration), instances, started=began)


@asynccontextmanager
async def _system(
    configuration: Configuration, providers: Sequence[str], options: Options, recorder: StatementRecorder | None
) -> AsyncIterator[System[ServiceHandle]]:
    if options.attach:
        yield supervision.attach(supervision.state_file(configuration.root), configuration, os.environ)
        return
    if options.is_elsewhere and providers:
        values = {"namespace": "", **({"kafka.bootstrap": options.kafka_bootstrap} if options.kafka_bootstrap else {})}
        (service,) = (configuration.services[name] for name in providers)
        yield supervision.elsewhere(service, configuration.root, options.targets, values, os.environ)
        return
    if not providers:  # no interaction can be read: there is nobody to ask
        yield System({}, Placeholders({}))
        return
    # Only who starts stores has to wait, and wants to see what for.
    from servanda.report.console import console_for  # noqa: PLC0415
    from servanda.report.progress import progress  # noqa: PLC0415

    folder = supervision.own_folder(configuration.root, "verify")
    probe = recorder.probe if recorder is not None else supervision.no_probe
    plan = Plan(configuration, folder, os.environ, only=tuple(providers), probe=probe)
    with progress(console_for(sys.stderr)) as stores:
        async with supervision.start_with_stores(plan, options.mode, stores=stores) as running:
            yield running


def _route(text: str) -> tuple[str, str]:
    prefix, sign, url = text.partition("=")
    if not prefix.startswith("/") or not sign:
        raise ConfigurationError(f"'{text}' is no route", hint="write it as /admin=http://127.0.0.1:8081")
    _require_base(url)
    return prefix, url


def _require_base(url: str) -> None:
    if not _is_base(url):
        what = f"'{url}' is no URL that paths can be appended to"
        raise ConfigurationError(what, hint="expected http://... or https://..., without a query")


def _is_base(url: str) -> bool:
    try:
        parts = urlsplit(url)
        is_address = bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none, or a bracket too few
        return False
    return parts.scheme in ("http", "https") and is_address and not (parts.query or parts.fragment)


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
    if options.provider_url:
        _require_base(options.provider_url)
    known = configuration.services.get(services[0], Service(services[0], ()))
    parties = {services[0]: Pacticipant(services[0])}
    # The ports that its routes name are those of a process that is started.
    routes = MappingProxyType(dict(map(_route, options.routes)))
    here = replace(known, routes=MappingProxyType({Transport.HTTP: routes}))
    return replace(
        configuration,
        services={**configuration.services, services[0]: here},
        pacticipants={**parties, **configuration.pacticipants},
    )


def _from_root(result: InteractionResult, root: Path, options: Options) -> InteractionResult:
    reasons = tuple(relative(reason, root) for reason in result.reasons)
    place = relative_place(result.evidence, root)
    return replace(result, evidence=place, reasons=reasons, options=options.repeated)
