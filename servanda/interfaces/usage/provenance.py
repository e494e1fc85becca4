"""Version and date of a document, from git."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from servanda.errors import ProcessError
from servanda.processes import Git, repository_top


@dataclass(frozen=True, slots=True)
class Provenance:
    """Origin of a document.

    Attributes:
        version: Commit that changed it last, abbreviated; with a ``+`` if it was edited since. Empty if nobody knows.
        date: Day of that commit, as ``YYYY-MM-DD``.
    """

    version: str = ""
    date: str = ""


class History:
    """Commits that changed documents, by file."""

    def __init__(self) -> None:
        self._repositories: dict[Path, Git] = {}

    def of_file(self, path: Path) -> Provenance:
        """Return the commit that changed a file last; nothing if git does not know the file, or cannot be asked."""
        top = repository_top(path.parent)
        if top is None:
            return Provenance()
        repository = self._repositories.setdefault(top, Git(top))
        name = (path.parent.resolve() / path.name).relative_to(top).as_posix()
        try:
            told = repository.run("log", "-1", "--abbrev=12", "--format=%h %cs", "HEAD", "--", name)
            if not told:
                return Provenance()
            edited = repository.run("status", "--porcelain", "--ignore-submodules=dirty", "--", name)
        except ProcessError:
            return Provenance()  # without git a document has no history, which is no fault of the document
        version, _, date = told.decode().strip().partition(" ")
        return Provenance(f"{version}+" if edited else version, date)
