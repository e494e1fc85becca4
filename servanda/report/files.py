"""The files of a report."""

from __future__ import annotations

from pathlib import Path

from servanda.documents import Boundary, write_text
from servanda.errors import ConfigurationError
from servanda.report import json, junit, markdown
from servanda.verdict import Verdict

FORMATS = {"verdict.json": json.render, "junit.xml": junit.render, "verdict.md": markdown.render}


def write(verdict: Verdict, folder: Path) -> tuple[Path, ...]:
    """Write the verdict in every format that a file has; the folder is made.

    Raises:
        ConfigurationError: The folder cannot be written to, or a file in it is a link out of its tree.
    """
    boundary = Boundary.around(folder, ConfigurationError)
    for name, render in FORMATS.items():
        write_text(folder / name, render(verdict), boundary)
    return tuple(folder / name for name in FORMATS)
