"""Version and date of a document, from git."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a document is from.

    Attributes:
        version: Commit that changed it last, abbreviated; with a ``+`` if it was edited since. Empty if nobody knows.
        date: Day of that commit, as ``YYYY-MM-DD``.
    """

    version: str = ""
    date: str = ""


def of_file(path: Path) -> Provenance:
    """The commit that changed a file last; nothing if git does not know the file."""
    told = _git(path, "log", "-1", "--abbrev=12", "--format=%h %cs")
    if not told:
        return Provenance()
    version, _, date = told.partition(" ")
    edited = _git(path, "status", "--porcelain")
    return Provenance(f"{version}+" if edited else version, date)


def _git(path: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments, "--", path.name], cwd=path.parent, capture_output=True, text=True, check=False
        )
    except OSError:
        return ""  # without git a document has no history, which is no fault of the document
    return done.stdout.strip() if done.returncode == 0 else ""
