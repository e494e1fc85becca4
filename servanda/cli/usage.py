"""``servanda usage``."""

from __future__ import annotations

import datetime as dt
import difflib
import os

import click

from servanda.cache import cache_folder
from servanda.checking.check import oldest_evidence
from servanda.cli.bounds import bounded
from servanda.cli.group import pass_configuration
from servanda.configuration import Configuration
from servanda.errors import InterfaceError
from servanda.impact.consumers import consumers
from servanda.interfaces.protobuf.usage.proven import before_the_change, elements_of, interface_of, usage_of
from servanda.interfaces.usage.sources import Sources
from servanda.report import usage as shown
from servanda.report.terminal import deliver, say


@click.command("usage")
@click.argument("element")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Output format.")
@pass_configuration
def command(configuration: Configuration, element: str, form: str) -> None:
    """List the consumers that use an element.

    ELEMENT is a full name such as plt.identity.v1.User.email: of a message, field, oneof, enum, value of an enum,
    service or rpc; one that the present change deletes is known as well. What contracts and usage logs prove is shown
    with its date; a consumer that was not observed counts as a user.
    """
    with bounded("usage", configuration.limits):
        cache = cache_folder(os.environ)
        states = (*interface_of(configuration, cache), *before_the_change(configuration, cache))
        elements = elements_of(states)
        if element not in elements:
            close = difflib.get_close_matches(element, sorted(elements), n=3)
            hint = f"did you mean {', '.join(close)}?" if close else "use the full name, with the package"
            raise InterfaceError(f"unknown element '{element}'", where=str(configuration.interfaces.root), hint=hint)
        today = dt.datetime.now(tz=dt.UTC).date()
        sources = Sources(configuration)
        usage = usage_of(sources, states).aged(oldest_evidence(configuration, today))
        if element not in elements_of(states[:1]):
            say(f"{element} is not in the current interfaces: it was deleted")
        render = shown.document if form == "json" else shown.text
        deliver(render(element, usage.of([element]), usage, consumers(configuration, usage, sources.providers)))
