"""Custom options of descriptors, read with the definitions that the state itself brings along."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any, TypeVar

from google.api import annotations_pb2, field_behavior_pb2
from google.protobuf import duration_pb2, field_mask_pb2, message_factory, timestamp_pb2
from google.protobuf.descriptor import FieldDescriptor, FileDescriptor
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import DecodeError, Message

from servanda.errors import InterfaceError
from servanda.interfaces.protobuf.compiler import VALIDATE, bundled_descriptors
from servanda.interfaces.protobuf.schema import Element, File, State
from servanda.protobuf_runtime import is_repeated
from servanda.verdict import Span

HTTP = "google.api.http"
FIELD_BEHAVIOR = "google.api.field_behavior"
DEFAULT_HOST = "google.api.default_host"
FIELD_RULES = "buf.validate.field"
MESSAGE_RULES = "buf.validate.message"
ONEOF_RULES = "buf.validate.oneof"

_CLIENT = "google/api/client.proto"
_BUNDLED = {
    HTTP: annotations_pb2.DESCRIPTOR.name,
    FIELD_BEHAVIOR: field_behavior_pb2.DESCRIPTOR.name,
    DEFAULT_HOST: _CLIENT,
    FIELD_RULES: VALIDATE,
    MESSAGE_RULES: VALIDATE,
    ONEOF_RULES: VALIDATE,
}

Value = TypeVar("Value")
_NOTHING: frozenset[int] = frozenset()


class Options:
    """The custom options that elements of one state carry.

    An image keeps custom options as bytes. The state's own files say what they mean; where it has no file that does,
    the definitions that are installed do.

    Raises:
        InterfaceError: A definition uses files that the state does not have, or an option does not fit its definition.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._extensions: dict[str, FieldDescriptor | None] = {}
        self._values: dict[tuple[str, bytes], object] = {}
        # ``Any``: whatever the function gives that is the first part of the key.
        self._once: dict[tuple[Callable[[Message | None], Any], str, Element[Any]], Any] = {}

    def message(self, element: Element[Message], option: str) -> Message | None:
        """Return the value of an option whose type is a message; ``None`` if the element does not have it."""
        return self.message_in(element.proto, option)

    def once(self, element: Element[Any], option: str, read: Callable[[Message | None], Value]) -> Value:
        """Return what a function reads from :meth:`message`: it is called once for an element, however many ask."""
        key = (read, option, element)
        if key not in self._once:
            self._once[key] = read(self.message(element, option))
        found: Value = self._once[key]
        return found

    def message_in(self, proto: Message, option: str) -> Message | None:
        """Return the value of an option whose type is a message, of the element with this descriptor."""
        value = self._value(proto, option)
        return value if isinstance(value, Message) else None

    def flag(self, element: Element[Message], option: str) -> bool:
        """Tell whether an option that is either true or false is true."""
        return self._value(element.proto, option) is True

    def text(self, element: Element[Message], option: str) -> str:
        """Return the value of an option that is a text; empty if the element does not have it."""
        value = self._value(element.proto, option)
        return value if isinstance(value, str) else ""

    def numbers(self, element: Element[Message], option: str) -> frozenset[int]:
        """Return the values of a repeated enum option."""
        return self.numbers_in(element.proto, option)

    def numbers_in(self, proto: Message, option: str) -> frozenset[int]:
        """Return the values of a repeated enum option of the element with this descriptor."""
        value = self._value(proto, option)
        return value if isinstance(value, frozenset) else _NOTHING

    def number(self, option: str) -> int | None:
        """Field number of an option, as source paths have it; ``None`` for an option that nobody declares."""
        extension = self._extension(option)
        return extension.number if extension is not None else None

    def span(self, element: Element[Message], option: str, *inner: int) -> Span | None:
        """Tell where an option, or a part of its value, is written; the element itself if the option is not there.

        Args:
            element: What carries the option.
            option: Full name of the option.
            inner: Source path of the part within the value.
        """
        number = self.number(option)
        place = (element.proto.DESCRIPTOR.fields_by_name["options"].number, number or 0)
        for length in range(len(inner), -1, -1):
            found = element.file.span(*element.path, *place, *inner[:length])
            if found is not None:
                return found
        # Written in parts, as in "(option).part = value", there is no place for the whole.
        whole = (*element.path, *place)
        parts = [span for path, span in element.file.spans.items() if path[: len(whole)] == whole]
        return min(parts) if parts else element.span()

    def _value(self, proto: Message, option: str) -> object:
        if not proto.HasField("options"):
            return None
        data = proto.options.SerializeToString(deterministic=True)  # type: ignore[attr-defined]  # HasField said so
        key = (option, data)
        if key not in self._values:
            self._values[key] = self._read(data, option)
        return self._values[key]

    def _read(self, data: bytes, option: str) -> object:
        extension = self._extension(option)
        if extension is None:
            return None
        # ``Any``: a class of the state's own, of which nothing is known before.
        kind: Any = extension.containing_type
        try:
            options: Any = message_factory.GetMessageClass(kind).FromString(data)
        except DecodeError as error:
            raise InterfaceError(f"the option {option} of an element is malformed: {error}") from error
        if is_repeated(extension):
            return frozenset(options.Extensions[extension])
        return options.Extensions[extension] if options.HasExtension(extension) else None

    def _extension(self, option: str) -> FieldDescriptor | None:
        if option not in self._extensions:
            self._extensions[option] = self._found(option)
        return self._extensions[option]

    def _found(self, option: str) -> FieldDescriptor | None:
        file = self._declaring(option)
        if file is None:
            return None
        pool = DescriptorPool()
        try:
            for each in with_dependencies(file, self._everything):
                pool.Add(each)
        except TypeError as error:
            raise InterfaceError(f"the option {option} cannot be read: {error}", where=file.name) from error
        return pool.FindExtensionByName(option)

    def _declaring(self, option: str) -> FileDescriptorProto | None:
        package, _, name = option.rpartition(".")
        for file in self._everything.values():
            if file.package == package and any(each.name == name for each in file.extension):
                return file
        return self._installed.get(_BUNDLED.get(option, ""))

    @cached_property
    def _everything(self) -> dict[str, FileDescriptorProto]:
        """Return files that declare options or may be used by those that do: few, and small beside the rest."""
        found = dict(self._installed)
        for file in (*self._state.files.values(), *self._state.imports.values()):
            if _declares_options(file):
                found.update({each.name: each for each in _closure(file, self._state)})
        return found

    @cached_property
    def _installed(self) -> dict[str, FileDescriptorProto]:
        found = {file.name: file for file in _installed_files()}
        everything = (*self._state.files.values(), *self._state.imports.values())
        # What takes longer to import than a small workspace to compare, and most have none of its options.
        if any(VALIDATE in file.dependencies for file in everything):
            found.update({file.name: file for file in bundled_descriptors().file})
        if any(_CLIENT in file.dependencies for file in everything):
            found.update({file.name: file for file in _client_files()})
        return found


def _declares_options(file: File) -> bool:
    # Without positions it would be less to search, but they would have to be found first.
    return b".google.protobuf." in file.raw and b"Options" in file.raw and bool(file.proto.extension)


def _closure(file: File, state: State) -> Iterator[FileDescriptorProto]:
    waiting, seen = [file.path], set[str]()
    while waiting:
        path = waiting.pop()
        known = state.files.get(path) or state.imports.get(path)
        if known is not None and path not in seen:
            seen.add(path)
            waiting += known.dependencies
            yield known.proto


def with_dependencies(
    file: FileDescriptorProto, known: dict[str, FileDescriptorProto]
) -> Iterator[FileDescriptorProto]:
    """Yield a file after all that it imports, each once: a pool takes them in this order only."""
    done: set[str] = set()

    def visit(each: FileDescriptorProto) -> Iterator[FileDescriptorProto]:
        if each.name in done:
            return
        done.add(each.name)
        for path in each.dependency:
            if path in known:
                yield from visit(known[path])
        yield each

    yield from visit(file)


def _installed_files() -> Iterator[FileDescriptorProto]:
    """Yield the definitions of most options, and of what they are made of."""
    for module in (annotations_pb2, field_behavior_pb2, duration_pb2, field_mask_pb2, timestamp_pb2):
        yield from _generated(module.DESCRIPTOR)


def well_known_files() -> Iterator[FileDescriptorProto]:
    """Yield the definitions of the well-known types that rules of buf.validate speak about."""
    from google.protobuf import any_pb2, descriptor_pb2, empty_pb2, struct_pb2, wrappers_pb2  # noqa: PLC0415  # as above

    for module in (
        descriptor_pb2,
        any_pb2,
        duration_pb2,
        empty_pb2,
        field_mask_pb2,
        struct_pb2,
        timestamp_pb2,
        wrappers_pb2,
    ):
        yield from _generated(module.DESCRIPTOR)


def _client_files() -> Iterator[FileDescriptorProto]:
    from google.api import client_pb2  # noqa: PLC0415  # as above

    yield from _generated(client_pb2.DESCRIPTOR)


def _generated(descriptor: FileDescriptor) -> Iterator[FileDescriptorProto]:
    for dependency in descriptor.dependencies:
        yield from _generated(dependency)
    yield FileDescriptorProto.FromString(descriptor.serialized_pb)
