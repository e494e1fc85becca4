"""``servanda order``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click

from servanda.cache import cache_folder
from servanda.checking.meetings import meetings_of
from servanda.cli.bounds import bounded
from servanda.cli.completing import services
from servanda.cli.group import pass_configuration
from servanda.configuration import Configuration
from servanda.errors import ConfigurationError
from servanda.gate.interfaces import examine
from servanda.policy.deployment import Meeting, deployment
from servanda.policy.evidence import read_evidence
from servanda.report import order as shown
from servanda.report.terminal import deliver, say
from servanda.verdict import Outcome

_MOST_BYTES = 64 << 20


@click.command("order")
@click.argument("service", nargs=-1, shell_complete=services)
@click.option(
    "--evidence",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Evidence of versions that met, as 'servanda versions' writes it; repeatable.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Output format.")
@pass_configuration
def command(configuration: Configuration, /, service: tuple[str, ...], files: tuple[Path, ...], form: str) -> None:
    """Print a safe order in which to deploy what changed.

    Takes what the comparison of the interfaces says of each consumer, and what versions showed that met, and prints
    the order in which SERVICE (default: every service and pacticipant) can be deployed, or the smallest cycle with the
    step that breaks it. Says apart which service cannot be rolled back alone.

    Examples:
      servanda order
      servanda order identity gateway --evidence .servanda/versions/evidence.json
    """
    known = {*configuration.services, *configuration.pacticipants}
    if unknown := sorted(set(service) - known):
        hint = f"known: {', '.join(sorted(known)) or 'none'}"
        raise ConfigurationError(f"'{unknown[0]}' is neither a service nor a pacticipant", hint=hint)
    with bounded("order", configuration.limits):
        meetings = [*_of_interfaces(configuration, needed=not files), *_of_evidence(files)]
        found = deployment(service or known, meetings)
    deliver(shown.document(found) if form == "json" else shown.text(found))
    click.get_current_context().exit({Outcome.HELD: 0, Outcome.BROKEN: 1}.get(found.outcome, 2))


def _of_interfaces(configuration: Configuration, *, needed: bool) -> tuple[Meeting, ...]:
    try:
        stage = examine(configuration, cache_folder(os.environ))
    except ConfigurationError as error:
        if needed:
            raise
        say(f"note: the order rests on the evidence alone: {error.what}")
        return ()
    return meetings_of(stage.findings, configuration)


def _of_evidence(files: tuple[Path, ...]) -> Iterator[Meeting]:
    for file in files:
        try:
            with file.open("rb") as opened:
                content = opened.read(_MOST_BYTES)
        except OSError as error:
            raise ConfigurationError(f"cannot be read: {error.strerror}", where=os.fspath(file)) from error
        yield from read_evidence(content, os.fspath(file)).meetings()
