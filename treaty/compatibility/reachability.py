"""Which messages and enums a consumer reads, and which it writes.

A consumer writes what requests are made of and reads what responses and events are made of. What neither reaches is
used by somebody whom the workspace does not know, in either way.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from google.api.field_behavior_pb2 import FieldBehavior
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, MethodDescriptorProto

from treaty.compatibility.options import FIELD_BEHAVIOR, Options
from treaty.compatibility.schema import Element, State


class Use(enum.Flag):
    """What consumers do with an element."""

    NONE = 0
    WRITTEN = enum.auto()
    """Consumers write it: it is part of a request."""
    READ = enum.auto()
    """Consumers read it: it is part of a response or of an event."""


UNKNOWN = Use.WRITTEN | Use.READ
"""What an element counts as that nothing in the workspace reaches."""

_NOT_WRITTEN, _NOT_READ = FieldBehavior.OUTPUT_ONLY, FieldBehavior.INPUT_ONLY


class Reach:
    """What requests, responses and events of one state are made of.

    Fields that are OUTPUT_ONLY lead nowhere from a request, fields that are INPUT_ONLY nowhere from a response.
    """

    def __init__(self, state: State, options: Options, event_option: str) -> None:
        self._state = state
        self._options = options
        self._event_option = event_option

    def use(self, full_name: str) -> Use:
        """What consumers do with a message or enum; :data:`UNKNOWN` if nothing reaches it."""
        return self._uses.get(full_name, UNKNOWN)

    def around(self, full_name: str) -> Use:
        """What consumers do with the innermost message or enum that a name belongs to."""
        name = full_name
        while name and name not in self._uses:
            name = name.rpartition(".")[0]
        return self.use(name)

    def field(self, field: Element[FieldDescriptorProto]) -> Use:
        """What consumers do with a field, its field_behavior considered."""
        if field.parent is None:
            return UNKNOWN
        use, behaviour = self.use(field.parent.full_name), self._options.numbers(field, FIELD_BEHAVIOR)
        if _NOT_WRITTEN in behaviour:
            use &= ~Use.WRITTEN
        if _NOT_READ in behaviour:
            use &= ~Use.READ
        return use

    def witness(self, full_name: str, use: Use) -> str:
        """What makes it read or written, for example ``the response of shop.v1.Shop.Get``; empty if nothing does."""
        return (self._read if use is Use.READ else self._written).get(full_name, "")

    @cached_property
    def _uses(self) -> Mapping[str, Use]:
        uses = dict.fromkeys(self._written, Use.WRITTEN)
        for name in self._read:
            uses[name] = uses.get(name, Use.NONE) | Use.READ
        return uses

    @cached_property
    def _written(self) -> Mapping[str, str]:
        return self._reached(((rpc.input_type, f"the request of {name}") for name, rpc in self._rpcs()), _NOT_WRITTEN)

    @cached_property
    def _read(self) -> Mapping[str, str]:
        responses = ((rpc.output_type, f"the response of {name}") for name, rpc in self._rpcs())
        return self._reached((*responses, *self._events()), _NOT_READ)

    def _rpcs(self) -> Iterator[tuple[str, MethodDescriptorProto]]:
        for name, service in self._state.services.items():
            for rpc in service.proto.method:
                yield f"{name}.{rpc.name}", rpc

    def _events(self) -> Iterator[tuple[str, str]]:
        if not self._event_option:
            return
        for name, message in self._state.messages.items():
            if self._options.message(message, self._event_option) is not None:
                yield f".{name}", f"the event {name}"

    def _reached(self, roots: Iterable[tuple[str, str]], passed_over: int) -> Mapping[str, str]:
        """Everything that the roots are made of, with the root that led to it first."""
        found: dict[str, str] = {}
        waiting = sorted((name.removeprefix("."), root) for name, root in roots)
        while waiting:
            name, root = waiting.pop()
            if name not in found:
                found[name] = root
                waiting += [
                    (inner, root) for inner, behaviours in self._parts.get(name, ()) if passed_over not in behaviours
                ]
        return found

    @cached_property
    def _parts(self) -> Mapping[str, list[tuple[str, frozenset[int]]]]:
        """Messages and enums that each message is made of, with the behaviour of the field."""
        parts: dict[str, list[tuple[str, frozenset[int]]]] = {}
        for file in (*self._state.files.values(), *self._state.imports.values()):
            waiting = [(file.package, message) for message in file.proto.message_type]
            while waiting:
                scope, message = waiting.pop()
                name = f"{scope}.{message.name}" if scope else message.name
                waiting += [(name, nested) for nested in message.nested_type]
                parts[name] = [
                    (field.type_name.removeprefix("."), self._options.numbers_in(field, FIELD_BEHAVIOR))
                    for field in message.field
                    if field.type_name
                ]
        return parts
