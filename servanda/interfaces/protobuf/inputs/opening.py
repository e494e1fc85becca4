"""From the text of an input to a workspace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from servanda.configuration import DEFAULT_LIMITS, Limits
from servanda.errors import InterfaceError
from servanda.interfaces.inputs.directory import open_directory
from servanda.interfaces.inputs.git import beside_folder, open_git
from servanda.interfaces.inputs.reference import InputFormat, Reference, folder_reference, parse_reference
from servanda.interfaces.inputs.source import Source
from servanda.interfaces.protobuf.columns import Lines
from servanda.interfaces.protobuf.images.build import Sources, build, gather
from servanda.interfaces.protobuf.images.cache import ImageCache
from servanda.interfaces.protobuf.inputs.image import open_image
from servanda.interfaces.protobuf.inputs.workspace import Module, Origin, Workspace
from servanda.interfaces.protobuf.layout import lay_out
from servanda.interfaces.protobuf.schema import File, State
from servanda.interfaces.storage import Storage

_SOURCES: Mapping[InputFormat, Callable[[Reference, Path], Source]] = MappingProxyType(
    {
        InputFormat.DIRECTORY: open_directory,
        InputFormat.GIT: open_git,
    }
)
_ARCHIVES = frozenset({InputFormat.TAR, InputFormat.ZIP})


class Opener:
    """Opens inputs.

    Args:
        cwd: Folder that relative paths are relative to, and from which paths are shown.
        cache: Where compiled images are kept.
        limits: How large archives and images may be.
    """

    def __init__(self, cwd: Path, cache: Path, limits: Limits = DEFAULT_LIMITS) -> None:
        self._cwd = cwd
        self._limits = limits
        self._storage = Storage(cache)
        self._cache = ImageCache(self._storage)

    def open(self, text: str, beside: str | None = None) -> Workspace:
        """Return the workspace that an input refers to.

        Args:
            text: The input.
            beside: A folder that it is compared with; a git reference without ``subdir`` means the same folder.

        Raises:
            InterfaceError: There is none, it cannot be read, or it does not compile.
            LimitError: It is larger than the limits allow.
        """
        reference = parse_reference(text)
        if beside is not None:
            reference = beside_folder(reference, parse_reference(beside), self._cwd)
        return self._opened(reference, is_base=beside is not None)

    def open_folder(self, path: str) -> Workspace:
        """Return the workspace in a configured folder, whose name is no syntax: see :meth:`open`."""
        return self._opened(folder_reference(path))

    def open_base(self, text: str, folder: str) -> Workspace:
        """Return the workspace that an input refers to, for a configured folder that it is compared with."""
        return self._opened(beside_folder(parse_reference(text), folder_reference(folder), self._cwd), is_base=True)

    def _opened(self, reference: Reference, *, is_base: bool = False) -> Workspace:
        try:
            return self._read(reference, is_base=is_base)
        except InterfaceError as error:
            if not is_base or error.where is None or reference.text in error.where:
                raise
            # The paths of both states are alike, and only one of them can be edited.
            where = f"{error.where} of {reference.text}"
            raise InterfaceError(f"in the base: {error.what}", where=where, hint=error.hint) from error

    def _read(self, reference: Reference, *, is_base: bool) -> Workspace:
        text = reference.text
        if reference.format in _ARCHIVES:
            # Most inputs are folders, and five libraries of formats take longer to import than a few files to read.
            from servanda.interfaces.inputs.archive import open_archive  # noqa: PLC0415

            return self._from_source(open_archive(reference, self._cwd, limits=self._limits), text)
        if reference.format not in _SOURCES:
            return open_image(reference, self._cwd, self._limits)
        return self._from_source(_SOURCES[reference.format](reference, self._cwd), text, is_base=is_base)

    def _from_source(self, source: Source, text: str, *, is_base: bool = False) -> Workspace:
        layout = lay_out(source.tree, source.folder)
        sources = gather(source.tree, layout, self._storage)
        origin = Origin(sources, source.folder, source.around)
        if not sources.digests:
            if source.may_be_empty and is_base:
                return Workspace(text, State(()), (), origin=origin)
            raise InterfaceError(
                "no .proto file found", where=source.tree.place(source.folder), hint="give the folder that holds them"
            )
        modules = tuple(
            Module(
                _relative(module.path, source.folder),
                module.breaking,
                frozenset(path for path, place in sources.places.items() if _in_module(place, path, module.path)),
            )
            for module in layout
            if module.targeted
        )
        own = frozenset[str]().union(*(module.files for module in modules))
        # The files as they are built belong to the cache: another workspace may take the same ones otherwise.
        files = (file if file.path in own else File(file.raw, imported=True) for file in build(sources, self._cache))
        return Workspace(text, State(files), modules, sources.place, cache(partial(_lines, sources)), origin)


def _lines(sources: Sources, path: str) -> Lines | None:
    content = sources.content(path)
    return Lines(content) if content is not None else None


def _in_module(place: str, path: str, module: str) -> bool:
    return place == (path if module == "." else f"{module}/{path}")


def _relative(path: str, folder: str) -> str:
    inside = PurePosixPath(path).is_relative_to(folder)
    return PurePosixPath(path).relative_to(folder).as_posix() if inside else path
