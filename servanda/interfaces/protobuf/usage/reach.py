"""Elements that calls of rpcs can touch, whatever the consumer does with their messages."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from servanda.interfaces.effect import Access
from servanda.interfaces.protobuf.usage.catalogue import Catalogue
from servanda.interfaces.protobuf.usage.values import of_path
from servanda.interfaces.usage.exchange import Side
from servanda.pact.descriptors import MessageType, map_value

_SENT = (Access.WRITE, Access.OMIT)
_READ = (Access.READ,)


class Reach:
    """Elements that are reached, with what may be done with them; see :class:`servanda.interfaces.usage.use.Coverage`.

    Args:
        states: States of the interface; in any of them the calls may be made.
    """

    def __init__(self, states: Sequence[Catalogue]) -> None:
        self._states = states
        self._found: set[tuple[str, Access]] = set()
        self._entered: set[tuple[str, Access]] = set()

    def call(self, method: str, sides: Collection[Side]) -> None:
        """Add what a call may touch.

        Args:
            method: Full name of the rpc; of an event that is received the one of its message.
            sides: What is not known of the call.
        """
        for state in self._states:
            found = state.methods.get(method)
            if found is None:
                event = state.message(method)
                if event is not None and Side.READS in sides:
                    self._add(event, _READ)
                continue
            self._found.update((name, Access.CALL) for name in (method, found.containing_service.full_name) if sides)
            if Side.WRITES in sides:
                self._add(found.input_type, _SENT)
            if Side.READS in sides:
                self._add(found.output_type, _READ)

    def masked(self, method: str, paths: Collection[str]) -> bool:
        """Add what a response may hold of which the paths of a read mask name only the outermost fields.

        Returns:
            Whether they are paths of the response, or of a resource in it; what is around that is read as well.
        """
        is_known = False
        for state in self._states:
            found = state.methods.get(method)
            if found is None:
                continue
            answered: MessageType = found.output_type
            resources = [answered, *(field.message_type for field in answered.fields if field.message_type is not None)]
            for resource in resources:
                if all(touch.known for path in paths for touch in of_path(resource, path)):
                    is_known = True
                    for path in paths:
                        self._inside(resource, path)
                    if resource is not answered:
                        self._found.update((name, Access.READ) for name in _names(answered))
        return is_known

    def covers(self, element: str, accesses: Collection[Access]) -> bool:
        """Tell whether a call may do one of these things with an element; anything if empty."""
        return any((element, access) in self._found for access in accesses or Access)

    def _inside(self, message: MessageType, path: str) -> None:
        current: MessageType | None = message
        for name in path.split("."):
            if current is None:
                return
            field = current.fields_by_name.get(name) or next((f for f in current.fields if f.json_name == name), None)
            if field is None:
                return
            current = (map_value(field) or field).message_type
        if current is not None:
            self._add(current, _READ)

    def _add(self, message: MessageType, accesses: Collection[Access]) -> None:
        for access in accesses:
            waiting = [message]
            while waiting:
                current = waiting.pop()
                if (current.full_name, access) not in self._entered:
                    self._entered.add((current.full_name, access))
                    self._found.update((name, access) for name in _names(current))
                    inner = ((map_value(field) or field).message_type for field in current.fields)
                    waiting += [each for each in inner if each is not None]


def _names(message: MessageType) -> Iterator[str]:
    yield message.full_name
    yield from (f"{message.full_name}.{oneof.name}" for oneof in message.oneofs)
    for field in message.fields:
        yield field.full_name
        enum = (map_value(field) or field).enum_type
        if enum is not None:
            yield enum.full_name
            yield from (f"{enum.full_name}.{value.name}" for value in enum.values)
