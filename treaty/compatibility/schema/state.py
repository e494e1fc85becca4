"""A state of a workspace: all its files, and elements found by full name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    ServiceDescriptorProto,
)

from treaty.compatibility.schema.element import Element, File


class State:
    """All files of a workspace, its imports apart.

    ``files`` holds what the rules examine, ``imports`` what these files merely use.
    """

    def __init__(self, files: Iterable[File]) -> None:
        everything = sorted(files, key=lambda file: file.path)
        self.files: Mapping[str, File] = {file.path: file for file in everything if not file.imported}
        self.imports: Mapping[str, File] = {file.path: file for file in everything if file.imported}

    @cached_property
    def messages(self) -> Mapping[str, Element[DescriptorProto]]:
        """Messages of the examined files by full name."""
        return {element.full_name: element for file in self.files.values() for element in file.messages.values()}

    @cached_property
    def enums(self) -> Mapping[str, Element[EnumDescriptorProto]]:
        """Enums of the examined files by full name."""
        return {element.full_name: element for file in self.files.values() for element in file.enums.values()}

    @cached_property
    def services(self) -> Mapping[str, Element[ServiceDescriptorProto]]:
        """Services of the examined files by full name."""
        return {element.full_name: element for file in self.files.values() for element in file.services.values()}

    @cached_property
    def extensions(self) -> Mapping[tuple[str, int], Element[FieldDescriptorProto]]:
        """Extensions of the examined files by extended message and number."""
        return {
            (element.proto.extendee, element.proto.number): element
            for file in self.files.values()
            for element in file.extensions.values()
        }

    @cached_property
    def packages(self) -> Mapping[str, tuple[File, ...]]:
        """Files by package."""
        grouped: dict[str, list[File]] = {}
        for file in self.files.values():
            grouped.setdefault(file.package, []).append(file)
        return {package: tuple(files) for package, files in grouped.items()}

    def enum(self, full_name: str) -> EnumDescriptorProto | None:
        """An enum by full name, imported ones included; only files of its package are parsed."""
        if full_name not in self._found:
            self._found[full_name] = self._find_enum(full_name)
        return self._found[full_name]

    def _find_enum(self, full_name: str) -> EnumDescriptorProto | None:
        package = full_name
        while package:
            # Nested enums have names of messages in front, so the package may end anywhere.
            package = package.rpartition(".")[0]
            nested_name = full_name.removeprefix(f"{package}.")
            for file in self._every_package.get(package, ()):
                if nested_name in file.enums:
                    return file.enums[nested_name].proto
        return None

    @cached_property
    def _found(self) -> dict[str, EnumDescriptorProto | None]:
        return {}

    @cached_property
    def _every_package(self) -> Mapping[str, list[File]]:
        grouped: dict[str, list[File]] = {}
        for file in (*self.files.values(), *self.imports.values()):
            grouped.setdefault(file.package, []).append(file)
        return grouped
