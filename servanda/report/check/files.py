"""The files of a check's report."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from servanda.documents import Boundary, write_text
from servanda.errors import ConfigurationError
from servanda.report.check import FORMATS
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


def write(check: Check, folder: Path) -> tuple[Path, ...]:
    """Write the check in every format; the folder is made.

    Raises:
        ConfigurationError: The folder cannot be written to, or a file in it is a link out of its tree.
    """
    boundary = Boundary.around(folder, ConfigurationError)
    for form, render in FORMATS.items():
        write_text(folder / _NAMES[form], render(check), boundary)
    return tuple(folder / _NAMES[form] for form in FORMATS)
