"""``servanda help``."""

from __future__ import annotations

import difflib
import sys

import click

from servanda.cli.completing import manual_pages
from servanda.cli.group import COMMANDS, main
from servanda.cli.help_pages import HelpContext
from servanda.manual import Page, pages
from servanda.report.terminal import deliver


@click.command("help")
@click.argument("page", required=False, shell_complete=manual_pages)
def command(page: str | None) -> None:
    """Show a page of the manual, without a network.

    PAGE is a page, or a command; without it all pages are listed. A pipe gets the page in Markdown.

    Examples:
      servanda help
      servanda help provider-states
    """
    known = pages()
    if page is None:
        width = max(map(len, known))
        deliver("".join(f"{each.name:{width}}  {each.title}\n" for each in known.values()))
    elif page in COMMANDS:
        context = click.get_current_context().find_root()
        found = main.get_command(context, page)
        assert found is not None  # noqa: S101 - it is one of COMMANDS
        deliver(found.get_help(HelpContext(found, info_name=page, parent=context)) + "\n")
    else:
        _show(_page(page, known))


def _page(name: str, known: dict[str, Page]) -> Page:
    wanted = name.rpartition("/")[2].removesuffix(".md")
    if wanted in known:
        return known[wanted]
    close = difflib.get_close_matches(wanted, [*known, *COMMANDS], n=3)
    hint = f"did you mean {', '.join(close)}?" if close else "'servanda help' lists all pages"
    raise click.UsageError(f"unknown page '{name}'; {hint}")


def _show(page: Page) -> None:
    if sys.stdout.isatty():
        from servanda.report.console import console_for, put_markdown  # noqa: PLC0415 - rich is for terminals alone

        put_markdown(console_for(sys.stdout), page.text())
    else:
        deliver(page.text())
