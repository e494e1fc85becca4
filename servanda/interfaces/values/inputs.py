"""Folders of formats as inputs: as they lie here, in another folder, or at a commit."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from servanda.documents import files_in
from servanda.errors import InterfaceError
from servanda.interfaces.inputs.directory import meant
from servanda.interfaces.inputs.git import beside_folder, open_git
from servanda.interfaces.inputs.reference import InputFormat, folder_reference, parse_reference
from servanda.interfaces.trees import CommitTree, FolderTree, Tree
from servanda.interfaces.values.document import ENDING, parse
from servanda.interfaces.values.format import Formats


def open_folder(text: str, cwd: Path) -> Formats:
    """Return the formats that the documents in a folder declare.

    Raises:
        InterfaceError: There is no such folder, or one of them is no document.
    """
    folder = cwd / text
    if not folder.is_dir():
        hint = "name another folder, or of what it is compared with a commit, as '.git#branch=main'"
        raise InterfaceError("there is no such folder of formats", where=text, hint=hint)
    names = [path.name for path in files_in(folder, f"*{ENDING}", InterfaceError)]
    return _read(FolderTree(folder.resolve(), cwd.resolve()), ".", names)


def open_base(base: str, examined: str, cwd: Path) -> Formats | None:
    """Return the formats to compare with.

    Args:
        base: A folder of formats; or a folder or a git reference that holds one at the same path.
        examined: The folder that is compared.
        cwd: Folder that paths are relative to.

    Returns:
        ``None`` if there are none yet.

    Raises:
        InterfaceError: There is no such folder or commit, or it holds what is no document.
    """
    reference = parse_reference(base)
    match reference.format:
        case InputFormat.DIRECTORY if (cwd / base).is_dir():
            inside = Path(base, examined)
            return open_folder(str(inside) if (cwd / inside).is_dir() else base, cwd)
        case InputFormat.GIT:
            source = open_git(beside_folder(reference, folder_reference(examined), cwd), cwd)
            if not isinstance(source.tree, CommitTree):
                hint = "fetch it first"
                raise InterfaceError("formats are read from repositories on this machine only", where=base, hint=hint)
            names = sorted(name for name in source.tree.files_in(source.folder) if name.endswith(ENDING))
            return _read(source.tree, source.folder, names) if names else None
    hint = meant(base, cwd) or "give a folder, or a git reference such as '.git#branch=main'"
    raise InterfaceError("there are no formats to compare with", where=base, hint=hint)


def _read(tree: Tree, folder: str, names: Iterable[str]) -> Formats:
    paths = [(PurePosixPath(folder) / name).as_posix() for name in names]
    contents = ((tree.read(path), tree.place(path)) for path in paths)
    return Formats(tuple(each for content, shown in contents if content is not None for each in parse(content, shown)))
