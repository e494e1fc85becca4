"""Comments of interface definitions, by the full name of what they are about."""

from __future__ import annotations

from collections.abc import Iterator

from google.protobuf import descriptor_pb2
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FileDescriptorProto,
    ServiceDescriptorProto,
)

_Path = tuple[int, ...]
_Named = tuple[_Path, str]


def comments_of(image: descriptor_pb2.FileDescriptorSet) -> dict[str, str]:
    """Return the comment above each element that has one, without the comment signs."""
    comments: dict[str, str] = {}
    for file in image.file:
        texts = {tuple(place.path): place.leading_comments for place in file.source_code_info.location}
        for path, name in _elements(file):
            lines = texts.get(path, "").splitlines()
            if any(lines):
                comments[name] = "\n".join(line.removeprefix(" ") for line in lines).strip()
    return comments


def _elements(file: FileDescriptorProto) -> Iterator[_Named]:
    package = f"{file.package}." if file.package else ""
    for index, message in enumerate(file.message_type):
        yield from _message((FileDescriptorProto.MESSAGE_TYPE_FIELD_NUMBER, index), package, message)
    for index, enum in enumerate(file.enum_type):
        yield from _enum((FileDescriptorProto.ENUM_TYPE_FIELD_NUMBER, index), package, enum)
    for index, service in enumerate(file.service):
        yield from _service((FileDescriptorProto.SERVICE_FIELD_NUMBER, index), package, service)


def _message(path: _Path, above: str, message: DescriptorProto) -> Iterator[_Named]:
    name = f"{above}{message.name}"
    yield path, name
    for index, field in enumerate(message.field):
        yield (*path, DescriptorProto.FIELD_FIELD_NUMBER, index), f"{name}.{field.name}"
    for index, nested in enumerate(message.nested_type):
        yield from _message((*path, DescriptorProto.NESTED_TYPE_FIELD_NUMBER, index), f"{name}.", nested)
    for index, enum in enumerate(message.enum_type):
        yield from _enum((*path, DescriptorProto.ENUM_TYPE_FIELD_NUMBER, index), f"{name}.", enum)


def _enum(path: _Path, above: str, enum: EnumDescriptorProto) -> Iterator[_Named]:
    yield path, f"{above}{enum.name}"
    for index, value in enumerate(enum.value):
        # Values live beside their enum, not inside it.
        yield (*path, EnumDescriptorProto.VALUE_FIELD_NUMBER, index), f"{above}{value.name}"


def _service(path: _Path, above: str, service: ServiceDescriptorProto) -> Iterator[_Named]:
    name = f"{above}{service.name}"
    yield path, name
    for index, method in enumerate(service.method):
        yield (*path, ServiceDescriptorProto.METHOD_FIELD_NUMBER, index), f"{name}.{method.name}"
