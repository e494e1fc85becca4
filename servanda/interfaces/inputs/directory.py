"""Folders, with or without ``buf.yaml``."""

from __future__ import annotations

from pathlib import Path

from servanda.errors import InterfaceError
from servanda.escaping.shell import shell_line
from servanda.interfaces.inputs.git import reference_to
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
        hint = "give a folder, an image, an archive or a git reference such as '.git#branch=main'"
        what = "a folder is expected, this is a file" if folder.exists() else "there is no such folder"
        raise InterfaceError(what, where=reference.text, hint=meant(reference.text, cwd) or hint)
    root = next((each for each in (folder, *folder.parents) if (each / ".git").exists()), None)
    if root is None:
        root = _root(folder, cwd.resolve())
    within = folder.relative_to(root).as_posix()
    return Source(FolderTree(root, cwd.resolve()), within, around=within)


def meant(text: str, cwd: Path) -> str | None:
    """Return what to do if a text that is no input names a branch, tag or commit; ``None`` if it names none."""
    reference = reference_to(text, cwd)
    if reference is None:
        return None
    kind = reference.rpartition("#")[2].partition("=")[0]
    return f"to compare with the {kind} '{text}' of git, use {shell_line([reference])}"


def _root(folder: Path, cwd: Path) -> Path:
    """Return the edge of what belongs together, outside of git: links in the folder may lead as far."""
    if not _controls(folder):
        # The next folder up that says so controls the workspace.
        controlling = next((each for each in folder.parents if _controls(each)), None)
        if controlling is not None:
            return controlling
    return cwd if folder.is_relative_to(cwd) else folder


def _controls(folder: Path) -> bool:
    return any((folder / name).is_file() for name in _CONTROLS)


_CONTROLS = ("buf.yaml", "buf.work.yaml")
