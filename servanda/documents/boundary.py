"""The tree that is examined: what its files lead to has to lie in it.

A tree is somebody else's work. Its symbolic links can name any file of this machine, and what is read can end in a
report. So a link that stays inside is followed, and one that leads out is an error. A file that a user names on the
command line may lie anywhere.
"""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path

from servanda.errors import ServandaError
from servanda.processes import repository_top

_OF_GIT = ".git"
_WRONG = {errno.ELOOP: "its symbolic links form a loop", errno.ENAMETOOLONG: "invalid path: it is too long"}


@dataclass(frozen=True, slots=True)
class Boundary:
    """The edge of a tree.

    Attributes:
        top: Its top folder, free of symbolic links.
        error: The kind of error that a link over the edge becomes.
    """

    top: Path
    error: type[ServandaError] = ServandaError

    @classmethod
    def around(cls, folder: Path, error: type[ServandaError] = ServandaError) -> Boundary:
        """Return the edge of the repository that a folder lies in; outside of a repository, of the folder itself."""
        resolved = Path(os.path.realpath(folder))
        return cls(repository_top(resolved) or resolved, error)

    def inside(self, path: Path, shown: str | None = None) -> Path:
        """Return the file or folder that a path leads to; it need not exist.

        What git keeps for itself (``.git``) is not inside: no tree can hold it, and it may hold credentials.

        Args:
            path: A path that somebody wrote in the tree.
            shown: How the path is called in messages.

        Raises:
            ServandaError: It leads out of the tree, or its symbolic links form a loop; of the kind ``error``.
        """
        try:
            found = Path(os.path.realpath(path))
            path.stat()
        except ValueError as wrong:
            raise self.error(f"invalid path: {wrong}", where=shown or str(path)) from None
        except OSError as wrong:
            what = _WRONG.get(wrong.errno or 0)
            if what is not None:
                raise self.error(what, where=shown or str(path)) from None
        return self._require(path, found, shown)

    def _require(self, path: Path, found: Path, shown: str | None) -> Path:
        if self._holds(found):
            return found
        link, target = self._first_link(path)
        via = f"the symbolic link '{link}' points" if link is not None else "it points"
        what = f"{via} to '{target or found}', outside of the tree '{self.top}'"
        hint = "replace the link by the file, or name the file on the command line"
        raise self.error(what, where=shown or str(path), hint=hint)

    def _holds(self, real: Path) -> bool:
        """Tell whether a path without links lies in the tree; no file system has to tell ``.GIT`` from ``.git``."""
        inside = real.relative_to(self.top).parts if real.is_relative_to(self.top) else (_OF_GIT,)
        return not any(part.casefold() == _OF_GIT for part in inside)

    def _first_link(self, path: Path) -> tuple[Path | None, str]:
        """Find the link that leads out, and what it names."""
        absolute = path.absolute()
        for each in (*reversed(absolute.parents), absolute):
            if each.is_symlink() and Path(os.path.realpath(each.parent)).is_relative_to(self.top):
                reached = Path(os.path.realpath(each))
                if not self._holds(reached):
                    return each, os.fspath(each.readlink())
        return None, ""


def files_in(folder: Path, pattern: str, error: type[ServandaError]) -> tuple[Path, ...]:
    """Return the files of a folder whose names match, in order; none if there is no folder.

    Raises:
        ServandaError: It is no folder, or one of them is a link that leads out of the tree that the folder lies in; of
            the kind ``error``.
    """
    found = names_in(folder, pattern, error)
    boundary = Boundary.around(folder, error)
    for path in found:
        boundary.inside(path)
    return found


def names_in(folder: Path, pattern: str, error: type[ServandaError]) -> tuple[Path, ...]:
    """Return what :func:`files_in` does, for who asks :meth:`Boundary.inside` of each before it is read.

    Raises:
        ServandaError: It is no folder; of the kind ``error``.
    """
    if os.path.lexists(folder) and not folder.is_dir():
        # Nothing would match in there, and what is missing would look like what nobody has.
        what = "a broken symbolic link" if folder.is_symlink() else "a file"
        raise error(f"expected a folder, found {what}", where=str(folder))
    return tuple(sorted(folder.glob(pattern)))
