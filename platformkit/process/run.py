"""The command line of every service: ``python -m services.<name>`` serves, ``... migrate`` migrates."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import uvloop

from platformkit.postgres.errors import MigrationError
from platformkit.process.errors import StartError
from platformkit.process.settings import Settings
from platformkit.telemetry import configure_logging, get_logger

_log = get_logger(__name__)

Serve = Callable[[Settings, asyncio.Event], Awaitable[None]]
"""Serves until the event is set."""

COULD_NOT_START: Final = 2


def run(
    name: str,
    serve: Serve,
    *,
    migrations: Path | None = None,
    arguments: Sequence[str] | None = None,
    environ: Mapping[str, str] | None = None,
) -> int:
    """Runs a service or its migrations, as the command line says.

    Serving ends on SIGTERM or SIGINT, after the drain.

    Args:
        name: Name of the service and of its schema.
        serve: Serves; what only serving needs, it imports when it is called, so that a migration need not.
        migrations: Folder of its alembic revisions; None for a service without a schema.
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
                runner.run(_serve_until_signal(settings, serve))
        elif given == ("migrate",):
            _migrate(settings, migrations)
        else:
            raise StartError(f"{name} does not know {' '.join(given)!r}", hint="give no argument to serve, or migrate")
    except (StartError, MigrationError) as error:
        _log.error("cannot start", what=error.what, hint=error.hint)
        return COULD_NOT_START
    return 0


async def _serve_until_signal(settings: Settings, serve: Serve) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await serve(settings, stop)


def _migrate(settings: Settings, migrations: Path | None) -> None:
    if migrations is None:
        raise StartError(f"{settings.name} has no schema to migrate", hint="give no argument to serve")
    # Imported here alone: serving never pays for alembic and SQLAlchemy.
    from platformkit.postgres.migration import migrate  # noqa: PLC0415

    migrate(settings.postgres_admin_dsn, settings.name, migrations)
    _log.info("migrated", schema=settings.name)
