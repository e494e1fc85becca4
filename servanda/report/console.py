"""The only place that prints through rich: lines and tables of a terminal, without its markup and without control."""

from __future__ import annotations

from typing import TextIO, TypeAlias

from rich.console import Console
from rich.table import Table
from rich.text import Text

from servanda.escaping import line, visible

_WIDTH = 120
Part: TypeAlias = str | tuple[str, str]
"""A piece of a line; a pair gives its style too."""


def console_for(stream: TextIO) -> Console:
    """Open a console on that stream; as wide as a report needs where nobody says how wide it is."""
    return Console(file=stream, width=None if stream.isatty() else _WIDTH, highlight=False)


def put(console: Console, *parts: Part) -> None:
    """Print one line, however long it is."""
    console.print(styled(*parts), highlight=False, soft_wrap=True)


def put_table(console: Console, table: Table) -> None:
    """Print a table whose cells are texts of :func:`styled`."""
    console.print(table)


def styled(*parts: Part) -> Text:
    """Make one line for a terminal: the text is shown, see :func:`servanda.escaping.line`, and rich reads no markup."""
    pieces = [(part, "") if isinstance(part, str) else part for part in parts]
    whole = line("".join(text for text, _ in pieces))
    shown = [(visible(text), style) for text, style in pieces]
    # What is harmless in each piece can be an escape or a command where two of them meet; then styles have to go.
    return Text.assemble(*shown) if "".join(text for text, _ in shown) == whole else Text(whole)
