"""Choice of the folder of proto files: one that compiles as it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from servanda.adoption.findings import Findings
from servanda.errors import MissingExtraError, ServandaError
from servanda.interfaces.protobuf.images.build import build, gather
from servanda.interfaces.protobuf.images.cache import ImageCache
from servanda.interfaces.protobuf.layout import Breaking, ModuleLayout, lay_out
from servanda.interfaces.storage import Storage
from servanda.interfaces.trees import FolderTree

_MOST_MODULES = 50


@dataclass(frozen=True, slots=True)
class ProtoChoice:
    """The proto files that are compared.

    Attributes:
        root: The folder of the workspace; ``None`` if there are none.
        modules: Its modules, if a ``buf.yaml`` has to name them.
        others: Folders with proto files that are left out.
        problem: Why it does not compile; empty if it does.
        is_tried: Whether it was tried; the compiler is an extra.
        count: Number of proto files; 0 if nobody counted.
    """

    root: str | None = None
    modules: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    problem: str = ""
    is_tried: bool = True
    count: int = 0


def chosen_protos(findings: Findings, root: Path, cache: Path) -> ProtoChoice:
    """Return the first folder of proto files that compiles, or all of them as modules of one workspace.

    Args:
        findings: Where proto files are.
        root: The top of the tree.
        cache: Where compiled images are kept.
    """
    trial = _Trial(root, cache)
    folders = (*findings.buf_folders, *findings.proto_roots)
    if not folders:
        return ProtoChoice()
    apart = _apart(findings.proto_roots)
    if not findings.buf_folders and 1 < len(apart) <= _MOST_MODULES and not trial.problem(apart):
        return ProtoChoice(".", tuple(sorted(apart)), is_tried=trial.is_possible, count=trial.count)
    problems = {folder: trial.problem([folder]) for folder in folders[:_MOST_MODULES]}
    best = next((folder for folder, problem in problems.items() if not problem), folders[0])
    trial.problem([best])
    others = tuple(folder for folder in folders if folder != best and not _inside(folder, best))
    return ProtoChoice(best or ".", (), others, problems[best], trial.is_possible, trial.count)


class _Trial:
    def __init__(self, root: Path, cache: Path) -> None:
        self._root = root
        self._storage = Storage(cache)
        self.is_possible = True
        self.count = 0

    def problem(self, folders: Iterable[str]) -> str:
        """Return why the proto files of these modules do not compile together; nothing if they do."""
        self.count = 0
        tree, names = FolderTree(self._root, self._root), [folder or "." for folder in folders]
        try:
            alone = lay_out(tree, names[0]) if len(names) == 1 else ()
            sources = gather(tree, alone or tuple(ModuleLayout(name, Breaking()) for name in names), self._storage)
            self.count = len(sources.digests)
            for _ in build(sources, ImageCache(self._storage)):
                pass
        except MissingExtraError:
            self.is_possible = False
        except ServandaError as error:
            return f"{error.where}: {error.what}" if error.where else error.what
        return ""


def _apart(folders: Iterable[str]) -> list[str]:
    """Return the folders of which none lies in another."""
    found: list[str] = []
    for folder in sorted(folders):
        if not any(_inside(folder, other) for other in found):
            found.append(folder)
    return found


def _inside(folder: str, other: str) -> bool:
    return not other or folder == other or folder.startswith(f"{other}/")
