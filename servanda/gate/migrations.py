"""The migrations of a repository, examined on a PostgreSQL of their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from servanda import infra
from servanda.checking.migrations import check_migrations, migrating
from servanda.configuration import Configuration
from servanda.interfaces.kind import Context
from servanda.migrations.examination import Wanted
from servanda.migrations.server import postgres
from servanda.verdict import StageResult


async def examine(
    configuration: Configuration, cache: Path, environ: Mapping[str, str], mode: str | None, listener: infra.Listener
) -> StageResult:
    """Find everything; paths are those from the root.

    Raises:
        ServandaError: See :func:`servanda.checking.migrations.check_migrations`.
    """
    today = dt.datetime.now(tz=dt.UTC).date()
    context = Context(configuration.root, cache, today, configuration, limits=configuration.limits)
    services = migrating(configuration)
    return await check_migrations(Wanted(services, environ, lambda: postgres(environ, mode, listener)), context)
