"""A folder with the files of a tree that are no Python code, for processes that must not import code of the tree.

Servers of web applications, among others, put the folder that they work in first in the search for modules, whatever
Python was told.
"""

from __future__ import annotations

import contextlib
import importlib.machinery
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from servanda.errors import ProcessError

_LEFT_OUT: Final = frozenset({".git", ".servanda", "__pycache__", "node_modules"})
# Files that say that a folder can be made again: an environment, a cache.
_MADE_AGAIN: Final = frozenset({"pyvenv.cfg", "CACHEDIR.TAG"})


def mirror(tree: Path, folder: Path) -> None:
    """Make a folder have a link to each file of a tree that is no Python code, at its place, and to none other.

    Folders that are links are left out, and so are environments and caches.

    Args:
        tree: The tree.
        folder: The folder, which may have been filled before, for a process that still uses it.

    Raises:
        ProcessError: It cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        wanted = set(_data_of(tree))
        for name in wanted - set(_links_in(folder)):
            link = folder / name
            link.parent.mkdir(parents=True, exist_ok=True)
            # Another run may make the same one.
            with contextlib.suppress(FileExistsError):
                link.symlink_to(tree / name)
        for name in set(_links_in(folder)) - wanted:
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise ProcessError(f"cannot be made: {error.strerror}", where=str(folder)) from error


def _data_of(tree: Path) -> Iterator[str]:
    code = tuple(importlib.machinery.all_suffixes())
    for place, folders, files in os.walk(tree):
        if place != os.fspath(tree) and not _MADE_AGAIN.isdisjoint(files):
            folders.clear()
            continue
        folders[:] = [name for name in folders if name not in _LEFT_OUT]
        yield from (os.path.relpath(Path(place, name), tree) for name in files if not name.endswith(code))


def _links_in(folder: Path) -> Iterator[str]:
    for place, _, files in os.walk(folder):
        for name in files:
            if (path := Path(place, name)).is_symlink():
                yield os.path.relpath(path, folder)
