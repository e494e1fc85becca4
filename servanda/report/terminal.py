"""The only place that writes to the standard streams without a layout: data to stdout, talk to stderr."""

from __future__ import annotations

import os
import re
import sys

import click

from servanda.errors import ServandaError
from servanda.escaping import block, line
from servanda.report.reader import forget_reader
from servanda.report.talk import talk


def say(text: str) -> None:
    """Write one line to stderr, with paths as they are told from the working directory; nothing for who wants quiet."""
    if not talk().quiet:
        say_in_any_case(text)


def say_more(text: str) -> None:
    """Write one line to stderr for who wants to hear more."""
    if talk().verbose:
        say(text)


def say_in_any_case(text: str) -> None:
    """Write one line to stderr: what is wrong."""
    _write(f"{line(_from_here(text))}\n", err=True)


def say_lines(text: str) -> None:
    """Write a text of several lines to stderr: what is wrong; see :func:`servanda.escaping.block`."""
    _write("\n".join((*block(_from_here(text)), "")), err=True)


def complain(error: ServandaError) -> None:
    """Say on stderr what kept the suite from telling, where, and what to do next."""
    say_in_any_case(f"error: {error.what}")
    if error.where:
        say_in_any_case(f"  at {error.where}")
    if error.hint:
        say_lines(f"hint: {error.hint}")


def answer(text: str) -> None:
    """Write one line to stdout."""
    deliver(f"{line(text)}\n")


def deliver(document: str) -> None:
    """Write a document to stdout as it is, in UTF-8: what renders a format has escaped it."""
    _write(document.encode())


def _write(text: str | bytes, *, err: bool = False) -> None:
    try:
        click.echo(text, nl=False, err=err)
    except BrokenPipeError:
        forget_reader(sys.stderr if err else sys.stdout)


def _from_here(text: str) -> str:
    try:
        here = os.getcwd()  # noqa: PTH109 - the text has it as it is written, with symbolic links resolved or not
    except FileNotFoundError:
        return text
    # A log that is shared need not tell where somebody's home is.
    return re.sub(rf"(?<![\w./-]){re.escape(here)}/", "", text) if len(here) > 1 else text
