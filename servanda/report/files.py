"""The files of a report."""

from __future__ import annotations

from pathlib import Path

from servanda.errors import ConfigurationError
from servanda.report import json, junit, markdown
from servanda.verdict import Verdict

FORMATS = {"verdict.json": json.render, "junit.xml": junit.render, "verdict.md": markdown.render}


def write(verdict: Verdict, folder: Path) -> tuple[Path, ...]:
    """Write the verdict in every format that a file has; the folder is made.

    Raises:
        ConfigurationError: The folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, render in FORMATS.items():
            (folder / name).write_text(render(verdict), encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"the report cannot be written: {error.strerror}", where=str(folder)) from error
    return tuple(folder / name for name in FORMATS)
