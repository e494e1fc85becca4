"""``servanda up``."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from servanda import infra, supervision
from servanda.cli.group import pass_configuration
from servanda.configuration import Configuration
from servanda.errors import ConfigurationError, ContractError, SupervisionError
from servanda.report import running as shown
from servanda.report.console import console_for, put
from servanda.report.progress import progress
from servanda.report.terminal import deliver
from servanda.supervision import Plan, Running
from servanda.verdict import Transport
from servanda.verification import load_contracts


@dataclass(frozen=True, slots=True)
class _Options:
    only: tuple[str, ...]
    port: int | None
    mode: str | None
    quiet: bool


@click.command("up")
@click.option("--only", metavar="SERVICE", multiple=True, help="Start only this service and its dependencies.")
@click.option("--port", type=click.IntRange(1, 65535), help="HTTP port of the entry service.")
@click.option(
    "--infra", "mode", type=click.Choice(["auto", *map(str, infra.Provisioning)]), help="Provisioning of the stores."
)
@click.option("--quiet", is_flag=True, help="Write the output of the services only to their logs.")
@pass_configuration
def command(
    configuration: Configuration, only: tuple[str, ...], port: int | None, mode: str | None, *, quiet: bool
) -> None:
    """Run the whole platform, one process per service, on real stores.

    Prints where everything answers and what to try first; Ctrl-C ends it in order. Another command finds it by
    .servanda/up/state.json.
    """
    try:
        asyncio.run(_up(configuration, _Options(only, port, mode, quiet)))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def _up(configuration: Configuration, options: _Options) -> None:
    _refuse_second(configuration)
    _end_on_signals()
    talk = console_for(sys.stderr)
    plan = Plan(
        configuration,
        supervision.own_folder(configuration.root, "up"),
        os.environ,
        only=options.only,
        ports=_fixed_ports(configuration, options.port),
    )
    instances = supervision.start_order(plan)
    listener = shown.follow((instance.name for instance in instances), talk, output=not options.quiet)
    with progress(talk) as stores:
        async with supervision.start_with_stores(plan, options.mode, stores=stores, services=listener) as running:
            _welcome(configuration, running)
            with contextlib.suppress(asyncio.CancelledError):  # that is how a signal arrives
                await asyncio.Event().wait()
            put(talk, "shutting down; press Ctrl-C again to stop at once")


def state_file(configuration: Configuration) -> Path:
    """Return where a running platform is described.

    Raises:
        SupervisionError: It is a link that leads out of the tree.
    """
    return supervision.own_folder(configuration.root, "up") / "state.json"


def _refuse_second(configuration: Configuration) -> None:
    state = state_file(configuration)
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


def _fixed_ports(configuration: Configuration, port: int | None) -> dict[tuple[str, str], int]:
    if port is None:
        return {}
    entry = _entry(configuration)
    if entry is None:
        raise ConfigurationError("--port needs an entry service with the transport http", hint="configure 'entry'")
    return {entry: port}


def _welcome(configuration: Configuration, running: Running) -> None:
    console = console_for(sys.stdout)
    shown.addresses(running, console)
    entry = _entry(configuration)
    if entry is None or entry[0] not in running.names:
        return
    with contextlib.suppress(ContractError):  # without contracts there is nothing that consumers are known to send
        for line in shown.commands(running.address(*entry), load_contracts(configuration, providers=[entry[0]]).files):
            deliver(f"try: {line}\n")
