"""The files of a report."""

from __future__ import annotations

from pathlib import Path

from servanda.report import json, junit, markdown
from servanda.report.writing import remove_texts, write_texts
from servanda.verdict import Verdict

FORMATS = {"verdict.json": json.render, "junit.xml": junit.render, "verdict.md": markdown.render}


def clear(folder: Path) -> None:
    """Remove the files of an earlier report.

    Raises:
        ConfigurationError: One of them cannot be removed.
    """
    remove_texts(folder, FORMATS)


def write(verdict: Verdict, folder: Path) -> tuple[Path, ...]:
    """Write the verdict in every format that a file has; the folder is made.

    Raises:
        ConfigurationError: The folder cannot be written to, or a file in it is a link out of its tree.
    """
    return write_texts(folder, {name: render(verdict) for name, render in FORMATS.items()})
