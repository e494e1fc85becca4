"""The only place that writes to the standard streams without a layout: data to stdout, talk to stderr."""

from __future__ import annotations

import click

from servanda.errors import ServandaError
from servanda.escaping import block, line


def say(text: str) -> None:
    """Write one line to stderr."""
    click.echo(line(text), err=True)


def say_lines(text: str) -> None:
    """Write a text of several lines to stderr; see :func:`servanda.escaping.block`."""
    click.echo("\n".join(block(text)), err=True)


def complain(error: ServandaError) -> None:
    """Say on stderr what kept the suite from telling, where, and what to do next."""
    say(f"error: {error.what}")
    if error.where:
        say(f"  at {error.where}")
    if error.hint:
        say_lines(f"hint: {error.hint}")


def answer(text: str) -> None:
    """Write one line to stdout."""
    deliver(f"{line(text)}\n")


def deliver(document: str) -> None:
    """Write a document to stdout as it is, in UTF-8: what renders a format has escaped it."""
    click.echo(document.encode(), nl=False)
