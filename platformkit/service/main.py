"""Command line of every service: ``python -m services.<name>`` serves, ``... migrate`` migrates.

A service may have commands of its own beside them.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import uvloop

from platformkit.lifecycle import Settings, StartError
from platformkit.postgres.errors import MigrationError
from platformkit.telemetry import configure_logging, get_logger

if TYPE_CHECKING:
    from platformkit.lifecycle.application import Factory

_log = get_logger(__name__)

Load = Callable[[], "Factory"]
"""Imports the application of a service, which is most of what a start takes and which a migration does not need."""

Command = Callable[[Settings], Awaitable[None]]
"""Does one thing and returns, or raises StartError."""

COULD_NOT_START: Final = 2
_NO_COMMANDS: Final[Mapping[str, Command]] = MappingProxyType({})


def run(
    name: str,
    load: Load,
    *,
    migrations: Path | None = None,
    commands: Mapping[str, Command] = _NO_COMMANDS,
    arguments: Sequence[str] | None = None,
    environ: Mapping[str, str] | None = None,
) -> int:
    """Run a service or its migrations, as the command line says.

    Serving ends on SIGTERM or SIGINT, after the drain.

    Args:
        name: Name of the service and of its schema.
        load: Imports the application.
        migrations: Folder of its alembic revisions; None for a service without a schema.
        commands: What else it does, by the argument that asks for it.
        arguments: Of the command line, by default those of this process.
        environ: By default that of this process.

    Returns:
        Exit code: 0 after a clean end, 2 if the service could not start; the last log line says why.
    """
    configure_logging(name, "info", sys.stdout)
    given = tuple(sys.argv[1:] if arguments is None else arguments)
    try:
        settings = Settings.from_environ(name, os.environ if environ is None else environ)
        configure_logging(name, settings.log_level, sys.stdout)
        if given == ():
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(_serve_until_signal(settings, load))
        elif given == ("migrate",):
            _migrate(settings, migrations)
        elif len(given) == 1 and given[0] in commands:
            asyncio.run(_carry_out(commands[given[0]], settings))
        else:
            known = " or ".join(("migrate", *commands))
            raise StartError(f"{name} does not know {' '.join(given)!r}", hint=f"give no argument to serve, or {known}")
    except (StartError, MigrationError) as error:
        _log.error("cannot start", what=error.what, hint=error.hint)
        return COULD_NOT_START
    return 0


async def _serve_until_signal(settings: Settings, load: Load) -> None:
    # Imported here, because what is asked wrongly is refused without it.
    from platformkit.lifecycle.serve import serve  # noqa: PLC0415

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await serve(settings, load(), stop)


async def _carry_out(command: Command, settings: Settings) -> None:
    await command(settings)


def _migrate(settings: Settings, migrations: Path | None) -> None:
    if migrations is None:
        raise StartError(f"{settings.name} has no schema to migrate", hint="give no argument to serve")
    # Imported here alone: serving never pays for alembic and SQLAlchemy.
    from platformkit.postgres.migration import migrate  # noqa: PLC0415

    migrate(settings.postgres_admin_dsn, settings.name, migrations, password=settings.postgres_rw_password)
    _log.info("migrated", schema=settings.name)
