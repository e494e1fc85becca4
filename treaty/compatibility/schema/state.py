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
            grouped.setdefault(file.proto.package, []).append(file)
        return {package: tuple(files) for package, files in grouped.items()}

    def enum(self, full_name: str) -> EnumDescriptorProto | None:
        """An enum by full name, imported ones included."""
        if full_name in self.enums:
            return self.enums[full_name].proto
        return self._imported_enums.get(full_name)

    def is_map_entry(self, type_name: str) -> bool:
        """Whether a field's type name (with leading dot) is the entry message that protoc makes for a map."""
        entry = self.messages.get(type_name.removeprefix("."))
        return entry is not None and entry.proto.options.map_entry

    @cached_property
    def _imported_enums(self) -> Mapping[str, EnumDescriptorProto]:
        return {element.full_name: element.proto for file in self.imports.values() for element in file.enums.values()}
