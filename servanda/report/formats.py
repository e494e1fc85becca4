"""The formats of a verdict: one row each."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from servanda.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Format:
    """One way of writing a verdict.

    Attributes:
        name: What ``--format`` takes.
        file: Name of the file in the folder of ``--report``.
        render: Writes the verdict; the same verdict always gives the same text.
    """

    name: str
    file: str
    render: Callable[[Verdict], str]


def _row(name: str, file: str) -> Format:
    def render(verdict: Verdict) -> str:
        # Imported when it is asked for: of all formats a run mostly needs one.
        rendered: str = importlib.import_module(f"servanda.report.{name}").render(verdict)
        return rendered

    return Format(name, file, render)


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        row.name: row
        for row in (
            _row("text", "verdict.txt"),
            _row("json", "verdict.json"),
            _row("junit", "junit.xml"),
            _row("sarif", "verdict.sarif"),
            _row("github", "github-annotations.txt"),
            _row("gitlab", "gl-code-quality-report.json"),
            _row("markdown", "verdict.md"),
            _row("html", "verdict.html"),
            _row("ctrf", "ctrf-report.json"),
        )
    }
)
"""Every format by its name."""
