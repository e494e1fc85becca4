"""The modules of a workspace: which folders hold proto files, and which rules hold for each.

Source: the documentation of ``buf.yaml`` (v1beta1, v1 and v2) and of ``buf.work.yaml``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from servanda.documents import Notation, Reader, Table, Value
from servanda.errors import InterfaceError
from servanda.interfaces.protobuf.layout.breaking import Breaking, read_breaking
from servanda.interfaces.protobuf.layout.directives import read_directives
from servanda.interfaces.trees import Tree

_FILE, _WORK = "buf.yaml", "buf.work.yaml"
# Keys that speak of what is not examined here.
_FOREIGN = ("version", "name", "lint")
# Installed packages of Python and Node.js: nobody who names a folder without ``buf.yaml`` means the protos of others.
_INSTALLED = frozenset({"dist-packages", "node_modules", "site-packages"})
_VERSIONS = ("v1beta1", "v1", "v2")
_READER = Reader(InterfaceError)


@dataclass(frozen=True, slots=True)
class ModuleLayout:
    """A folder of proto files.

    Attributes:
        path: The folder, relative to the root of the tree; imports are relative to it.
        breaking: Which rules hold for its files.
        includes: Folders to which it is limited, relative to the root of the tree; all if empty.
        excludes: Folders that do not belong to it.
        targeted: Whether it is to be examined, or only here to be imported.
        dependencies: Modules of a registry that its files may import from, as they are written.
        skipped: Names of folders in it that do not belong to it.
    """

    path: str
    breaking: Breaking
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    targeted: bool = True
    dependencies: tuple[str, ...] = ()
    skipped: frozenset[str] = frozenset()

    def holds(self, path: str) -> bool:
        """Tell whether a file below its folder belongs to it."""
        inside = not self.includes or _below(path, self.includes)
        return inside and not _below(path, self.excludes)


Layout = tuple[ModuleLayout, ...]


def lay_out(tree: Tree, target: str) -> Layout:
    """Return the modules of the workspace that a folder of the tree is, or belongs to.

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
    return (ModuleLayout(target, Breaking(), skipped=_INSTALLED),)


def _upwards(target: str) -> Iterator[str]:
    path = PurePosixPath(target)
    yield from (each.as_posix() for each in (path, *path.parents))


def _controlled(tree: Tree, folder: str) -> Layout | None:
    """Return the modules that a folder's documents speak of; ``None`` if it has none."""
    work = _document(tree, _join(folder, _WORK))
    if work is not None:
        return tuple(_of_work(tree, folder, work))
    document = _document(tree, _join(folder, _FILE))
    if document is None:
        return None
    version = _version(document)
    if version == "v2":
        return tuple(_v2(tree, document, folder))
    return tuple(_v1(tree, document, version, folder))


def _document(tree: Tree, path: str) -> Table | None:
    """Return the document at a path; ``None`` if there is none."""
    content = tree.read(path)
    if content is None:
        return None
    document = _READER.parse(content, tree.place(path), Notation.YAML)
    return Table(Value({}, (), document)) if document.value is None else document.root.table()


def _version(document: Table) -> str:
    found = document.required("version", "'version: v2'")
    version = found.scalar()
    if version not in _VERSIONS:
        raise found.error(f"unknown version '{version}'", f"known versions: {', '.join(_VERSIONS)}")
    return version


def _v1(tree: Tree, document: Table, version: str, folder: str) -> Iterator[ModuleLayout]:
    """Yield the module of a document of v1; of v1beta1 one for each root, to which the rules' paths are relative."""
    build, section, directives = document.table("build"), _section(document), read_directives(document)
    excludes = _folders(build, "excludes", folder)
    roots = build.items("roots") if version == "v1beta1" else ()
    dependencies = _dependencies(document)
    build.close()
    document.close(_FOREIGN)
    if not roots:
        breaking = read_breaking(section, version, folder, folder, directives)
        yield ModuleLayout(folder, breaking, excludes=excludes, dependencies=dependencies)
    seen: list[str] = []
    for root in roots:
        path = _join(folder, root.scalar())
        if not tree.has_folder(path):
            raise root.error(f"there is no folder '{path}'")
        if any(_below(path, (other,)) or _below(other, (path,)) for other in seen):
            raise root.error(f"'{path}' lies in another root, or around one", "imports could mean either: take one out")
        seen.append(path)
        breaking = read_breaking(section, version, path, path, directives)
        yield ModuleLayout(path, breaking, excludes=excludes, dependencies=dependencies)


def _v2(tree: Tree, document: Table, folder: str) -> Iterator[ModuleLayout]:
    section, directives = _section(document), read_directives(document)
    modules, dependencies = document.items("modules"), _dependencies(document)
    document.close((*_FOREIGN, "plugins", "policies"))
    if not modules:
        breaking = read_breaking(section, "v2", folder, folder, directives)
        yield ModuleLayout(folder, breaking, dependencies=dependencies)
    for module in modules:
        own = module.table()
        named = own.get("path")
        path = _join(folder, named.scalar()) if named is not None else folder
        if named is not None and not tree.has_folder(path):
            raise named.error(f"there is no folder '{path}'")
        yield ModuleLayout(
            path,
            # What a module says replaces what the workspace says.
            read_breaking(_section(own) or section, "v2", path, folder, directives),
            includes=_folders(own, "includes", folder),
            excludes=_folders(own, "excludes", folder),
            dependencies=dependencies,
        )
        own.close(("name", "lint"))


def _section(table: Table) -> Table | None:
    found = table.get("breaking")
    return found.table() if found is not None else None


def _of_work(tree: Tree, folder: str, document: Table) -> Iterator[ModuleLayout]:
    document.required("directories", "the folders of the modules")
    directories = document.items("directories")
    document.close(("version",))
    for value in directories:
        path = _join(folder, value.scalar())
        if not tree.has_folder(path):
            raise value.error(f"there is no folder '{path}'")
        inner = _document(tree, _join(path, _FILE))
        if inner is None:
            yield ModuleLayout(path, Breaking())
            continue
        version = _version(inner)
        if version == "v2":
            raise inner.error("expected version v1 or v1beta1 in a workspace of buf.work.yaml")
        yield from _v1(tree, inner, version, path)


def _only(module: ModuleLayout, *, targeted: bool) -> ModuleLayout:
    return replace(module, targeted=targeted)


def _dependencies(document: Table) -> tuple[str, ...]:
    return tuple(value.scalar() for value in document.items("deps"))


def _folders(table: Table, key: str, root: str) -> tuple[str, ...]:
    return tuple(_join(root, value.scalar()) for value in table.items(key))


def _join(folder: str, name: str) -> str:
    return (PurePosixPath(folder) / name).as_posix()


def _below(path: str, folders: tuple[str, ...]) -> bool:
    return any(PurePosixPath(path).is_relative_to(folder) for folder in folders)
