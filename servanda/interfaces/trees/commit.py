"""Source files as a commit of a git repository holds them, read without a checkout."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath

from servanda.errors import InterfaceError
from servanda.interfaces.storage import Storage
from servanda.interfaces.trees.content import write


class CommitTree:
    """The tree of a commit."""

    def __init__(self, repository: Path, commit: str) -> None:
        self.name = str(repository)
        self._repository = repository
        self._commit = commit

    def protos(self, folder: str, storage: Storage) -> Mapping[str, str]:  # noqa: ARG002  # nothing is read
        """Names that git gives to the contents of all proto files below a folder."""
        return {
            path: blob
            for path, blob in self._blobs.items()
            if path.endswith(".proto") and PurePosixPath(path).is_relative_to(folder)
        }

    def has_folder(self, folder: str) -> bool:
        """Whether a file lies in it."""
        return any(PurePosixPath(path).is_relative_to(folder) for path in self._blobs)

    def read(self, path: str) -> bytes | None:
        """The content of a file."""
        blob = self._blobs.get(path)
        return self._contents([blob])[0] if blob is not None else None

    def place(self, path: str) -> str:
        """The path within the repository."""
        return path

    def written(self, paths: Iterable[str], scratch: Path) -> Path:
        """The files, written to ``scratch``."""
        wanted = list(paths)
        contents = self._contents([self._blobs[path] for path in wanted])
        for path, content in zip(wanted, contents, strict=True):
            write(scratch, path, content)
        return scratch

    def contents(self) -> Mapping[str, bytes]:
        """Proto files and documents of buf, with their contents."""
        wanted = [path for path in self._blobs if path.endswith((".proto", "buf.yaml", "buf.work.yaml"))]
        return dict(zip(wanted, self._contents([self._blobs[path] for path in wanted]), strict=True))

    @cached_property
    def _blobs(self) -> Mapping[str, str]:
        listing = git(self._repository, "ls-tree", "-r", "-z", "--full-tree", self._commit).decode()
        entries = (entry.split("\t", 1) for entry in listing.split("\0") if entry)
        return {path: facts.split()[2] for facts, path in entries if facts.split()[1] == "blob"}

    def _contents(self, blobs: list[str]) -> list[bytes]:
        output = git(self._repository, "cat-file", "--batch", talk="".join(f"{blob}\n" for blob in blobs).encode())
        contents, position = [], 0
        for _ in blobs:
            end = output.index(b"\n", position)
            size = int(output[position:end].split()[2])
            contents.append(output[end + 1 : end + 1 + size])
            position = end + 1 + size + 1
        return contents


def git(repository: Path, *arguments: str, talk: bytes = b"") -> bytes:
    """What a git command says.

    Raises:
        InterfaceError: git is missing or refuses.
    """
    command = ["git", "-C", str(repository), *arguments]
    try:
        done = subprocess.run(command, input=talk, capture_output=True, check=False)
    except OSError as error:
        raise InterfaceError(f"git cannot be run: {error.strerror}", hint="install git") from error
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        raise InterfaceError(said or f"'git {arguments[0]}' failed", where=str(repository))
    return done.stdout
