"""The files of a check's report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from servanda.report.check import FORMATS
from servanda.report.writing import remove_texts, write_texts
from servanda.verdict import Check

_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "text": "findings.txt",
        "json": "findings.json",
        "junit": "junit.xml",
        "sarif": "findings.sarif",
        "github": "github-annotations.txt",
        "gitlab": "gl-code-quality-report.json",
        "markdown": "findings.md",
        "html": "findings.html",
    }
)


def clear(folder: Path) -> None:
    """Remove the files of an earlier report.

    Raises:
        ConfigurationError: One of them cannot be removed.
    """
    remove_texts(folder, _NAMES.values())


def write(check: Check, folder: Path) -> tuple[Path, ...]:
    """Write the check in every format; the folder is made.

    Raises:
        ConfigurationError: The folder cannot be written to, or a file in it is a link out of its tree.
    """
    return write_texts(folder, {_NAMES[form]: render(check) for form, render in FORMATS.items()})
