"""OpenAPI documents as inputs: a file, with all files that it refers to, in a folder, at a commit or in an archive."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from servanda.configuration import DEFAULT_LIMITS, Limits
from servanda.errors import InterfaceError
from servanda.interfaces.inputs.archive import open_archive
from servanda.interfaces.inputs.directory import meant
from servanda.interfaces.inputs.git import beside_folder, open_git
from servanda.interfaces.inputs.reference import InputFormat, folder_reference, parse_reference
from servanda.interfaces.openapi.claim import ENDINGS
from servanda.interfaces.openapi.document import Document, read_document
from servanda.interfaces.trees import CommitTree, FolderTree
from servanda.processes import repository_top


def open_document(text: str, cwd: Path) -> Document:
    """Return the document that begins at a file.

    Its references may lead to any file of the git repository that it lies in; outside of git to any file below ``cwd``,
    and if it does not lie there itself, below its own folder.

    Raises:
        InterfaceError: There is no such file, or it is no document.
    """
    file = (cwd / text).resolve()
    repository = repository_top(file.parent)
    root = repository or (cwd.resolve() if file.is_relative_to(cwd.resolve()) else file.parent)
    document = read_document(FolderTree(root, cwd.resolve()), file.relative_to(root).as_posix())
    if document is None:
        hint = "name another file, or of what it is compared with a commit, as '.git#branch=main'"
        raise InterfaceError("there is no such OpenAPI document", where=text, hint=hint)
    return document


def open_base(base: str, examined: str, cwd: Path, limits: Limits = DEFAULT_LIMITS) -> Document | None:
    """Return the document to compare with.

    Args:
        base: A file; or a folder, an archive or a git reference that holds the same file.
        examined: The file that is compared. It has the same path there, unless a commit or an archive is given with
            ``subdir``; in a folder it may lie directly, too.
        cwd: Folder that paths are relative to.
        limits: How large an archive may be.

    Returns:
        ``None`` if the document is new there.

    Raises:
        InterfaceError: There is no such file, archive or commit, or it is no document.
    """
    if base.endswith(ENDINGS) and "#" not in base:
        return open_document(base, cwd)
    path = PurePosixPath(examined)
    reference = parse_reference(base)
    match reference.format:
        case InputFormat.DIRECTORY if (cwd / base).is_dir():
            found = [file for file in (Path(base, path), Path(base, path.name)) if (cwd / file).is_file()]
            return open_document(str(found[0]), cwd) if found else None
        case InputFormat.TAR | InputFormat.ZIP:
            source = open_archive(reference, cwd, ENDINGS, limits)
            folder = reference.options.get("subdir") or _below(cwd, path.parent, base)
            return read_document(source.tree, (PurePosixPath(folder) / path.name).as_posix())
        case InputFormat.GIT:
            source = open_git(beside_folder(reference, folder_reference(path.parent.as_posix()), cwd), cwd)
            if not isinstance(source.tree, CommitTree):
                hint = "fetch it first"
                raise InterfaceError("documents are read from repositories on this machine only", where=base, hint=hint)
            expected = (PurePosixPath(source.folder) / path.name).as_posix()
            document = read_document(source.tree, expected)
            if document is None:
                _require_new(expected, source.tree, base)
            return document
    hint = meant(base, cwd) or "give a document, or a folder, an archive or a git reference that holds one"
    raise InterfaceError("there is no OpenAPI document to compare with", where=base, hint=hint)


def _require_new(expected: str, tree: CommitTree, base: str) -> None:
    """Refuse a document that moved: taken for a new one, it would pass unexamined.

    Raises:
        InterfaceError: A file of that name lay elsewhere, and is there no more.
    """
    moved = tree.gone(PurePosixPath(expected).name)
    if moved:
        options = [part for part in base.partition("#")[2].split(",") if part and not part.startswith("subdir=")]
        named = ",".join([*options, f"subdir={PurePosixPath(moved[0]).parent}"])
        raise InterfaceError(
            f"{base.partition('#')[0]} has no '{expected}' there, but '{moved[0]}', which is gone now",
            where=base,
            hint=f"name the folder in which it was: --against '{base.partition('#')[0]}#{named}'",
        )


def _below(cwd: Path, folder: PurePosixPath, base: str) -> str:
    found = (cwd / folder).resolve()
    if not found.is_relative_to(cwd.resolve()):
        hint = f"say where it is in there: '{base}{',' if '#' in base else '#'}subdir=...'"
        raise InterfaceError(f"an archive has no place for '{folder}', which is not below {cwd}", where=base, hint=hint)
    return found.relative_to(cwd.resolve()).as_posix()
