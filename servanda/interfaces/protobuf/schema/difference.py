"""Elements that differ between two states: what is the same in both needs no rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto
from google.protobuf.message import Message

from servanda.interfaces.protobuf.schema.element import Element, File
from servanda.interfaces.protobuf.schema.state import State
from servanda.protobuf_runtime import all_equal, equal


@dataclass(frozen=True, slots=True)
class Difference:
    """Both states, reduced to the files that changed, came or went, and to those whose meaning changed with them.

    A file that did not change itself can still mean something else: the default of a field is a value of its enum.

    Attributes:
        enums: Full names, with a leading dot, of enums that changed, came or went.
    """

    previous: State
    current: State
    enums: frozenset[str]

    def concerns(self, before: Element[Message], after: Element[Message]) -> bool:
        """Tell whether the same element of both states, or what it stands in, changed what it says or means."""
        if (
            not equal(before.proto, after.proto)
            or before.nested_name != after.nested_name
            or _context(before) != _context(after)
        ):
            return True
        used = before.proto.field if self.enums and isinstance(before.proto, DescriptorProto) else ()
        return any(field.type_name in self.enums for field in used)

    def concerns_every_field(self, before: Element[DescriptorProto], after: Element[DescriptorProto]) -> bool:
        """Tell whether something changed that all fields of a message share: inherited options, oneofs, map entries."""
        old, new = before.proto, after.proto
        return (
            before.nested_name != after.nested_name
            or not equal(old.options, new.options)
            or not all_equal(old.oneof_decl, new.oneof_decl)
            or not all_equal(old.nested_type, new.nested_type)
            or _context(before) != _context(after)
        )

    def concerns_field(self, before: Element[FieldDescriptorProto], after: Element[FieldDescriptorProto]) -> bool:
        """Tell whether one field changed what it says or means, where nothing changed that all of them share."""
        return not equal(before.proto, after.proto) or before.proto.type_name in self.enums


def difference(previous: State, current: State) -> Difference:
    """Return what differs between two states."""
    changed = {path for path in {*previous.files, *current.files} if not _same(previous.files, current.files, path)}
    imports = {
        path for path in {*previous.imports, *current.imports} if not _same(previous.imports, current.imports, path)
    }
    enums = set(_changed_enums(previous, current, changed | imports))
    changed |= set(_users(current, enums)) if enums else set()
    return Difference(_reduced(previous, changed), _reduced(current, changed), frozenset(name for name, _ in enums))


def leading_to(
    difference: Difference, previous: State, current: State, others: Iterable[str] = ()
) -> tuple[State, State]:
    """Both states, reduced to what can lead to something that differs: the files that do, and all that import them.

    What the files import from elsewhere stays, as that may be what leads on.

    Args:
        difference: What differs.
        previous: The former state.
        current: The present one.
        others: Paths of files that count as differing as well, imported ones among them.
    """
    differing = {*difference.previous.files, *difference.current.files, *others}
    return _around(previous, differing), _around(current, differing)


def dependents(files: Iterable[File], changed: Iterable[str]) -> set[str]:
    """Return paths of those files that import one of these, directly or through others."""
    return _reached(_importers(files), changed)


def _importers(files: Iterable[File]) -> Mapping[str, list[str]]:
    users: dict[str, list[str]] = {}
    for file in files:
        for dependency in file.dependencies:
            users.setdefault(dependency, []).append(file.path)
    return users


def _reached(users: Mapping[str, list[str]], changed: Iterable[str]) -> set[str]:
    found: set[str] = set()
    waiting = [*changed]
    while waiting:
        for user in users.get(waiting.pop(), ()):
            if user not in found:
                found.add(user)
                waiting.append(user)
    return found


def _same(before: Mapping[str, File], after: Mapping[str, File], path: str) -> bool:
    if path not in before or path not in after:
        return False
    return before[path].says(after[path])


def _around(state: State, differing: set[str]) -> State:
    kept = differing | dependents(state.files.values(), differing)
    return State((*(file for path, file in state.files.items() if path in kept), *state.imports.values()))


def _reduced(state: State, paths: set[str]) -> State:
    return State(file for path, file in state.files.items() if path in paths)


def _changed_enums(previous: State, current: State, paths: set[str]) -> Iterator[tuple[str, str]]:
    """Yield full name, with a leading dot, and file of each."""
    for state in (previous, current):
        for path in paths:
            file = state.files.get(path) or state.imports.get(path)
            for enum in file.enums.values() if file is not None else ():
                if previous.enum(enum.full_name, path) != current.enum(enum.full_name, path):
                    yield f".{enum.full_name}", path


def _users(state: State, enums: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield files that use an enum that changed."""
    importers = _importers((*state.files.values(), *state.imports.values()))
    for name, declaring in enums:
        used = name.encode()
        for path in _reached(importers, (declaring,)) & state.files.keys():
            if used in state.files[path].raw:
                yield path


def _context(element: Element[Message]) -> tuple[object, ...]:
    """Tell where the element stands, as far as features are inherited from there."""
    file, outer = element.file, element.parent
    options: list[object] = []
    while outer is not None:
        options.append(outer.proto.options)  # type: ignore[attr-defined]  # whatever holds elements has options
        outer = outer.parent
    return file.path, file.package, file.proto.syntax, file.proto.edition, file.proto.options, options
