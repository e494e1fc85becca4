"""``servanda import-usage``."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import click

from servanda.cli.bounds import bounded
from servanda.cli.completing import consumers
from servanda.cli.group import pass_configuration
from servanda.configuration import Configuration, unknown_service
from servanda.documents import Boundary, replace_text
from servanda.errors import ConfigurationError
from servanda.interfaces.usage.lines import dump_lines
from servanda.interfaces.usage.use import Observation
from servanda.recording.imports import IMPORTERS, Wanted, log_of, read
from servanda.recording.targets import log_target
from servanda.recording.usage.described import Described
from servanda.report.terminal import answer, say
from servanda.transport import transport_kind
from servanda.verdict import Transport

_STATEMENTS = "pg_stat_statements"


@click.command("import-usage")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--from", "tool", type=click.Choice([*IMPORTERS, _STATEMENTS]), required=True, help="What wrote FILE.")
@click.option("--consumer", required=True, shell_complete=consumers, help="The consumer whose use it shows.")
@click.option("--service", default="", help="Name of the consumer in FILE; default: CONSUMER.")
@click.option("--transport", default="grpc", help="Transport of tracked fields; default: grpc.")
@click.option("--version", default="", help="Version of the consumer; default: the one in FILE.")
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), help="Day of FILE; default: its newest span, or its own.")
@click.option("--complete", is_flag=True, help="FILE holds every call: no sampling.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The usage log to write.")
@pass_configuration
def command(
    configuration: Configuration,
    /,
    file: Path,
    date: dt.datetime | None,
    out: Path | None,
    *,
    complete: bool,
    **given: str,
) -> None:
    """Write a usage log from what another tool knows of a consumer.

    FILE is OTLP in JSON (otel), or what the linker of Go tracks (fieldtrack). The log is written beside the contracts.

    Or FILE is CSV with a column query (pg_stat_statements): CONSUMER is the service that runs these statements, and
    they are added to its document in contracts/sql.

    Examples:
      servanda import-usage --from otel --consumer web spans.json
      servanda import-usage --from fieldtrack --consumer billing --date 2026-01-31 fields.json
    """
    tool, consumer = given["tool"], given["consumer"]
    if tool == _STATEMENTS:
        _import_statements(configuration, file, consumer)
        return
    if complete and not IMPORTERS[tool]:
        raise click.UsageError(f"--complete: what {tool} writes is never everything that a consumer uses")
    wanted = Wanted(file, consumer, given["service"], Transport(transport_kind(given["transport"]).name))
    path, boundary = log_target(configuration, out, consumer, tool)
    with bounded("import-usage", configuration.limits):
        imported = read(tool, wanted, Described.of(configuration))
        told = date.date() if date is not None else imported.day
        day = told or dt.datetime.fromtimestamp(file.stat().st_mtime, tz=dt.UTC).date()
        observation = Observation(consumer, day.isoformat(), str(path), given["version"] or imported.version)
        log = log_of(tool, imported, observation, complete=complete)
        replace_text(
            path, dump_lines(log, {"tool": f"servanda import-usage --from {tool}", "file": file.name}), boundary
        )
    say(imported.told)
    answer(f"{path}: {len(log.exchanges)} calls, {len({each.element for each in log.reads})} elements, {day}")


def _import_statements(configuration: Configuration, file: Path, name: str) -> None:
    from servanda.interfaces.sql.document import dump  # noqa: PLC0415 - the other tools need none of it
    from servanda.interfaces.sql.live import document_path, own_statements  # noqa: PLC0415
    from servanda.recording.statements import import_statements  # noqa: PLC0415

    if name not in configuration.services:
        raise unknown_service(name, configuration.services)
    service, path = configuration.services[name], document_path(configuration, name)
    shown = os.path.relpath(service.migrations.folder, configuration.root) if service.migrations is not None else ""
    with bounded("import-usage", configuration.limits):
        imported = import_statements(file, service, shown, own_statements(configuration, name))
        replace_text(path, dump(imported.document), Boundary.around(configuration.root, ConfigurationError))
    if imported.unread:
        say(f"{imported.unread} queries cannot be parsed and are left out")
    answer(f"{path}: {len(imported.document.statements)} statements, {imported.added} of them new")
