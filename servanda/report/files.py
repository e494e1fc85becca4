"""The files of a report."""

from __future__ import annotations

from pathlib import Path

from servanda.report.formats import FORMATS
from servanda.report.writing import remove_texts, write_texts
from servanda.verdict import Verdict


def clear(folder: Path) -> None:
    """Remove the files of an earlier report.

    Raises:
        ConfigurationError: One of them cannot be removed.
        ExtensionError: An installed format cannot be used.
    """
    remove_texts(folder, FORMATS.by_file())


def write(verdict: Verdict, folder: Path) -> tuple[Path, ...]:
    """Write the verdict in every format; the folder is made.

    Raises:
        ConfigurationError: The folder cannot be written to, or a file in it is a link out of its tree.
        ExtensionError: An installed format cannot be used, or cannot write this verdict.
    """
    return write_texts(folder, {name: each.render(verdict) for name, each in FORMATS.by_file().items()})
