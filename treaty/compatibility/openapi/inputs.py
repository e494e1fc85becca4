"""OpenAPI documents as inputs: a file, or the same file at a commit."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from treaty.compatibility.inputs.git import beside_folder, merge_base, open_git
from treaty.compatibility.inputs.reference import parse_reference
from treaty.compatibility.openapi.document import Document, read_document
from treaty.compatibility.trees import CommitTree
from treaty.errors import InterfaceError

_ENDINGS = frozenset({".json", ".yaml", ".yml"})
_VERSION = re.compile(r"""^\s*\{?\s*["']?(openapi|swagger)["']?\s*:""", re.MULTILINE)


def is_document(path: Path) -> bool:
    """Whether a file says that it is an OpenAPI document; an image as JSON does not."""
    if path.suffix not in _ENDINGS or not path.is_file():
        return False
    return _VERSION.search(path.read_text(encoding="utf-8", errors="replace")) is not None


def open_base(text: str | None, examined: str, cwd: Path) -> Document | None:
    """The document to compare with.

    Args:
        text: A file, or a git reference for the same file at a commit; by default the commit at which this branch left
            the main one.
        examined: The file that is compared.
        cwd: Folder that paths are relative to.

    Returns:
        ``None`` if the document is new there, or if there is nothing to compare with.

    Raises:
        InterfaceError: There is no such file or commit, or it is no document.
    """
    base = text or merge_base(cwd)
    if base is None:
        return None
    if (cwd / base).is_file():
        return read_document(cwd / base, base)
    if not base.partition("#")[0].endswith(".git"):
        hint = "name another file, or a commit as '.git#branch=main'"
        raise InterfaceError("there is no such OpenAPI document to compare with", where=base, hint=hint)
    reference = parse_reference(base)
    path = PurePosixPath(examined)
    source = open_git(beside_folder(reference, parse_reference(path.parent.as_posix()), cwd), cwd)
    if not isinstance(source.tree, CommitTree):
        hint = "fetch it first"
        raise InterfaceError("documents are read from repositories on this machine only", where=base, hint=hint)
    content = source.tree.read((PurePosixPath(source.folder) / path.name).as_posix())
    return Document(content.decode(errors="replace"), examined) if content is not None else None
