"""``servanda migrations``."""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path

import click

from servanda import infra
from servanda.cache import cache_folder
from servanda.cli.completing import services as service_names
from servanda.cli.ending import run
from servanda.cli.group import pass_configuration
from servanda.cli.reporting import report_options
from servanda.configuration import Configuration
from servanda.errors import ConfigurationError
from servanda.extras import naming_extra
from servanda.interfaces.kind import Context
from servanda.report.console import console_for
from servanda.report.delivery import prepare, tell
from servanda.report.files import clear
from servanda.report.progress import progress
from servanda.report.terminal import say
from servanda.verdict import decide


@click.command("migrations")
@click.argument("services", metavar="[SERVICE]...", nargs=-1, shell_complete=service_names)
@click.option(
    "--live", multiple=True, metavar="VERSION", help="A released version that is live; repeatable; default: all."
)
@click.option(
    "--infra", "mode", type=click.Choice(["auto", *map(str, infra.Provisioning)]), help="Provisioning of PostgreSQL."
)
@report_options
@pass_configuration
def command(
    configuration: Configuration,
    /,
    services: tuple[str, ...],
    live: tuple[str, ...],
    mode: str | None,
    form: str,
    report: Path | None,
) -> None:
    """Prove that migrations break no live version of a service.

    Applies the migrations in review to a copy of the schema of each live version, with rows, on a real PostgreSQL, and
    runs before and after what contracts/sql says that the version runs. Every copy is dropped. Migrations of Alembic
    are code, which is executed.

    Examples:
      servanda migrations
      servanda migrations identity --live 0.3.0
    """
    with naming_extra():
        from servanda.checking.migrations import check_migrations, migrating  # noqa: PLC0415 - see the extra
        from servanda.migrations.examination import Wanted  # noqa: PLC0415 - the same
        from servanda.migrations.server import postgres  # noqa: PLC0415 - the same

    if report is not None:
        clear(report)
    wanted = migrating(configuration, services)
    if not wanted:
        raise ConfigurationError(
            "no migrations are configured",
            where=str(configuration.file),
            hint="add migrations = { folder = \"...\" } to a service, see 'servanda help migrations'",
        )
    today = dt.datetime.now(tz=dt.UTC).date()
    context = Context(configuration.root, cache_folder(os.environ), today, configuration, limits=configuration.limits)
    with progress(console_for(sys.stderr)) as stores:
        asked = Wanted(wanted, os.environ, lambda: postgres(os.environ, mode, stores), live, say)
        stage = run(check_migrations(asked, context))
    verdict = decide([stage])
    tell(prepare(verdict, form, report))
    click.get_current_context().exit(verdict.answer.exit_code)
