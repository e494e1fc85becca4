"""One change is one story: the element of which the change of another element is a part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, MethodDescriptorProto

from servanda.interfaces.protobuf.options import HTTP
from servanda.interfaces.protobuf.rules.events import event
from servanda.interfaces.protobuf.rules.subject import Comparison
from servanda.interfaces.protobuf.schema import Element, State
from servanda.interfaces.protobuf.schema.element import fields, methods
from servanda.protobuf_runtime import all_equal

_LONGEST = 20
"""Deletions that lead to each other; messages may contain themselves."""


class Stories:
    """The changes between two states, as a person would tell them.

    Args:
        comparison: Both states.
    """

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison
        # Whatever came, went or became another thing is in a file that differs: no other one has to be parsed.
        self._previous, self._current = comparison.differing

    def of(self, element: str) -> str:
        """Return the element whose change that of an element is a part of; empty if it stands for itself.

        That is the map field, for the entry message that protoc makes of it; the former name, for a field that has
        another one; for a message or enum that is gone what it was a part of, or what alone used it, if that is gone,
        too; and the package, for a file whose package has another name.
        """
        told = [element]
        while len(told) < _LONGEST:
            wider = self._wider(told[-1])
            if wider in ("", *told):
                break
            told.append(wider)
        return told[-1] if len(told) > 1 else ""

    def is_renamed(self, element: str) -> bool:
        """Tell whether an rpc, service or event that is gone is there under another name."""
        owner, _, name = element.rpartition(".")
        previous, current = self._previous, self._current
        if element in previous.messages:
            return element not in current.messages and self._is_renamed_event(previous.messages[element])
        if element in previous.services and element not in current.services:
            return any(self._has_successor(method) for method in methods(previous.services[element]).values())
        if owner not in previous.services or name not in methods(previous.services[owner]):
            return False
        now = current.services.get(owner)
        is_gone = now is None or name not in methods(now)
        return is_gone and self._has_successor(methods(previous.services[owner])[name])

    def _is_renamed_event(self, message: Element[DescriptorProto]) -> bool:
        """Tell whether a message whose name is in records has a successor with the same fields."""
        option = self._comparison.conventions.event_option
        if event(message, self._comparison.options[0], option) is None:
            return False
        previous, current = self._previous, self._current
        new = [each for name, each in current.messages.items() if name not in previous.messages]
        return any(all_equal(each.proto.field, message.proto.field) for each in new)

    def _has_successor(self, method: Element[MethodDescriptorProto]) -> bool:
        before, after = self._comparison.options
        route = before.message(method, HTTP)
        types = (method.proto.input_type, method.proto.output_type)
        for new in self._new_methods:
            if (new.proto.input_type, new.proto.output_type) == types:
                return True
            if route is not None and str(after.message(new, HTTP)) == str(route):
                return True
        return False

    @cached_property
    def _new_methods(self) -> tuple[Element[MethodDescriptorProto], ...]:
        previous, current = self._previous, self._current
        known = {each.full_name for service in previous.services.values() for each in methods(service).values()}
        found = (each for service in current.services.values() for each in methods(service).values())
        return tuple(each for each in found if each.full_name not in known)

    def _wider(self, element: str) -> str:
        previous, current = self._previous, self._current
        former, now = previous.files.get(element), current.files.get(element)
        if former is not None:
            return f"package {former.package}" if now is not None and now.package != former.package else ""
        for state in (previous, current):
            field = _of_entry(state, element)
            if field:
                return self._former(field) or field
        return self._former(element) or self._gone_owner(element) or self._sole_user(element)

    def _gone_owner(self, element: str) -> str:
        """Return the message or service that a field or rpc was a part of, if that is gone as a whole."""
        owner = element.rpartition(".")[0]
        previous, current = self._previous, self._current
        was = owner in previous.messages or owner in previous.services
        return owner if was and owner not in current.messages and owner not in current.services else ""

    def _former(self, element: str) -> str:
        """Return the name that a field had, if no field has that name now."""
        owner, _, name = element.rpartition(".")
        before, after = self._previous.messages.get(owner), self._current.messages.get(owner)
        if before is None or after is None:
            return ""
        names = {field.name for field in fields(after).values()}
        for number, field in fields(after).items():
            was = fields(before).get(number)
            if field.name == name and was is not None and was.name != name and was.name not in names:
                return was.full_name
        return ""

    def _sole_user(self, element: str) -> str:
        if not self._is_gone(element):
            return ""
        users = self._users.get(element, frozenset()) - {element}
        return next(iter(users)) if len(users) == 1 and all(map(self._is_gone_part, users)) else ""

    def _is_gone(self, element: str) -> bool:
        previous, current = self._previous, self._current
        was = element in previous.messages or element in previous.enums
        return was and element not in current.messages and element not in current.enums

    def _is_gone_part(self, element: str) -> bool:
        owner, _, name = element.rpartition(".")
        current = self._current
        if owner in current.services:
            return name not in methods(current.services[owner])
        if owner in current.messages:
            former = self._previous.messages.get(owner)
            numbers = {number for number, field in fields(former).items() if field.name == name} if former else set()
            return not numbers & fields(current.messages[owner]).keys()
        return True

    @cached_property
    def _users(self) -> Mapping[str, frozenset[str]]:
        """Return rpcs and fields by the type that they use; whoever used what is gone is in a file that differs."""
        found: dict[str, set[str]] = {}
        for type_, user in _uses(self._previous):
            found.setdefault(type_, set()).add(user)
        return {type_: frozenset(users) for type_, users in found.items()}


def _uses(state: State) -> Iterator[tuple[str, str]]:
    for service in state.services.values():
        for method in methods(service).values():
            yield method.proto.input_type.lstrip("."), method.full_name
            yield method.proto.output_type.lstrip("."), method.full_name
    for message in state.messages.values():
        for field in fields(message).values():
            if field.proto.type_name:
                user = _of_entry(state, message.full_name) or field.full_name
                yield field.proto.type_name.lstrip("."), user


def _of_entry(state: State, element: str) -> str:
    """Return the map field whose entry message this is; empty if it is none."""
    entry, holder = state.messages.get(element), state.messages.get(element.rpartition(".")[0])
    if entry is None or holder is None or not entry.proto.options.map_entry:
        return ""
    return next((each.full_name for each in fields(holder).values() if _type(each.proto) == element), "")


def _type(field: FieldDescriptorProto) -> str:
    return field.type_name.lstrip(".")
