"""Folders in a working tree that are no part of it: no commit of it holds them, so they can be no interface of it."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import Final

from servanda.errors import ServandaError
from servanda.processes import Git, repository_top

# Names under which tools build, and keep copies of, what they were given. Whether git ignores one is asked only of them
# and of hidden folders: it takes longer to ask than to read a few files.
_OF_TOOLS: Final = frozenset({"bin", "build", "dist", "obj", "out", "target", "vendor", "worktrees"})
_OF_A_SUBMODULE: Final = b"/modules/"


class ForeignFolders:
    """Other repositories, other worktrees, virtual environments, and what git ignores as a whole.

    Args:
        root: The folder that is walked through.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def holds(self, path: str, name: str) -> bool:
        """Tell whether a folder below the root is one of them.

        Args:
            path: The folder.
            name: Its name.
        """
        if _is_another_repository(path) or os.path.lexists(f"{path}/pyvenv.cfg"):
            return True
        return (name in _OF_TOOLS or name.startswith(".")) and os.path.realpath(path) in self._ignored

    @cached_property
    def _ignored(self) -> frozenset[str]:
        """Return the folders below the root without any file that git has or would take; none if that is the root."""
        root = Path(os.path.realpath(self._root))
        top = repository_top(root)
        if top is None:
            return frozenset()
        inside = root.relative_to(top).as_posix()
        try:
            arguments = ("--others", "--ignored", "--exclude-standard", "--directory", "-z", "--", inside)
            listed = Git(top).run("ls-files", *arguments)
        except ServandaError:
            return frozenset()
        folders = {f"{top}/{os.fsdecode(each[:-1])}" for each in listed.split(b"\0") if each.endswith(b"/")}
        # Whoever names a folder that git ignores means what is in it.
        return frozenset() if any(root.is_relative_to(folder) for folder in folders) else frozenset(folders)


def _is_another_repository(path: str) -> bool:
    git = f"{path}/.git"
    if not os.path.lexists(git):
        return False
    try:
        with open(git, "rb") as file:  # noqa: PTH123 - there are thousands of folders
            return _OF_A_SUBMODULE not in file.read(4096)
    except OSError:
        return True  # a folder
