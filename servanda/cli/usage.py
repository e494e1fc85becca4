"""``servanda usage``."""

from __future__ import annotations

import datetime as dt
import difflib
import os
from collections.abc import Iterable
from types import MappingProxyType

import click

from servanda.cache import cache_folder
from servanda.checking.check import oldest_evidence
from servanda.cli.bounds import bounded
from servanda.cli.group import pass_configuration
from servanda.configuration import Configuration
from servanda.errors import InterfaceError
from servanda.impact.inventories import consumers_of, inventories
from servanda.interfaces.usage.inventory import Inventory
from servanda.interfaces.usage.sources import Sources
from servanda.report import usage as shown
from servanda.report import usage_markdown, usage_page, usage_table
from servanda.report.terminal import deliver, say

_TABLES = MappingProxyType({"html": usage_page.render, "csv": usage_table.csv_text, "markdown": usage_markdown.render})


@click.command("usage")
@click.argument("element", required=False, default="")
@click.option("--format", "form", type=click.Choice(["text", "json", *_TABLES]), default="text", help="Output format.")
@pass_configuration
def command(configuration: Configuration, element: str, form: str) -> None:
    """List the consumers that use an element.

    ELEMENT is a full name such as plt.identity.v1.User.email: of a message, field, oneof, enum, value of an enum,
    service or rpc; a topic; or, of an OpenAPI document, a request such as 'GET /v1/users/{user_id}' or a pointer. One
    that the present change deletes is known as well. What contracts and usage logs prove is shown with its date; a
    consumer that was not observed counts as a user. The formats markdown, html and csv show a table of ELEMENT and its
    parts, or of everything: those too that nobody uses.

    Examples:
      servanda usage shop.v1.Order.note
      servanda usage 'GET /orders/{id}' --format json
      servanda usage --format markdown
    """
    if not element and form not in _TABLES:
        raise click.UsageError("name an ELEMENT, or choose a table of everything: --format markdown, html or csv")
    with bounded("usage", configuration.limits):
        sources, today = Sources(configuration), dt.datetime.now(tz=dt.UTC).date()
        found = list(inventories(sources, cache_folder(os.environ), oldest_evidence(configuration, today)))
        if form in _TABLES:
            if not any(one.is_within(element) for each in found for one in each.elements) and element:
                raise _unknown(element, found)
            parts = [usage_table.Part(each, consumers_of(each, sources)) for each in found]
            deliver(_TABLES[form](usage_table.table(parts, element), today))
            return
        meant = [(inventory, each) for inventory in found for each in inventory.meant(element)]
        if not meant:
            raise _unknown(element, found)
        for inventory, each in meant:
            if each in inventory.former:
                say(f"{each.label} is not in the current interfaces: it was deleted")
        asked = [shown.Asked(each, one.usage, consumers_of(one, sources)) for one, each in meant]
        deliver(shown.document(asked) if form == "json" else shown.text(asked))


def _unknown(element: str, found: Iterable[Inventory]) -> InterfaceError:
    examined = list(found)
    names = sorted({name for each in examined for one in each.elements for name in (one.label, one.alias) if name})
    close = difflib.get_close_matches(element, names, n=3)
    hint = f"did you mean {', '.join(close)}?" if close else "use the full name, with the package"
    where = ", ".join(dict.fromkeys(each.place for each in examined))
    return InterfaceError(f"unknown element '{element}'", where=where, hint=hint)
