"""Source files as a commit of a git repository holds them, read without a checkout."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath

from servanda.errors import InterfaceError
from servanda.interfaces.storage import Storage
from servanda.interfaces.trees.content import write
from servanda.processes import Git


class CommitTree:
    """The tree of a commit."""

    def __init__(self, repository: Git, commit: str) -> None:
        self.name = str(repository.top)
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
        listing = self._repository.run("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", self._commit)
        found = {}
        for entry in filter(None, os.fsdecode(listing).split("\0")):
            facts, path = entry.split("\t", 1)
            if ".." in PurePosixPath(path).parts:
                # git makes no such tree, but whoever sends one by hand must not write elsewhere.
                raise InterfaceError(f"the commit holds '{path}', which lies outside of it", where=self.name)
            if facts.split()[1] == "blob":
                found[path] = facts.split()[2]
        return found

    def _contents(self, blobs: list[str]) -> list[bytes]:
        output = self._repository.run("cat-file", "--batch", talk="".join(f"{blob}\n" for blob in blobs).encode())
        contents, position = [], 0
        for blob in blobs:
            end = output.index(b"\n", position)
            facts = output[position:end].split()
            if len(facts) != 3:
                raise _missing(blob, self._repository)
            size = int(facts[2])
            contents.append(output[end + 1 : end + 1 + size])
            position = end + 1 + size + 1
        return contents


def _missing(blob: str, repository: Git) -> InterfaceError:
    hint = "the clone is partial or damaged: clone it again, without --filter"
    return InterfaceError(f"the repository lacks the object {blob}", where=str(repository.top), hint=hint)
