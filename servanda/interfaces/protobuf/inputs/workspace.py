"""A workspace as the comparison takes it, wherever it came from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from google.protobuf.descriptor_pb2 import FileDescriptorSet

from servanda.interfaces.protobuf.columns import Lines
from servanda.interfaces.protobuf.images.build import Sources
from servanda.interfaces.protobuf.images.content import serialized
from servanda.interfaces.protobuf.layout import Breaking
from servanda.interfaces.protobuf.schema import File, State
from servanda.interfaces.protobuf.schema.outline import IS_IMPORT
from servanda.verdict import Span


@dataclass(frozen=True, slots=True)
class Module:
    """Files under the same rules.

    Attributes:
        path: Folder of the module, relative to the workspace; empty if the files lie in none.
        files: Paths of its files, as imports name them.
    """

    path: str
    breaking: Breaking
    files: frozenset[str]


@dataclass(frozen=True, slots=True)
class Origin:
    """Source files that a workspace was made from.

    Attributes:
        sources: The files.
        folder: The folder that the input names, relative to the root of their tree.
        around: The folder in which a file may be looked for that is not where it is expected.
    """

    sources: Sources
    folder: str
    around: str


@dataclass(frozen=True, slots=True)
class Workspace:
    """A state of the interfaces.

    Attributes:
        name: The input as somebody gave it.
        modules: Which rules hold for which files; only of modules that are to be examined.
        shown: Path to show to a person for the path of a file, as imports name it.
        lines: Source of a file whose positions are those of protoc, by its path; ``None`` where buf made them.
        origin: The source files; ``None`` of an image.
    """

    name: str
    state: State
    modules: tuple[Module, ...]
    shown: Callable[[str], str] = str
    lines: Callable[[str], Lines | None] = lambda _: None
    origin: Origin | None = None

    def placed(self, span: Span, label: str = "") -> Span:
        """Return a stretch of one of the files as a person sees it: with the path to show, and columns as buf counts.

        Args:
            span: The stretch as the image has it.
            label: Word with ``=`` in front of it, from which on it is shown.

        Raises:
            InterfaceError: The file cannot be read any more.
        """
        lines = self.lines(span.path)
        return replace(lines.placed(span, label) if lines is not None else span, path=self.shown(span.path))

    @property
    def image(self) -> FileDescriptorSet:
        """Return its descriptors with source positions, each file after those that it imports."""
        files = (*self.state.files.values(), *self.state.imports.values())
        return FileDescriptorSet.FromString(serialized(files))

    @property
    def exported(self) -> bytes:
        """Return the image in the form that buf reads: files that are merely used are marked as imports.

        The same sources always give the same bytes, whatever was compiled before.
        """
        # Appended to what protoc wrote: serialised anew, the order of options would depend on what is registered.
        marked = (
            file if file.is_marked_as_import else File(file.raw + IS_IMPORT) for file in self.state.imports.values()
        )
        return serialized((*self.state.files.values(), *marked))

    def module_of(self, path: str) -> Module | None:
        """Return the module that a file belongs to."""
        return next((module for module in self.modules if path in module.files), None)
