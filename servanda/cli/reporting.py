"""The options by which a command says how its verdict is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from servanda.report.formats import FORMATS

_Command = TypeVar("_Command", bound=Callable[..., None])


def report_options(command: _Command) -> _Command:
    """Add ``--format`` (parameter ``form``) and ``--report``, the same for every command that gives a verdict."""
    form = click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", help="Output format.")
    folder = click.Path(file_okay=False, path_type=Path)
    report = click.option("--report", type=folder, help="Folder to write the verdict to, one file per format.")
    return form(report(command))
