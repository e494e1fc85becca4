"""``servanda import-usage``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from servanda.cli.bounds import bounded
from servanda.cli.group import pass_configuration
from servanda.configuration import Configuration
from servanda.documents import replace_text
from servanda.interfaces.usage.lines import dump_lines
from servanda.interfaces.usage.use import Observation
from servanda.recording.imports import IMPORTERS, Wanted, log_of, read
from servanda.recording.targets import log_target
from servanda.recording.usage.described import Described
from servanda.report.terminal import answer, say
from servanda.transport import transport_kind
from servanda.verdict import Transport


@click.command("import-usage")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--from", "tool", type=click.Choice(list(IMPORTERS)), required=True, help="What wrote FILE.")
@click.option("--consumer", required=True, help="The consumer whose use it shows.")
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
    """
    tool, consumer = given["tool"], given["consumer"]
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
