"""``servanda up``."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from servanda import infra, supervision
from servanda.cli.completing import services
from servanda.cli.group import pass_configuration
from servanda.configuration import Configuration, revision, unknown_service
from servanda.errors import ConfigurationError, ContractError, SupervisionError
from servanda.report import running as shown
from servanda.report.console import console_for, put
from servanda.report.progress import progress
from servanda.report.status import StatusScreen
from servanda.report.terminal import deliver
from servanda.supervision import Instance, Plan, Restarts, Running, Source
from servanda.supervision.tasks import at_once
from servanda.verdict import Transport
from servanda.verification import load_contracts

_COMMIT = 12
_MOST_INSTANCES = 50


@dataclass(frozen=True, slots=True)
class _Options:
    only: tuple[str, ...]
    scale: Mapping[str, int]
    port: int | None
    mode: str | None
    watch: bool
    no_seed: bool
    lines: bool
    quiet: bool


@dataclass(frozen=True, slots=True)
class _View:
    """View of the run: the status screen, or lines."""

    stores: infra.Listener
    services: supervision.Listener
    screen: StatusScreen | None = None

    def away(self) -> contextlib.AbstractContextManager[None]:
        return self.screen.away() if self.screen else contextlib.nullcontext()


def _counts(_context: click.Context, _parameter: click.Parameter, given: tuple[str, ...]) -> Mapping[str, int]:
    counts = {}
    for text in given:
        name, _, count = text.partition("=")
        if not name or not count.isascii() or not count.isdigit() or not 1 <= int(count[:9]) <= _MOST_INSTANCES:
            raise click.BadParameter(f"'{text}' is not a service and a number up to {_MOST_INSTANCES}: identity=2")
        counts[name] = int(count)
    return counts


@click.command("up")
@click.option(
    "--only",
    metavar="SERVICE",
    multiple=True,
    shell_complete=services,
    help="Start only this service and its dependencies.",
)
@click.option(
    "--scale",
    metavar="SERVICE=N",
    multiple=True,
    callback=_counts,
    help="Run N instances of this service, each on ports of its own.",
)
@click.option("--port", type=click.IntRange(1, 65535), help="HTTP port of the entry service.")
@click.option(
    "--infra", "mode", type=click.Choice(["auto", *map(str, infra.Provisioning)]), help="Provisioning of the stores."
)
@click.option("--watch", is_flag=True, help="Start a service again when its files change.")
@click.option("--no-seed", is_flag=True, help="Begin without the data that is configured.")
@click.option("--lines", is_flag=True, help="Write lines to a terminal too, in place of the status screen.")
@click.option("-q", "--quiet", is_flag=True, help="Write lines, and the output of the services only to their logs.")
@pass_configuration
def command(configuration: Configuration, /, **options: Any) -> None:
    """Run the whole platform, one process per service, on real stores.

    Prints where everything answers and what to try first; Ctrl-C ends it in order. On a terminal a table shows each
    service with its version, ports, health, restarts, time and last line; elsewhere the lines of all follow. A service
    that dies is started again; one that dies 6 times in a row ends the run with code 2. Another command finds it by
    .servanda/up/state.json.

    Examples:
      servanda up
      servanda up --only library --port 8080
      servanda up --scale identity=2 --watch
    """
    try:
        asyncio.run(_up(configuration, _Options(**options)))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def _up(configuration: Configuration, options: _Options) -> None:
    if not configuration.services:
        raise ConfigurationError(
            "no service is configured", hint="add a table [services.NAME] with the 'command' that starts it"
        )
    watched = supervision.watched(configuration) if options.watch else {}
    _refuse_second(configuration)
    _end_on_signals()
    talk = console_for(sys.stderr)
    instances = _instances(configuration, options.scale)
    plan = Plan(
        configuration,
        supervision.own_folder(configuration.root, "up"),
        os.environ,
        only=options.only,
        ports=_fixed_ports(configuration, options),
        instances=supervision.configured(instances, configuration),
    )
    with _view(plan, talk, options) as view:
        async with supervision.start_with_stores(
            plan, options.mode, stores=view.stores, services=view.services
        ) as running:
            if not options.no_seed and not options.only:
                await supervision.seed(configuration, running, os.environ)
            with view.away():
                _welcome(configuration, running, told=view.screen is not None and sys.stdout.isatty())
            with contextlib.suppress(asyncio.CancelledError):  # that is how a signal arrives
                await _keep(plan, running, view, watched)
            put(talk, "shutting down; press Ctrl-C again to stop at once")


@contextlib.contextmanager
def _view(plan: Plan, talk: Console, options: _Options) -> Iterator[_View]:
    instances = supervision.start_order(plan)
    if options.lines or options.quiet or not talk.is_interactive or talk.is_dumb_terminal or talk.quiet:
        listener = shown.follow((instance.name for instance in instances), talk, output=not options.quiet)
        with progress(talk) as stores:
            yield _View(stores, listener)
        return
    versions = dict.fromkeys((instance.name for instance in instances), _working_tree(plan.configuration))
    hint = f"Ctrl-C ends it in order; logs: {os.path.relpath(plan.folder / 'logs')}"
    with StatusScreen(talk, versions, hint) as screen:
        yield _View(screen.store, screen.service, screen)


def _working_tree(configuration: Configuration) -> str:
    """Return the commit, with ``+`` if something was changed since; empty without a repository."""
    try:
        found = revision(configuration.root)
    except ConfigurationError:
        return ""
    return f"{found.commit[:_COMMIT]}{'+' if found.dirty else ''}"


async def _keep(plan: Plan, running: Running, view: _View, watched: Mapping[str, tuple[Path, ...]]) -> None:
    restarts = Restarts(running, plan.folder, view.services, patient=bool(watched))
    work = {"restarts": restarts.keep()}
    if watched:
        work["watch"] = supervision.watch(plan.configuration.root, watched, running, restarts)
    if view.screen is not None:
        work["health"] = supervision.watch_health(running, view.screen.health)
    await at_once(work)


def _instances(configuration: Configuration, scale: Mapping[str, int]) -> tuple[Instance, ...]:
    """Return the instances of the services of which there is more than one."""
    for name in scale:
        if name not in configuration.services:
            raise unknown_service(name, configuration.services)
    here = Source(configuration.root)
    several = {name: count for name, count in scale.items() if count > 1}
    return tuple(Instance(name, str(number), here) for name in several for number in range(1, several[name] + 1))


def _refuse_second(configuration: Configuration) -> None:
    state = supervision.state_file(configuration.root)
    try:
        other = supervision.attach(state, configuration, os.environ)
    except SupervisionError:
        return
    pids = ", ".join(str(handle.pid) for handle in other.instances.values())
    raise SupervisionError(
        f"the platform runs already, as the processes {pids}", where=str(state), hint="stop it with Ctrl-C there"
    )


def _end_on_signals() -> None:
    task = asyncio.current_task()
    assert task is not None, "called from a coroutine"  # noqa: S101 - for the type checker
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)


def _entry(configuration: Configuration) -> tuple[str, str] | None:
    service = configuration.services.get(configuration.entry)
    if service is None or Transport.HTTP not in service.transports:
        return None
    return service.name, service.transports[Transport.HTTP]


def _fixed_ports(configuration: Configuration, options: _Options) -> dict[tuple[str, str], int]:
    if options.port is None:
        return {}
    entry = _entry(configuration)
    if entry is None:
        raise ConfigurationError("--port needs an entry service with the transport http", hint="configure 'entry'")
    service, port = entry
    # Of several instances the last one is the one that others are told of.
    count = options.scale.get(service, 1)
    return {(f"{service}@{count}" if count > 1 else service, port): options.port}


def _welcome(configuration: Configuration, running: Running, *, told: bool) -> None:
    """Print the addresses, unless the status screen told them in the same place, and what to try."""
    if not told:
        shown.addresses(running, console_for(sys.stdout))
    for example in _examples(configuration, running):
        deliver(f"try: {example}\n")


def _examples(configuration: Configuration, running: Running) -> Iterator[str]:
    for text in configuration.up.examples:
        with contextlib.suppress(ConfigurationError):  # it is for a service that was not asked for
            yield running.with_ports.fill(text, "up.examples")
    entry = _entry(configuration)
    if configuration.up.examples or entry is None or entry[0] not in {one.service for one in running.instances}:
        return
    with contextlib.suppress(ContractError):  # without contracts there is nothing that consumers are known to send
        yield from shown.commands(running.address(*entry), load_contracts(configuration, providers=[entry[0]]).files)
