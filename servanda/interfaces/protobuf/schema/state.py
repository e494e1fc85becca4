"""A state of a workspace: all its files, and elements found by full name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    ServiceDescriptorProto,
)

from servanda.interfaces.protobuf.schema.element import Element, File


class State:
    """All files of a workspace, its imports apart.

    ``files`` holds what the rules examine, ``imports`` what these files merely use.
    """

    def __init__(self, files: Iterable[File]) -> None:
        everything = sorted(files, key=lambda file: file.path)
        self.files: Mapping[str, File] = {file.path: file for file in everything if not file.imported}
        self.imports: Mapping[str, File] = {file.path: file for file in everything if file.imported}

    def examining(self, paths: Collection[str]) -> State:
        """Return a state in which these files are examined too, if it has them; itself if it only uses none of them."""
        promoted = [File(file.raw) for path, file in self.imports.items() if path in paths]
        if not promoted:
            return self
        others = (file for path, file in self.imports.items() if path not in paths)
        return State((*self.files.values(), *promoted, *others))

    @cached_property
    def messages(self) -> Mapping[str, Element[DescriptorProto]]:
        """Return the messages of the examined files by full name."""
        return {element.full_name: element for file in self.files.values() for element in file.messages.values()}

    @cached_property
    def enums(self) -> Mapping[str, Element[EnumDescriptorProto]]:
        """Return the enums of the examined files by full name."""
        return {element.full_name: element for file in self.files.values() for element in file.enums.values()}

    @cached_property
    def services(self) -> Mapping[str, Element[ServiceDescriptorProto]]:
        """Return the services of the examined files by full name."""
        return {element.full_name: element for file in self.files.values() for element in file.services.values()}

    @cached_property
    def extensions(self) -> Mapping[tuple[str, int], Element[FieldDescriptorProto]]:
        """Return the extensions of the examined files by extended message and number."""
        return {
            (element.proto.extendee, element.proto.number): element
            for file in self.files.values()
            for element in file.extensions.values()
        }

    @cached_property
    def packages(self) -> Mapping[str, tuple[File, ...]]:
        """Return the files by package."""
        grouped: dict[str, list[File]] = {}
        for file in self.files.values():
            grouped.setdefault(file.package, []).append(file)
        return {package: tuple(files) for package, files in grouped.items()}

    def enum(self, full_name: str, near: str = "") -> EnumDescriptorProto | None:
        """Return an enum by full name, imported ones included.

        Args:
            full_name: The name, without a leading dot.
            near: Path of the file that is looked at first, with those that it imports, before all of the package.
        """
        found = self.find_enum(full_name, near)
        return found.proto if found is not None else None

    def find_enum(self, full_name: str, near: str = "") -> Element[EnumDescriptorProto] | None:
        """Return an enum as :meth:`enum` does, with the place where it stands."""
        if full_name not in self._found:
            declaring = ((file.enums, name) for file, name in self._declaring(full_name, near))
            self._found[full_name] = next((enums[name] for enums, name in declaring if name in enums), None)
        return self._found[full_name]

    def find_message(self, full_name: str, near: str = "") -> Element[DescriptorProto] | None:
        """Return a message by full name, imported ones included; the arguments are those of :meth:`enum`."""
        declaring = ((file.messages, name) for file, name in self._declaring(full_name, near))
        return next((messages[name] for messages, name in declaring if name in messages), None)

    def _declaring(self, full_name: str, near: str) -> Iterator[tuple[File, str]]:
        """Yield files that may declare a name, each with the name within its package."""
        name = full_name.rpartition(".")[2].encode()
        for file in self._candidates(full_name, near):
            # Most files need not even be parsed.
            if name in file.raw and full_name.startswith(file.package):
                yield file, full_name.removeprefix(f"{file.package}.") if file.package else full_name

    def _candidates(self, full_name: str, near: str) -> Iterator[File]:
        file = self.files.get(near)
        for path in (near, *file.dependencies) if file is not None else ():
            found = self.files.get(path) or self.imports.get(path)
            if found is not None:
                yield found
        package = full_name
        while package:
            # Nested enums have names of messages in front, so the package may end anywhere.
            package = package.rpartition(".")[0]
            yield from self._every_package.get(package, ())

    @cached_property
    def _found(self) -> dict[str, Element[EnumDescriptorProto] | None]:
        return {}

    @cached_property
    def _every_package(self) -> Mapping[str, list[File]]:
        grouped: dict[str, list[File]] = {}
        for file in (*self.files.values(), *self.imports.values()):
            grouped.setdefault(file.package, []).append(file)
        return grouped
