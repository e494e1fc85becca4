"""Folders, with or without ``buf.yaml``."""

from __future__ import annotations

from pathlib import Path

from servanda.errors import InterfaceError
from servanda.interfaces.inputs.reference import Reference
from servanda.interfaces.inputs.source import Source
from servanda.interfaces.trees import FolderTree


def open_directory(reference: Reference, cwd: Path) -> Source:
    """Return the folder, in the tree of the repository that it lies in: a ``buf.yaml`` further up may speak of it.

    Raises:
        InterfaceError: There is no such folder.
    """
    folder = (cwd / reference.location).resolve()
    if not folder.is_dir():
        what = "a folder is expected, this is a file" if folder.exists() else "there is no such folder"
        raise InterfaceError(what, where=reference.text, hint="give a folder, an image, an archive or a git reference")
    root = next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)
    if root == folder:
        # Outside of git, the next folder up that says so controls the workspace.
        controls = [each for each in folder.parents if any((each / name).is_file() for name in _CONTROLS)]
        root = controls[0] if controls and not any((folder / name).is_file() for name in _CONTROLS) else folder
    return Source(FolderTree(root, cwd.resolve()), folder.relative_to(root).as_posix())


_CONTROLS = ("buf.yaml", "buf.work.yaml")
