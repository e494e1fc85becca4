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
from servanda.impact.consumers import consumers
from servanda.interfaces.protobuf.usage.catalogue import Catalogue
from servanda.interfaces.protobuf.usage.proven import before_the_change, interface_of, usage_of
from servanda.interfaces.usage.sources import Sources
from servanda.report import usage as shown
from servanda.report.terminal import deliver


@click.command("unused")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Output format.")
@pass_configuration
def command(configuration: Configuration, form: str) -> None:
    """List the elements that no consumer uses.

    An element is unused if every known consumer was observed and none of them touched it. What merely nobody is known
    to use is listed as unknown, with those who were not observed: it counts as in use.
    """
    with bounded("unused", configuration.limits):
        cache = cache_folder(os.environ)
        states = (*interface_of(configuration, cache), *before_the_change(configuration, cache))
        today = dt.datetime.now(tz=dt.UTC).date()
        sources = Sources(configuration)
        usage = usage_of(sources, states).aged(oldest_evidence(configuration, today))
        found = list(idle(Catalogue(states[0]), usage, consumers(configuration, usage, sources.providers)))
        deliver((shown.unused_document if form == "json" else shown.unused_text)(found))
