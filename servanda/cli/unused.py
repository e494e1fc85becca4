"""``servanda unused``."""

from __future__ import annotations

import datetime as dt
import os

import click

from servanda.cache import cache_folder
from servanda.checking.check import oldest_evidence
from servanda.cli.bounds import bounded
from servanda.cli.group import pass_configuration
from servanda.configuration import Configuration
from servanda.impact.census import idle
from servanda.impact.inventories import consumers_of, inventories
from servanda.interfaces.usage.sources import Sources
from servanda.report import usage as shown
from servanda.report.terminal import deliver


@click.command("unused")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Output format.")
@pass_configuration
def command(configuration: Configuration, form: str) -> None:
    """List the elements that no consumer uses.

    Of protos and of the OpenAPI documents of the pacticipants. An element is unused if every known consumer was
    observed and none of them touched it. What merely nobody is known to use is listed as unknown, with those who were
    not observed: it counts as in use.

    Examples:
      servanda unused
      servanda unused --format json
    """
    with bounded("unused", configuration.limits):
        sources = Sources(configuration)
        oldest = oldest_evidence(configuration, dt.datetime.now(tz=dt.UTC).date())
        examined = inventories(sources, cache_folder(os.environ), oldest)
        found = [each for inventory in examined for each in idle(inventory, consumers_of(inventory, sources))]
        deliver((shown.unused_document if form == "json" else shown.unused_text)(found))
