"""Source files as a commit of a git repository holds them, read without a checkout."""

from __future__ import annotations

import os
from collections.abc import Collection, Container, Iterable, Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath

from servanda.errors import InterfaceError
from servanda.interfaces.storage import Storage
from servanda.interfaces.trees.content import ContentTree, write
from servanda.interfaces.trees.links import LinkedPaths, is_proto, lies_in
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
        self.commit = commit

    @property
    def top(self) -> Path:
        """Return the top folder of the repository."""
        return self._repository.top

    def files_in(self, folder: str) -> tuple[str, ...]:
        """Return the names of the files directly in a folder."""
        real = self._paths.follow(folder)
        return tuple(path.rpartition("/")[2] for path in self._blobs if (path.rpartition("/")[0] or ".") == real)

    def gone(self, name: str) -> tuple[str, ...]:
        """Return the paths of files of this name that the working tree has no more."""
        named = (path for path in self._blobs if path.rpartition("/")[2] == name)
        return tuple(path for path in named if not os.path.lexists(self.top / path))

    def protos(
        self,
        folder: str,
        storage: Storage,  # noqa: ARG002  # nothing is read
        excludes: Collection[str] = (),
        skipped: Collection[str] = (),
    ) -> Mapping[str, str]:
        """Return names that git gives to the contents of all proto files below a folder."""
        self._refuse_submodules(folder, excludes)
        return {path: self._blobs[real] for path, real in self._paths.protos(folder, excludes, skipped)}

    def stored(self, folder: str, known: Container[str] = ()) -> Mapping[str, str]:
        """Return names that git gives to the contents of the files themselves."""
        found = (path for path in self._blobs if is_proto(path) and lies_in(path, folder) and path not in known)
        return {path: self._blobs[path] for path in found}

    def holds(self, path: str) -> bool:
        """Tell whether the commit has a file at this path."""
        return path in self._blobs

    def has_folder(self, folder: str) -> bool:
        """Tell whether a file lies in it.

        Raises:
            InterfaceError: It lies in a submodule.
        """
        self._refuse_submodules(folder)
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

    def _refuse_submodules(self, folder: str, excludes: Collection[str] = ()) -> None:
        """Refuse what a commit only names: without its files everything in it would count as new."""
        for path in self._submodules:
            if PurePosixPath(path).is_relative_to(folder):
                # One without proto files in the working tree is none of our business.
                is_meant = not any(PurePosixPath(path).is_relative_to(each) for each in excludes)
                is_meant = is_meant and next((self.top / path).rglob("*.proto"), None) is not None
            else:
                is_meant = PurePosixPath(folder).is_relative_to(path)
            if is_meant:
                hint = (
                    "run the check within the submodule, or take the folder out of the module: 'excludes' of buf.yaml"
                )
                what = "is a submodule, of which the commit that is compared with does not hold the files"
                raise InterfaceError(what, where=path, hint=hint)

    @cached_property
    def _paths(self) -> LinkedPaths:
        """Return the files, and the links with their targets, which git keeps as contents."""
        names = [path for path, (mode, _) in self._entries.items() if mode == _LINK]
        targets = self._contents([self._entries[path][1] for path in names]) if names else []
        links = {path: target.decode("utf-8", "surrogateescape") for path, target in zip(names, targets, strict=True)}
        return LinkedPaths(self.name, self._blobs, links)

    @cached_property
    def _blobs(self) -> Mapping[str, str]:
        return {path: blob for path, (mode, blob) in self._entries.items() if mode != _LINK}

    @cached_property
    def _entries(self) -> Mapping[str, tuple[str, str]]:
        """Return mode and name of each content by path."""
        return {path: (mode, name) for path, (mode, kind, name) in self._listed.items() if kind == "blob"}

    @cached_property
    def _submodules(self) -> tuple[str, ...]:
        return tuple(path for path, (_, kind, _) in self._listed.items() if kind == "commit")

    @cached_property
    def _listed(self) -> Mapping[str, tuple[str, str, str]]:
        """Return mode, kind and name of each entry by path."""
        listing = self._repository.run("ls-tree", "-r", "-z", "--full-tree", "--end-of-options", self.commit)
        found = {}
        for entry in filter(None, os.fsdecode(listing).split("\0")):
            facts, path = entry.split("\t", 1)
            mode, kind, blob = facts.split()
            if ".." in PurePosixPath(path).parts:
                # git makes no such tree, but whoever sends one by hand must not write elsewhere.
                raise InterfaceError(f"the commit holds '{path}', which lies outside of it", where=self.name)
            found[path] = (mode, kind, blob)
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
