"""The messages and rpcs of a workspace, found by name or by HTTP request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from google.api import annotations_pb2, http_pb2
from google.protobuf import descriptor_pool
from google.protobuf.descriptor import MethodDescriptor

from servanda.errors import InterfaceError
from servanda.interfaces.protobuf.schema import File, State
from servanda.interfaces.protobuf.usage.routes import Route
from servanda.pact.descriptors import MessageType

_OPTIONS = re.compile(r"\.google\.protobuf\.\w+Options")


class Catalogue:
    """Declarations of one state of a workspace.

    Raises:
        InterfaceError: The state is incomplete: a file imports what is not there.
    """

    def __init__(self, state: State) -> None:
        self._files = {**state.imports, **state.files}
        self._own = tuple(state.files)

    @cached_property
    def pool(self) -> descriptor_pool.DescriptorPool:
        """Return the pool that its messages are from."""
        pool = descriptor_pool.DescriptorPool()
        for file in _in_order_of_import(self._files):
            try:
                pool.AddSerializedFile(file.raw)
            except TypeError as error:
                raise InterfaceError(f"the descriptors cannot be used: {error}", where=file.path) from error
        return pool

    @cached_property
    def methods(self) -> Mapping[str, MethodDescriptor]:
        """Return every rpc by full name, in the order of files and declarations."""
        return {
            method.full_name: method
            for path in self._own
            for service in self.pool.FindFileByName(path).services_by_name.values()
            for method in service.methods
        }

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        """Return every HTTP binding of every rpc; those without wildcards first."""
        found = [route for method in self.methods.values() for route in _routes(method)]
        return tuple(sorted(found, key=lambda route: route.rank))

    def message(self, full_name: str) -> MessageType | None:
        """Return a message by full name, imported ones included."""
        try:
            return self.pool.FindMessageTypeByName(full_name)
        except KeyError:
            return None

    @cached_property
    def elements(self) -> frozenset[str]:
        """Return the full names of all elements that the workspace itself declares."""
        return frozenset(name for path in self._own for name in _names(self._files[path]))

    @cached_property
    def enums(self) -> frozenset[str]:
        """Return the full names of the enums that the workspace itself declares."""
        return frozenset(enum.full_name for path in self._own for enum in self._files[path].enums.values())

    @cached_property
    def options(self) -> frozenset[str]:
        """Return the options of the workspace, with all their types: no request and no event holds them."""
        declared = [
            extension
            for path in self._own
            for extension in self._files[path].extensions.values()
            if _OPTIONS.fullmatch(extension.proto.extendee)
        ]
        types = tuple(extension.proto.type_name.lstrip(".") for extension in declared if extension.proto.type_name)
        inside = (name for name in self.elements if any(name == each or name.startswith(f"{each}.") for each in types))
        return frozenset((*(extension.full_name for extension in declared), *inside))

    @cached_property
    def synthetic_oneofs(self) -> frozenset[str]:
        """Return the oneofs that stand for the word ``optional``: nobody wrote them, and nobody uses them."""
        return frozenset(
            f"{message.full_name}.{message.proto.oneof_decl[field.oneof_index].name}"
            for path in self._own
            for message in self._files[path].messages.values()
            for field in message.proto.field
            if field.proto3_optional
        )

    def covers(self, element: str) -> bool:
        """Tell whether an element of this full name would have to be here, because its package is."""
        return any(element.startswith(f"{package}.") for package in self._packages)

    @cached_property
    def _packages(self) -> frozenset[str]:
        return frozenset(self._files[path].proto.package for path in self._own)


def _in_order_of_import(files: Mapping[str, File]) -> Iterator[File]:
    seen: set[str] = set()
    for root in files:
        waiting = [(root, False)]
        while waiting:
            path, complete = waiting.pop()
            if complete and path in files:
                yield files[path]
            elif path not in seen:
                seen.add(path)
                waiting.append((path, True))
                imports: Iterable[str] = files[path].proto.dependency if path in files else ()
                waiting += [(each, False) for each in imports if each not in seen]


def _routes(method: MethodDescriptor) -> Iterator[Route]:
    options = method.GetOptions()
    if not options.HasExtension(annotations_pb2.http):
        return
    first: http_pb2.HttpRule = options.Extensions[annotations_pb2.http]
    for rule in (first, *first.additional_bindings):
        verb = rule.WhichOneof("pattern")
        if verb is not None:
            kind, path = (rule.custom.kind, rule.custom.path) if verb == "custom" else (verb, getattr(rule, verb))
            yield Route.parse(method, kind.upper(), path, rule.body, rule.response_body)


def _names(file: File) -> Iterator[str]:
    for message in file.messages.values():
        if message.proto.options.map_entry:
            continue
        yield message.full_name
        yield from (f"{message.full_name}.{field.name}" for field in message.proto.field)
        yield from (f"{message.full_name}.{oneof.name}" for oneof in message.proto.oneof_decl)
    for enum in file.enums.values():
        yield enum.full_name
        yield from (f"{enum.full_name}.{value.name}" for value in enum.proto.value)
    for service in file.services.values():
        yield service.full_name
        yield from (f"{service.full_name}.{method.name}" for method in service.proto.method)
    yield from (extension.full_name for extension in file.extensions.values())
