"""Source files as a commit of a git repository holds them, read without a checkout."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath

from servanda.errors import InterfaceError
from servanda.interfaces.storage import Storage
from servanda.interfaces.trees.content import ContentTree, write
from servanda.interfaces.trees.links import LinkedPaths
from servanda.processes import Git

_LINK = "120000"


class CommitTree:
    """The tree of a commit.

    Args:
        repository: Where it is.
        commit: Its name.
        name: What to call the tree in messages; the repository if left out.
    """

    def __init__(self, repository: Git, commit: str, name: str = "") -> None:
        self.name = name or str(repository.top)
        self._repository = repository
        self._commit = commit

    def protos(
        self,
        folder: str,
        storage: Storage,  # noqa: ARG002  # nothing is read
        excludes: Collection[str] = (),
    ) -> Mapping[str, str]:
        """Return names that git gives to the contents of all proto files below a folder."""
        return {path: self._blobs[real] for path, real in self._paths.protos(folder, excludes)}

    def has_folder(self, folder: str) -> bool:
        """Tell whether a file lies in it."""
        return self._paths.has_folder(folder)

    def read(self, path: str) -> bytes | None:
        """Return the content of a file."""
        blob = self._blobs.get(self._paths.follow(path))
        return self._contents([blob])[0] if blob is not None else None

    def place(self, path: str) -> str:
        """Return the path within the repository."""
        return path

    def written(self, paths: Iterable[str], scratch: Path) -> Path:
        """Return the files, written to ``scratch``."""
        wanted = list(paths)
        contents = self._contents([self._blobs[self._paths.follow(path)] for path in wanted])
        for path, content in zip(wanted, contents, strict=True):
            write(scratch, path, content)
        return scratch

    def kept(self) -> ContentTree:
        """Proto files and documents of buf with their contents, for when the repository is gone."""
        wanted = [path for path in self._blobs if path.endswith((".proto", "buf.yaml", "buf.work.yaml"))]
        contents = self._contents([self._blobs[path] for path in wanted])
        return ContentTree(self.name, dict(zip(wanted, contents, strict=True)), self._paths.links)

    @cached_property
    def _paths(self) -> LinkedPaths:
        """The files, and the links with their targets, which git keeps as contents."""
        names = [path for path, (mode, _) in self._entries.items() if mode == _LINK]
        targets = self._contents([self._entries[path][1] for path in names]) if names else []
        links = {path: target.decode("utf-8", "surrogateescape") for path, target in zip(names, targets, strict=True)}
        return LinkedPaths(self.name, self._blobs, links)

    @cached_property
    def _blobs(self) -> Mapping[str, str]:
        return {path: blob for path, (mode, blob) in self._entries.items() if mode != _LINK}

    @cached_property
    def _entries(self) -> Mapping[str, tuple[str, str]]:
        """Mode and name of each content by path; submodules have none."""
        listing = self._repository.run("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", self._commit)
        found = {}
        for entry in filter(None, os.fsdecode(listing).split("\0")):
            facts, path = entry.split("\t", 1)
            mode, kind, blob = facts.split()
            if ".." in PurePosixPath(path).parts:
                # git makes no such tree, but whoever sends one by hand must not write elsewhere.
                raise InterfaceError(f"the commit holds '{path}', which lies outside of it", where=self.name)
            if kind == "blob":
                found[path] = (mode, blob)
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
