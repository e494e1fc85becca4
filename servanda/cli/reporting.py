"""The options by which a command says how its verdict is told."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from servanda.report.files import place_of
from servanda.report.formats import FORMATS

_Command = TypeVar("_Command", bound=Callable[..., None])


class _Place(click.Path):
    """The place of a report, completed as a path is."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:  # noqa: ARG002
        """Return the place that was written; click asks for it."""
        return place_of(os.fsdecode(value))


def report_options(command: _Command) -> _Command:
    """Add ``--format`` (parameter ``form``) and ``--report``, the same for every command that gives a verdict."""
    form = click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", help="Output format.")
    told = "Folder to write the verdict to, one file per format; or one file, such as report.html."
    report = click.option("--report", type=_Place(), metavar="PLACE", help=told)
    return form(report(command))
