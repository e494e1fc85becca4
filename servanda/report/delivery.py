"""Where a verdict goes: standard output in one format, a folder in all of them."""

from __future__ import annotations

import sys
from pathlib import Path

from servanda.report.files import write
from servanda.report.formats import FORMATS
from servanda.report.terminal import deliver, say
from servanda.verdict import Verdict


def tell(verdict: Verdict, form: str, folder: Path | None) -> None:
    """Print the verdict, and write the files of a report if there is a folder for them.

    Text on a terminal has colours, unless ``NO_COLOR`` is set, and long lines are folded at its width.

    Args:
        verdict: What to tell.
        form: Name of a format.
        folder: Folder of the report; it is made.

    Raises:
        ConfigurationError: The folder cannot be written to.
    """
    if form == "text" and sys.stdout.isatty():
        from servanda.report.console import console_for, put_folded  # noqa: PLC0415 - rich is for terminals alone
        from servanda.report.text import lines  # noqa: PLC0415

        put_folded(console_for(sys.stdout), lines(verdict))
    else:
        deliver(FORMATS[form].render(verdict))
    for path in write(verdict, folder) if folder is not None else ():
        say(f"written: {path}")
