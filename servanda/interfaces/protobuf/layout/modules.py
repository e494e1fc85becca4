"""The modules of a workspace: which folders hold proto files, and which rules hold for each.

Source: the documentation of ``buf.yaml`` (v1 and v2) and of ``buf.work.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from servanda.errors import InterfaceError
from servanda.interfaces.protobuf.layout.breaking import Breaking, read_breaking
from servanda.interfaces.protobuf.layout.document import Value, parse
from servanda.interfaces.trees import Tree

_FILE, _WORK = "buf.yaml", "buf.work.yaml"
_COMMON = ("version", "name", "deps", "lint", "breaking")
_V1 = (*_COMMON, "build")
_V2 = (*_COMMON, "modules", "plugins", "policies")
_MODULE = ("path", "name", "includes", "excludes", "lint", "breaking")


@dataclass(frozen=True, slots=True)
class ModuleLayout:
    """A folder of proto files.

    Attributes:
        path: The folder, relative to the root of the tree; imports are relative to it.
        breaking: Which rules hold for its files.
        includes: Folders to which it is limited, relative to the root of the tree; all if empty.
        excludes: Folders that do not belong to it.
        targeted: Whether it is to be examined, or only here to be imported.
    """

    path: str
    breaking: Breaking
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    targeted: bool = True

    def holds(self, path: str) -> bool:
        """Whether a file below its folder belongs to it."""
        inside = not self.includes or _below(path, self.includes)
        return inside and not _below(path, self.excludes)


Layout = tuple[ModuleLayout, ...]


def lay_out(tree: Tree, target: str) -> Layout:
    """The modules of the workspace that a folder of the tree is, or belongs to.

    Raises:
        InterfaceError: A document cannot be used, or the folder is only a part of a module.
    """
    for folder in _upwards(target):
        modules = _controlled(tree, folder)
        if modules is None:
            continue
        chosen = [module for module in modules if _below(module.path, (target,))]
        if chosen:
            return tuple(_only(module, targeted=module in chosen) for module in modules)
        if folder == target:
            return modules
        around = next((module for module in modules if _below(target, (module.path,))), None)
        if around is not None:
            raise InterfaceError(
                f"'{target}' is only a part of the module '{around.path}'",
                where=tree.place(_join(folder, _FILE)),
                hint=f"give the module: {tree.place(around.path)}",
            )
    return (ModuleLayout(target, Breaking()),)


def _upwards(target: str) -> Iterator[str]:
    path = PurePosixPath(target)
    yield from (each.as_posix() for each in (path, *path.parents))


def _controlled(tree: Tree, folder: str) -> Layout | None:
    """The modules that a folder's documents speak of; ``None`` if it has none."""
    work = tree.read(_join(folder, _WORK))
    if work is not None:
        return tuple(_of_work(tree, folder, parse(work, tree.place(_join(folder, _WORK)))))
    path = _join(folder, _FILE)
    content = tree.read(path)
    if content is None:
        return None
    document = parse(content, tree.place(path))
    version = _version(document)
    if version == "v1":
        return (_v1(document, folder),)
    return tuple(_v2(tree, document, folder))


def _version(document: Value) -> str:
    entries = document.entries()
    if "version" not in entries:
        raise document.error("'version' is missing", "add 'version: v2'")
    version = entries["version"].text()
    if version not in ("v1", "v2"):
        hint = "migrate it with 'buf config migrate'" if version == "v1beta1" else "known versions: v1, v2"
        raise entries["version"].error(f"unknown version '{version}'", hint)
    return version


def _v1(document: Value, folder: str) -> ModuleLayout:
    entries = document.entries(*_V1)
    build = entries["build"].entries("excludes") if "build" in entries else {}
    breaking = read_breaking(entries["breaking"], "v1", folder, folder) if "breaking" in entries else _default("v1")
    return ModuleLayout(folder, breaking, excludes=_folders(build.get("excludes"), folder))


def _v2(tree: Tree, document: Value, folder: str) -> Iterator[ModuleLayout]:
    entries = document.entries(*_V2)
    modules = list(entries["modules"].items()) if "modules" in entries else []
    if not modules:
        yield ModuleLayout(folder, _breaking(entries, {}, folder, folder))
    for module in modules:
        own = module.entries(*_MODULE)
        path = _join(folder, own["path"].text()) if "path" in own else folder
        if not tree.has_folder(path):
            raise own["path"].error(f"there is no folder '{path}'")
        yield ModuleLayout(
            path,
            _breaking(entries, own, path, folder),
            includes=_folders(own.get("includes"), folder),
            excludes=_folders(own.get("excludes"), folder),
        )


def _breaking(entries: Mapping[str, Value], own: Mapping[str, Value], module: str, root: str) -> Breaking:
    """What a module says replaces what the workspace says."""
    section = own.get("breaking", entries.get("breaking"))
    return read_breaking(section, "v2", module, root) if section is not None else _default("v2")


def _of_work(tree: Tree, folder: str, document: Value) -> Iterator[ModuleLayout]:
    entries = document.entries("version", "directories")
    if "directories" not in entries:
        raise document.error("'directories' is missing", "list the folders of the modules")
    for value in entries["directories"].items():
        path = _join(folder, value.text())
        if not tree.has_folder(path):
            raise value.error(f"there is no folder '{path}'")
        content = tree.read(_join(path, _FILE))
        if content is None:
            yield ModuleLayout(path, _default("v1"))
        else:
            inner = parse(content, tree.place(_join(path, _FILE)))
            if _version(inner) != "v1":
                raise inner.error("expected version v1 in a workspace of buf.work.yaml")
            yield _v1(inner, path)


def _default(version: str) -> Breaking:
    return read_breaking(Value(None, ""), version, ".", ".")


def _only(module: ModuleLayout, *, targeted: bool) -> ModuleLayout:
    return ModuleLayout(module.path, module.breaking, module.includes, module.excludes, targeted)


def _folders(section: Value | None, root: str) -> tuple[str, ...]:
    return tuple(_join(root, value.text()) for value in section.items()) if section is not None else ()


def _join(folder: str, name: str) -> str:
    return (PurePosixPath(folder) / name).as_posix()


def _below(path: str, folders: tuple[str, ...]) -> bool:
    return any(PurePosixPath(path).is_relative_to(folder) for folder in folders)
