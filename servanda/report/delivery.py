"""Delivery of a verdict: standard output in one format, a folder in all of them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from servanda.report import text
from servanda.report.files import write
from servanda.report.formats import FORMATS
from servanda.report.line import Line
from servanda.report.talk import Color, talk
from servanda.report.terminal import deliver, say
from servanda.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Prepared:
    """A verdict that is rendered and not yet printed.

    Attributes:
        document: What goes to standard output.
        lines: The same in colours, for a terminal or for who asked for them; empty for everybody else.
        files: The files of the report, which are written already.
    """

    document: str
    lines: tuple[Line, ...]
    files: tuple[Path, ...]


def prepare(verdict: Verdict, form: str, place: Path | None) -> Prepared:
    """Render a verdict, and write the files of a report if there is a place for them.

    Args:
        verdict: What to tell.
        form: Name of a format.
        place: Folder of the report, which is made, or one file.

    Raises:
        ConfigurationError: The place cannot be written to.
    """
    files = write(verdict, place) if place is not None else ()
    if form == "text" and (sys.stdout.isatty() or talk().color is Color.ALWAYS):
        return Prepared("", tuple(text.lines(verdict)), files)
    return Prepared(FORMATS[form].render(verdict), (), files)


def tell(prepared: Prepared) -> None:
    """Print what was prepared; on a terminal in colours, unless ``NO_COLOR`` is set, folded at its width.

    A pipe gets each record in one line, in colours if the user asked for them.
    """
    if prepared.lines:
        from servanda.report.console import console_for, put, put_folded  # noqa: PLC0415 - rich is for colours alone

        console = console_for(sys.stdout)
        if sys.stdout.isatty():
            put_folded(console, prepared.lines)
        else:
            for parts in prepared.lines:
                put(console, *parts)
    else:
        deliver(prepared.document)
    for path in prepared.files:
        say(f"written: {path}")
