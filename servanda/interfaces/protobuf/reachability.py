"""Messages and enums that a consumer reads, and those that it writes.

A consumer writes what requests are made of and reads what responses and events are made of. What neither reaches is
used by somebody whom the workspace does not know, in either way.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from google.api.field_behavior_pb2 import FieldBehavior
from google.protobuf.descriptor_pb2 import FieldDescriptorProto

from servanda.interfaces.protobuf.constraints.closed import Way, closed_ways
from servanda.interfaces.protobuf.options import FIELD_BEHAVIOR, Options
from servanda.interfaces.protobuf.schema import Element, File, State
from servanda.interfaces.protobuf.updates import is_update
from servanda.interfaces.transition import Direction

_NO_BEHAVIOUR: frozenset[int] = frozenset()
_NOT_WRITTEN, _NOT_READ = FieldBehavior.OUTPUT_ONLY, FieldBehavior.INPUT_ONLY


@dataclass(slots=True)
class _Outline:
    """Part of one file in reachability.

    Attributes:
        parts: What each message is made of: names of messages and enums, each with the behaviour of the field.
        written: Types of requests, with what they are.
        read: Types of responses and events, with what they are.
    """

    file: File
    parts: dict[str, list[tuple[str, frozenset[int]]]] = field(default_factory=dict)
    written: list[tuple[str, str]] = field(default_factory=list)
    read: list[tuple[str, str]] = field(default_factory=list)


class Reach:
    """Types in the requests, responses and events of one state.

    Fields that are OUTPUT_ONLY lead nowhere from a request, fields that are INPUT_ONLY nowhere from a response.

    Args:
        state: The state.
        options: Reader of its options.
        event_option: Full name of the option that marks an event; empty if none does.
        before: The same of a state that has most files in common: they are not looked at again.
        same: Paths of files of which it is known that they say the same there.
    """

    def __init__(
        self,
        state: State,
        options: Options,
        event_option: str,
        before: Reach | None = None,
        same: Container[str] = (),
    ) -> None:
        self._state = state
        self._options = options
        self._event_option = event_option
        self._before = before
        self._same = same

    def use(self, full_name: str) -> Direction:
        """Return what consumers do with a message or enum.

        It is :data:`Direction.BOTH` if nothing reaches it, and :data:`Direction.NONE` if it is reached only through
        fields that those who could use it do not: OUTPUT_ONLY ones of requests, INPUT_ONLY ones of responses.
        """
        return self._uses.get(full_name, self._outside(full_name))

    def validated(self, full_name: str) -> Direction:
        """Return what consumers do with a message that its validation rules have a say in: see :meth:`use`.

        What is only reached through fields that no validator looks into is left out.
        """
        return self.use(full_name) & self._validated.get(full_name, self._outside(full_name))

    def is_updated(self, full_name: str) -> bool:
        """Tell whether a request of an rpc that changes what there is can hold a message: see :func:`is_update`."""
        return full_name in self._updated

    def around(self, full_name: str) -> Direction:
        """Return what consumers do with the innermost message or enum that a name belongs to."""
        name = full_name
        while name and name not in self._uses:
            name = name.rpartition(".")[0]
        return self._uses.get(name, Direction.BOTH)

    def field(self, element: Element[FieldDescriptorProto]) -> Direction:
        """Return what consumers do with a field, its field_behavior considered."""
        if element.parent is None:
            return Direction.BOTH
        use, behaviour = self.use(element.parent.full_name), self._options.numbers(element, FIELD_BEHAVIOR)
        if _NOT_WRITTEN in behaviour:
            use &= ~Direction.WRITTEN
        if _NOT_READ in behaviour:
            use &= ~Direction.READ
        return use

    def witness(self, full_name: str, use: Direction) -> str:
        """Return what makes it read or written, as ``the response of shop.v1.Shop.Get``; empty if nothing does."""
        return (self._read if use is Direction.READ else self._written).get(full_name, "")

    def _outside(self, full_name: str) -> Direction:
        """Return what consumers may do with what no field that they use leads to."""
        return Direction.NONE if full_name in self._mentioned else Direction.BOTH

    @cached_property
    def _uses(self) -> Mapping[str, Direction]:
        return _united(self._written, self._read)

    @cached_property
    def _validated(self) -> Mapping[str, Direction]:
        closed = closed_ways((*self._state.files.values(), *self._state.imports.values()), self._options)
        if not closed:
            return self._uses
        return _united(
            self._reached(self._requests, _NOT_WRITTEN, closed), self._reached(self._answers, _NOT_READ, closed)
        )

    @cached_property
    def _mentioned(self) -> Mapping[str, str]:
        return self._reached((*self._requests, *self._answers), None)

    @cached_property
    def _written(self) -> Mapping[str, str]:
        return self._reached(self._requests, _NOT_WRITTEN)

    @cached_property
    def _read(self) -> Mapping[str, str]:
        return self._reached(self._answers, _NOT_READ)

    @cached_property
    def _updated(self) -> Mapping[str, str]:
        services = (service for file in self._state.files.values() for service in file.proto.service)
        updates = (rpc for service in services for rpc in service.method if is_update(rpc, self._options))
        return self._reached(((rpc.input_type.removeprefix("."), rpc.name) for rpc in updates), _NOT_WRITTEN)

    @property
    def _requests(self) -> Iterator[tuple[str, str]]:
        return (root for outline in self._outlines.values() for root in outline.written)

    @property
    def _answers(self) -> Iterator[tuple[str, str]]:
        return (root for outline in self._outlines.values() for root in outline.read)

    def _reached(
        self, roots: Iterable[tuple[str, str]], passed_over: int | None, closed: Container[Way] = ()
    ) -> Mapping[str, str]:
        """Return everything that the roots are made of, with the root that led to it first."""
        found: dict[str, str] = {}
        waiting = sorted(roots)
        while waiting:
            name, root = waiting.pop()
            if name not in found:
                found[name] = root
                waiting += [
                    (inner, root)
                    for inner, behaviours in self._parts.get(name, ())
                    if passed_over not in behaviours and (name, inner) not in closed
                ]
        return found

    @cached_property
    def _parts(self) -> Mapping[str, list[tuple[str, frozenset[int]]]]:
        return {name: parts for outline in self._outlines.values() for name, parts in outline.parts.items()}

    @cached_property
    def _outlines(self) -> Mapping[str, _Outline]:
        known = self._before._outlines if self._before is not None else {}  # noqa: SLF001  # the same class
        outlines: dict[str, _Outline] = {}
        for file in (*self._state.files.values(), *self._state.imports.values()):
            before = known.get(file.path)
            same = before is not None and (file.path in self._same or before.file.says(file))
            outlines[file.path] = before if before is not None and same else self._outline(file)
        return outlines

    def _outline(self, file: File) -> _Outline:
        outline, package = _Outline(file), file.package
        waiting = [(package, message) for message in file.proto.message_type]
        while waiting:
            scope, message = waiting.pop()
            name = f"{scope}.{message.name}" if scope else message.name
            waiting += [(name, nested) for nested in message.nested_type]
            outline.parts[name] = [
                (
                    type_name.removeprefix("."),
                    self._options.numbers_in(part, FIELD_BEHAVIOR) if part.HasField("options") else _NO_BEHAVIOUR,
                )
                for part in message.field
                if (type_name := part.type_name)
            ]
            if self._event_option and self._options.message_in(message, self._event_option) is not None:
                outline.read.append((name, f"the event {name}"))
        for service in file.proto.service if not file.imported else ():
            prefix = f"{package}.{service.name}" if package else service.name
            for rpc in service.method:
                outline.written.append((rpc.input_type.removeprefix("."), f"the request of {prefix}.{rpc.name}"))
                outline.read.append((rpc.output_type.removeprefix("."), f"the response of {prefix}.{rpc.name}"))
        return outline


def _united(written: Iterable[str], read: Iterable[str]) -> Mapping[str, Direction]:
    uses = dict.fromkeys(written, Direction.WRITTEN)
    for name in read:
        uses[name] = uses.get(name, Direction.NONE) | Direction.READ
    return uses
