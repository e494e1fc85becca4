"""One edit that could be made, and what it is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from google.protobuf import descriptor_pb2

Image = descriptor_pb2.FileDescriptorSet
_LABELS = descriptor_pb2.FieldDescriptorProto


@dataclass(frozen=True)
class Candidate:
    """An edit of the protobuf definitions, or of one document.

    Attributes:
        kind: Family that it belongs to; each is drawn as often as the others.
        name: Description in a few words.
        edit: Makes the edit, in place.
        document: Name of the OpenAPI document that is edited; empty if it is the protobuf definitions.
        moved: New names of elements that mean what they meant.
    """

    kind: str
    name: str
    edit: Callable[[Any], None]
    document: str = ""
    moved: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """A message of the library within an image."""

    package: str
    file: int
    index: int

    def message(self, image: Image) -> descriptor_pb2.DescriptorProto:
        """Return the message."""
        return image.file[self.file].message_type[self.index]

    def name(self, image: Image) -> str:
        """Return its full name."""
        return f"{self.package}.{self.message(image).name}"


def own_files(image: Image) -> Iterator[tuple[int, descriptor_pb2.FileDescriptorProto]]:
    """Yield the files of the library, without the option that marks events."""
    for index, file in enumerate(image.file):
        if not file.name.startswith(("google/", "buf/")) and "/event/" not in file.name:
            yield index, file


def messages(image: Image) -> Iterator[Place]:
    """Yield all messages of the library."""
    for number, file in own_files(image):
        for index, _ in enumerate(file.message_type):
            yield Place(file.package, number, index)


def is_map(message: descriptor_pb2.DescriptorProto, each: descriptor_pb2.FieldDescriptorProto) -> bool:
    """Tell whether a field of a message is a map."""
    entry = each.type_name.rpartition(".")[2]
    return any(nested.name == entry and nested.options.map_entry for nested in message.nested_type)


def is_repeated(each: descriptor_pb2.FieldDescriptorProto) -> bool:
    """Tell whether a field is a list or a map."""
    return each.label == _LABELS.LABEL_REPEATED


def retyped(
    each: descriptor_pb2.FieldDescriptorProto,
    kind: descriptor_pb2.FieldDescriptorProto.Type.ValueType,
    type_name: str = "",
) -> None:
    """Give a field another type, without the constraints that were made for the former one."""
    each.type = kind
    each.type_name = type_name
    if not type_name:
        each.ClearField("type_name")
    each.ClearField("options")


def renamed_type(image: Image, former: str, now: str) -> None:
    """Change all references to a type, or to the types in it."""
    for file in image.file:
        for message in _everything(file.message_type):
            for each in message.field:
                each.type_name = _renamed(each.type_name, former, now)
                if not each.type_name:
                    each.ClearField("type_name")
        for service in file.service:
            for method in service.method:
                method.input_type = _renamed(method.input_type, former, now)
                method.output_type = _renamed(method.output_type, former, now)


def _everything(found: Any) -> Iterator[descriptor_pb2.DescriptorProto]:
    for message in found:
        yield message
        yield from _everything(message.nested_type)


def _renamed(name: str, former: str, now: str) -> str:
    if name == f".{former}" or name.startswith(f".{former}."):
        return f".{now}{name[len(former) + 1 :]}"
    return name
