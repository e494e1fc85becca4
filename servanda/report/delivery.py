"""Delivery of a verdict: standard output in one format, a folder in all of them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from servanda.report import text
from servanda.report.files import write
from servanda.report.formats import FORMATS
from servanda.report.line import Line
from servanda.report.terminal import deliver, say
from servanda.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Prepared:
    """A verdict that is rendered and not yet printed.

    Attributes:
        document: What goes to standard output.
        lines: The same for a terminal, which has colours and a width; empty if it is none.
        files: The files of the report, which are written already.
    """

    document: str
    lines: tuple[Line, ...]
    files: tuple[Path, ...]


def prepare(verdict: Verdict, form: str, folder: Path | None) -> Prepared:
    """Render a verdict, and write the files of a report if there is a folder for them.

    Args:
        verdict: What to tell.
        form: Name of a format.
        folder: Folder of the report; it is made.

    Raises:
        ConfigurationError: The folder cannot be written to.
    """
    files = write(verdict, folder) if folder is not None else ()
    if form == "text" and sys.stdout.isatty():
        return Prepared("", tuple(text.lines(verdict)), files)
    return Prepared(FORMATS[form].render(verdict), (), files)


def tell(prepared: Prepared) -> None:
    """Print what was prepared; on a terminal in colours, unless ``NO_COLOR`` is set, folded at its width."""
    if prepared.lines:
        from servanda.report.console import console_for, put_folded  # noqa: PLC0415 - rich is for terminals alone

        put_folded(console_for(sys.stdout), prepared.lines)
    else:
        deliver(prepared.document)
    for path in prepared.files:
        say(f"written: {path}")
