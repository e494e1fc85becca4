"""Compiling the modules of a source tree, as little of it as the cache leaves to do."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from servanda.errors import InterfaceError
from servanda.interfaces.protobuf.compiler import VALIDATE, bundled_folders, protoc
from servanda.interfaces.protobuf.images.cache import Compiled, ImageCache
from servanda.interfaces.protobuf.images.content import needed, raw_files
from servanda.interfaces.protobuf.images.declarations import may_collide, require_one_module
from servanda.interfaces.protobuf.images.imports import require_imports
from servanda.interfaces.protobuf.images.standins import require_source, require_text
from servanda.interfaces.protobuf.layout import Layout
from servanda.interfaces.protobuf.schema import File
from servanda.interfaces.protobuf.schema.difference import dependents
from servanda.interfaces.storage import Storage
from servanda.interfaces.trees import Tree


@dataclass(frozen=True, slots=True)
class Sources:
    """The proto files of a workspace.

    Attributes:
        tree: Where they lie.
        roots: Folders of the tree that imports are relative to.
        places: Path in the tree by path as imports name it.
        digests: Digest of the content by path as imports name it.
        dependencies: Modules of a registry that ``buf.yaml`` names.
    """

    tree: Tree
    roots: tuple[str, ...]
    places: Mapping[str, str]
    digests: Mapping[str, str]
    dependencies: tuple[str, ...] = ()

    def place(self, path: str) -> str:
        """Tell where to say that a file lies."""
        return self.tree.place(self.places[path]) if path in self.places else path

    def content(self, path: str) -> bytes | None:
        """Return the content of a file; ``None`` of one that is none of these.

        Raises:
            InterfaceError: It cannot be read any more.
        """
        return self.tree.read(self.places[path]) if path in self.places else None


def gather(tree: Tree, layout: Layout, storage: Storage) -> Sources:
    """Return the proto files of all modules.

    Args:
        tree: Where they lie.
        layout: The modules.
        storage: Where it is noted what files hold.

    Raises:
        InterfaceError: Two modules have a file of the same name, or the name of a file is not UTF-8.
    """
    places: dict[str, str] = {}
    digests: dict[str, str] = {}
    for module in layout:
        folder = "" if module.path == "." else f"{module.path}/"
        for place, digest in tree.protos(module.path, storage, module.excludes, module.skipped).items():
            path = place.removeprefix(folder)
            if not module.holds(place):
                continue
            _require_text(tree, place)
            if path in places:
                raise InterfaceError(
                    f"two modules have a file '{path}': {tree.place(places[path])} and {tree.place(place)}",
                    where=tree.place(place),
                    hint="imports could mean either: move one of them",
                )
            places[path], digests[path] = place, digest
    roots = tuple(dict.fromkeys(module.path for module in layout))
    dependencies = tuple(dict.fromkeys(name for module in layout for name in module.dependencies))
    return Sources(tree, roots, places, digests, dependencies)


def _require_text(tree: Tree, place: str) -> None:
    # Descriptors hold names of files as text; those of other bytes arrive with lone surrogates.
    try:
        place.encode()
    except UnicodeEncodeError:
        shown = tree.place(place).encode("utf-8", "backslashreplace").decode()
        raise InterfaceError("the name of this file is not UTF-8", where=shown, hint="rename it") from None


def build(sources: Sources, cache: ImageCache) -> tuple[File, ...]:
    """Return the files with all that they import, in no order; what the cache knows is not compiled again.

    Raises:
        InterfaceError: protoc rejects them.
    """
    known = cache.same(sources.digests)
    if known is None:
        place = "\0".join((sources.tree.name, *sources.roots))
        latest = cache.latest(place)
        fresh = _compiled(sources, sources.digests) if latest is None else ()
        files = {file.path: file for file in fresh} if latest is None else _rebuilt(sources, latest)
        known = Compiled(sources.digests, files)
        cache.keep(place, known, latest)
    return tuple(known.files.values())


def _rebuilt(sources: Sources, latest: Compiled) -> Mapping[str, File]:
    """Return the files of an earlier state where nothing changed, else new ones."""
    earlier = latest.files
    before, after = latest.digests, sources.digests
    changed = {path for path in {*before, *after} if before.get(path) != after.get(path)}
    stale = changed | dependents(earlier.values(), changed)
    wanted = stale & after.keys()
    fresh = _compiled(sources, wanted, earlier) if wanted else []
    found = {path: file for path, file in earlier.items() if path not in stale}
    if may_collide(fresh, earlier, found.values()):
        return {file.path: file for file in _compiled(sources, after)}
    # Of what they import, only that is new which nothing imported before.
    found.update({file.path: file for file in fresh if file.path in stale or file.path not in found})
    return needed(found, after)


def _compiled(sources: Sources, paths: Iterable[str], earlier: Container[str] | None = None) -> list[File]:
    """New descriptors of these files and of what they import.

    Args:
        sources: Where they lie.
        paths: Files to compile.
        earlier: Paths in the image of the state before, from which the other files are known.
    """
    wanted = sorted(paths)
    with tempfile.TemporaryDirectory(prefix="servanda-build-") as scratch:
        folder = sources.tree.written(sources.places.values(), Path(scratch, "sources"))
        # What nothing imported before can only be imported by what is new.
        validated = VALIDATE in (earlier or ()) or any(_validates(folder / sources.places[p]) for p in wanted)
        output = Path(scratch, "image.binpb")
        options = ("--include_imports", "--include_source_info", f"--descriptor_set_out={output}")
        roots = [folder / root for root in sources.roots]
        files = {path: folder / _root(sources.places[path], path) for path in wanted}
        run = functools.partial(protoc, roots, files, options, sources.place)
        try:
            _with_or_without_validator(run, validated=validated)
        except InterfaceError as error:
            _explain(error, sources, {path: folder / sources.places[path] for path in wanted}, roots)
            raise
        compiled = [File(raw) for raw in raw_files(output.read_bytes())]
    _require_known(sources, compiled)
    return compiled


def _with_or_without_validator(run: Callable[..., None], *, validated: bool) -> None:
    try:
        run(validated=validated)
    except InterfaceError:
        if validated:
            raise
        # Maybe the import is spelled so that nobody finds it, or stands in a file that is not ours.
        run(validated=True)


def _explain(error: InterfaceError, sources: Sources, files: Mapping[str, Path], roots: Iterable[Path]) -> None:
    """Raise a better error than that of protoc, if the files show why it refused them.

    Raises:
        InterfaceError: They do.
    """
    contents = {sources.place(path): file.read_bytes() for path, file in files.items()}
    for place, content in contents.items():
        require_source(content, place)
        if "ended by signal" in str(error):
            require_text(content, place)
    require_one_module(error, sources.places, sources.place)
    if "not found" not in str(error):
        return
    folders = (*roots, *bundled_folders())

    def is_known(path: str) -> bool:
        return path == VALIDATE or any((each / path).is_file() for each in folders)

    require_imports(contents, is_known, [sources.place(path) for path in sources.places], sources.dependencies)


def _root(place: str, path: str) -> str:
    """Return the folder of the tree that the path of a file, as imports name it, starts from."""
    return place.removesuffix(path).removesuffix("/") or "."


def _require_known(sources: Sources, files: Iterable[File]) -> None:
    """Refuse imports of what lies in a module's folder but does not belong to it: nobody would see them change."""
    folders = bundled_folders()
    for file in files:
        outside = file.path not in sources.digests and file.path != VALIDATE
        if outside and not any((folder / file.path).is_file() for folder in folders):
            user = next((each.path for each in files if file.path in each.dependencies), "")
            raise InterfaceError(
                f"'{file.path}' is imported, but its module excludes it",
                where=sources.place(user),
                hint="remove it from 'excludes' or add it to 'includes' in buf.yaml",
            )


def _validates(file: Path) -> bool:
    return VALIDATE.encode() in file.read_bytes()
