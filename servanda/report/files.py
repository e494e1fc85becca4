"""The files of a report."""

from __future__ import annotations

from pathlib import Path

from servanda.report.formats import FORMATS
from servanda.report.writing import write_texts
from servanda.verdict import Verdict


def write(verdict: Verdict, folder: Path) -> tuple[Path, ...]:
    """Write the verdict in every format; the folder is made.

    Raises:
        ConfigurationError: The folder cannot be written to, or a file in it is a link out of its tree.
    """
    return write_texts(folder, {row.file: row.render(verdict) for row in FORMATS.values()})
