"""Elements of one proto file: what they are called, where they are written, what they contain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    EnumValueDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    MethodDescriptorProto,
    OneofDescriptorProto,
    ServiceDescriptorProto,
    SourceCodeInfo,
)
from google.protobuf.message import DecodeError, Message

from servanda.errors import InterfaceError
from servanda.interfaces.protobuf.schema import outline
from servanda.interfaces.protobuf.schema.outline import Outline
from servanda.interfaces.protobuf.schema.positions import Positions
from servanda.verdict import Span

Proto_co = TypeVar("Proto_co", bound=Message, covariant=True)
SourcePath = tuple[int, ...]

# Field numbers of descriptor.proto, of which source paths are made (google.protobuf.SourceCodeInfo.Location.path).
FILE_MESSAGE, FILE_ENUM, FILE_SERVICE, FILE_EXTENSION = 4, 5, 6, 7
MESSAGE_FIELD, MESSAGE_NESTED, MESSAGE_ENUM, MESSAGE_EXTENSION, MESSAGE_ONEOF = 2, 3, 4, 6, 8
ENUM_VALUE, SERVICE_METHOD = 2, 2


@dataclass(frozen=True, slots=True, eq=False)
class Element(Generic[Proto_co]):
    """Something declared in a file.

    Attributes:
        file: The file that declares it.
        path: Its place in the file's descriptor, as in ``SourceCodeInfo``.
        proto: Its descriptor.
        nested_name: Its name within the package, for example ``User.Address``.
        parent: The element that contains it, if any.
    """

    file: File
    path: SourcePath
    proto: Proto_co
    nested_name: str
    parent: Element[Message] | None = None

    @property
    def full_name(self) -> str:
        """Return its name with the package."""
        package = self.file.package
        return f"{package}.{self.nested_name}" if package else self.nested_name

    @property
    def name(self) -> str:
        """Return the last part of its name."""
        return self.nested_name.rpartition(".")[2]

    def span(self, *inner: int) -> Span | None:
        """Tell where it, or a part of it, is written; ``None`` if the source does not say.

        The entry message of a map is written nowhere but in the type of the map field, its key and value neither.
        """
        return self.file.span(*self.path, *inner) or self._span_of_map()

    def _span_of_map(self) -> Span | None:
        entry = self if isinstance(self.proto, DescriptorProto) else self.parent
        if entry is None or not isinstance(entry.proto, DescriptorProto) or not entry.proto.options.map_entry:
            return None
        holder = entry.parent
        if holder is None or not isinstance(holder.proto, DescriptorProto):
            return None
        type_name = f".{entry.full_name}"
        index = next(index for index, field in enumerate(holder.proto.field) if field.type_name == type_name)
        return self.file.span(*holder.path, MESSAGE_FIELD, index, FieldDescriptorProto.TYPE_NAME_FIELD_NUMBER)


class File:
    """One proto file of a state, parsed as far as somebody asks.

    Attributes:
        raw: The serialized ``FileDescriptorProto``.
        imported: Whether the workspace only uses it: rules do not examine it.

    Raises:
        google.protobuf.message.DecodeError: Something else is asked for its path, package or imports.
    """

    def __init__(self, raw: bytes, *, imported: bool = False) -> None:
        self.raw = raw
        self.imported = imported

    @cached_property
    def proto(self) -> FileDescriptorProto:
        """Return the descriptor, without source positions: :attr:`source` has them.

        Raises:
            InterfaceError: There is no descriptor in the image.
        """
        try:
            return FileDescriptorProto.FromString(self.content)
        except DecodeError as error:
            raise self._no_descriptor(error) from error

    @cached_property
    def source(self) -> SourceCodeInfo:
        """Return positions and comments; empty if the image was made without them.

        Raises:
            InterfaceError: There is something else in the image.
        """
        try:
            return SourceCodeInfo.FromString(outline.source(self.raw))
        except DecodeError as error:
            raise self._garbled(error) from error

    @property
    def content(self) -> bytes:
        """Return the content without positions: two files with equal content are the same to every rule.

        Raises:
            InterfaceError: There is no descriptor in the image.
        """
        try:
            return outline.content(self.raw)
        except DecodeError as error:
            raise self._no_descriptor(error) from error

    def says(self, other: File) -> bool:
        """Tell whether it says the same as another file, wherever and with whatever comments either says it."""
        return self.raw == other.raw or self.content == other.content

    @property
    def path(self) -> str:
        """Return its path within the workspace."""
        return self._outline.path

    @property
    def package(self) -> str:
        """Return its package."""
        return self._outline.package

    @property
    def dependencies(self) -> tuple[str, ...]:
        """Return the paths of all files that it imports, also of those imported for their options only."""
        return self._outline.dependencies

    @property
    def option_dependencies(self) -> frozenset[str]:
        """Return the paths of files that it imports for their options only: an image need not have them."""
        return self._outline.option_dependencies

    @property
    def is_marked_as_import(self) -> bool:
        """Tell whether the image marks it as an import."""
        return self._outline.is_import

    @cached_property
    def _outline(self) -> Outline:
        return outline.outline(self.raw)

    @cached_property
    def spans(self) -> Mapping[SourcePath, Span]:
        """Return the spans of all parts by source path."""
        spans: dict[SourcePath, Span] = {}
        for location in self.source.location:
            spans.setdefault(tuple(location.path), _span(self.path, tuple(location.span)))
        return spans

    def span(self, *path: int) -> Span | None:
        """Tell where the part with this source path is written; ``None`` if the source does not say.

        Raises:
            InterfaceError: There is something else than positions in the image.
        """
        try:
            numbers = self._positions.find(path)
        except (ValueError, DecodeError) as error:
            raise self._garbled(error) from error
        return _span(self.path, numbers) if numbers is not None else None

    def mentions(self, text: bytes) -> bool:
        """Tell whether a text occurs anywhere in the file, comments included; asked again, it is not searched again."""
        if text not in self._mentioned:
            self._mentioned[text] = text in self.raw
        return self._mentioned[text]

    @cached_property
    def messages(self) -> Mapping[str, Element[DescriptorProto]]:
        """Return the messages at every depth by nested name, with those that protoc makes for maps."""
        return {message.nested_name: message for message in self._messages()}

    @cached_property
    def enums(self) -> Mapping[str, Element[EnumDescriptorProto]]:
        """Return the enums at every depth by nested name."""
        found = [
            Element(self, (FILE_ENUM, index), proto, proto.name) for index, proto in enumerate(self.proto.enum_type)
        ]
        for message in self.messages.values():
            found += [
                Element(
                    self, (*message.path, MESSAGE_ENUM, index), proto, f"{message.nested_name}.{proto.name}", message
                )
                for index, proto in enumerate(message.proto.enum_type)
            ]
        return {enum.nested_name: enum for enum in found}

    @cached_property
    def services(self) -> Mapping[str, Element[ServiceDescriptorProto]]:
        """Return the services by name."""
        return {
            proto.name: Element(self, (FILE_SERVICE, index), proto, proto.name)
            for index, proto in enumerate(self.proto.service)
        }

    @cached_property
    def extensions(self) -> Mapping[str, Element[FieldDescriptorProto]]:
        """Return the extensions at every depth by nested name."""
        found = [
            Element(self, (FILE_EXTENSION, index), proto, proto.name)
            for index, proto in enumerate(self.proto.extension)
        ]
        for message in self.messages.values():
            found += [
                Element(
                    self,
                    (*message.path, MESSAGE_EXTENSION, index),
                    proto,
                    f"{message.nested_name}.{proto.name}",
                    message,
                )
                for index, proto in enumerate(message.proto.extension)
            ]
        return {extension.nested_name: extension for extension in found}

    @cached_property
    def _mentioned(self) -> dict[bytes, bool]:
        return {}

    @cached_property
    def fields(self) -> dict[SourcePath, Mapping[int, Element[FieldDescriptorProto]]]:
        """Return the fields by number of those messages, by source path, that :func:`fields` has visited."""
        return {}

    @cached_property
    def values(self) -> dict[SourcePath, Mapping[int, Mapping[str, Element[EnumValueDescriptorProto]]]]:
        """Values by number and name of those enums, by source path, of which :func:`values` was asked."""
        return {}

    @cached_property
    def methods(self) -> dict[SourcePath, Mapping[str, Element[MethodDescriptorProto]]]:
        """Rpcs by name of those services, by source path, of which :func:`methods` was asked."""
        return {}

    @cached_property
    def _positions(self) -> Positions:
        return Positions(outline.source(self.raw))

    def _no_descriptor(self, error: Exception) -> InterfaceError:
        outline.require_memory(error)
        return InterfaceError(f"'{self.path}' is no file descriptor: {error}", hint="make the image again")

    def _garbled(self, error: Exception) -> InterfaceError:
        outline.require_memory(error)
        return InterfaceError(f"'{self.path}' has no source positions: {error}", hint="make the image again")

    def _messages(self) -> Iterator[Element[DescriptorProto]]:
        waiting = [
            Element(self, (FILE_MESSAGE, index), proto, proto.name)
            for index, proto in enumerate(self.proto.message_type)
        ]
        while waiting:
            message = waiting.pop(0)
            yield message
            waiting += [
                Element(
                    self,
                    (*message.path, MESSAGE_NESTED, index),
                    proto,
                    f"{message.nested_name}.{proto.name}",
                    message,
                )
                for index, proto in enumerate(message.proto.nested_type)
            ]


def _span(path: str, numbers: tuple[int, ...]) -> Span:
    # descriptor.proto leaves the line of the end out if it is the line of the start.
    if len(numbers) not in (3, 4) or min(numbers) < 0:
        return Span(path, 1, 1, 1, 1)  # no compiler writes that: the file as a whole
    end_line = numbers[0] if len(numbers) == 3 else numbers[2]
    return Span(path, numbers[0] + 1, numbers[1] + 1, end_line + 1, numbers[-1] + 1)


def fields(message: Element[DescriptorProto]) -> Mapping[int, Element[FieldDescriptorProto]]:
    """Return fields of a message by number."""
    known = message.file.fields
    if message.path not in known:
        known[message.path] = {
            proto.number: Element(
                message.file,
                (*message.path, MESSAGE_FIELD, index),
                proto,
                f"{message.nested_name}.{proto.name}",
                message,
            )
            for index, proto in enumerate(message.proto.field)
        }
    return known[message.path]


def oneofs(message: Element[DescriptorProto]) -> Mapping[str, Element[OneofDescriptorProto]]:
    """Oneofs of a message by name, without those that protoc makes for ``optional`` fields."""
    synthetic = {field.oneof_index for field in message.proto.field if field.proto3_optional}
    return {
        proto.name: Element(
            message.file, (*message.path, MESSAGE_ONEOF, index), proto, f"{message.nested_name}.{proto.name}", message
        )
        for index, proto in enumerate(message.proto.oneof_decl)
        if index not in synthetic
    }


def values(enum: Element[EnumDescriptorProto]) -> Mapping[int, Mapping[str, Element[EnumValueDescriptorProto]]]:
    """Values of an enum by number and name; aliases share a number."""
    known = enum.file.values
    if enum.path not in known:
        grouped: dict[int, dict[str, Element[EnumValueDescriptorProto]]] = {}
        for index, proto in enumerate(enum.proto.value):
            value = Element(enum.file, (*enum.path, ENUM_VALUE, index), proto, f"{enum.nested_name}.{proto.name}", enum)
            grouped.setdefault(proto.number, {})[proto.name] = value
        known[enum.path] = grouped
    return known[enum.path]


def methods(service: Element[ServiceDescriptorProto]) -> Mapping[str, Element[MethodDescriptorProto]]:
    """Rpcs of a service by name."""
    known = service.file.methods
    if service.path not in known:
        known[service.path] = {
            proto.name: Element(
                service.file,
                (*service.path, SERVICE_METHOD, index),
                proto,
                f"{service.nested_name}.{proto.name}",
                service,
            )
            for index, proto in enumerate(service.proto.method)
        }
    return known[service.path]
