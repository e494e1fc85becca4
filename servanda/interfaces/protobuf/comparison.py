"""Running rules over two states of a workspace."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeVar

from servanda.interfaces.protobuf.rules.subject import NO_CONVENTIONS, Comparison, Conventions, Pair, Subject
from servanda.interfaces.protobuf.schema import Element, State
from servanda.interfaces.protobuf.schema.element import fields, methods, values
from servanda.interfaces.rule import Objection, Rule
from servanda.protobuf_runtime import equal

Key = TypeVar("Key")
Side = TypeVar("Side")


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule with one of its objections to a comparison."""

    rule: Rule
    objection: Objection
    comparison: Comparison


def compare(
    previous: State, current: State, rules: Iterable[Rule], conventions: Conventions = NO_CONVENTIONS
) -> list[Breach]:
    """Return all that the rules object to, in the order of paths, places and rules."""
    comparison = Comparison(previous, current, conventions)
    subjects = _Subjects(comparison)
    by_subject: dict[str, list[Rule]] = {}
    for rule in rules:
        by_subject.setdefault(rule.subject, []).append(rule)
    breaches = [
        Breach(rule, objection, comparison)
        for name, members in by_subject.items()
        for subject in subjects.of(Subject(name))
        for rule in members
        for objection in rule.handler(subject)
    ]
    return sorted(breaches, key=_order)


def _order(breach: Breach) -> tuple[object, ...]:
    objection = breach.objection
    span = objection.span
    place = (span.start_line, span.start_column) if span else (0, 0)
    return (objection.path, *place, breach.rule.id, objection.element, objection.message)


class _Subjects:
    """The pairs of elements that rules are handed."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison

    def of(self, subject: Subject) -> Iterable[Comparison | Pair[Any]]:
        return _PAIRS[subject](self)

    @property
    def states(self) -> Iterable[Comparison]:
        return (self._comparison,)

    @property
    def files(self) -> Iterator[Pair[Any]]:
        previous, current = self._comparison.differing
        return self._common(previous.files, current.files)

    @cached_property
    def messages(self) -> list[Pair[Any]]:
        previous, current = self._comparison.differing
        return self._changed(previous.messages, current.messages)

    @cached_property
    def enums(self) -> list[Pair[Any]]:
        previous, current = self._comparison.differing
        return self._changed(previous.enums, current.enums)

    @cached_property
    def services(self) -> list[Pair[Any]]:
        previous, current = self._comparison.differing
        return self._changed(previous.services, current.services)

    @cached_property
    def fields(self) -> list[Pair[Any]]:
        previous, current = self._comparison.differing
        within = (field for pair in self.messages for field in self._fields_of(pair))
        return [*within, *self._common(previous.extensions, current.extensions)]

    @property
    def field_options(self) -> Iterator[Pair[Any]]:
        enums = self._comparison.difference.enums
        for pair in self.fields:
            before, after = pair.previous.proto, pair.current.proto
            if not equal(before.options, after.options) or after.type_name in enums or _owners_differ(pair):
                yield pair
        yield from self._of_changed_enums(enums)
        yield from self._under_changed_rules()

    def _of_changed_enums(self, enums: Collection[str]) -> Iterator[Pair[Any]]:
        """Yield maps of values of an enum that changed; other fields name the enum themselves."""
        previous, current = self._comparison.differing
        for pair in self._common(previous.messages, current.messages) if enums else ():
            entries = {
                f".{pair.current.full_name}.{entry.name}"
                for entry in pair.current.proto.nested_type
                if entry.options.map_entry and any(field.type_name in enums for field in entry.field)
            }
            for field in self._common(fields(pair.previous), fields(pair.current)):
                if field.current.proto.type_name in entries:
                    yield field

    def _under_changed_rules(self) -> Iterator[Pair[Any]]:
        """Yield fields that say the same, but by rules that somebody predefined in another file, and that changed."""
        previous, current = self._comparison.previous, self._comparison.current
        changed = self._comparison.changed_rules
        for path, file in current.files.items() if changed else ():
            if path in previous.files and not changed.isdisjoint((path, *file.dependencies)):
                for pair in self._common(previous.files[path].messages, file.messages):
                    for field in self._common(fields(pair.previous), fields(pair.current)):
                        if field.current.proto.HasField("options") and equal(field.previous.proto, field.current.proto):
                            yield field

    @property
    def enum_values(self) -> Iterator[Pair[Any]]:
        return (value for pair in self.enums for value in self._common(values(pair.previous), values(pair.current)))

    @property
    def methods(self) -> Iterator[Pair[Any]]:
        return (rpc for pair in self.services for rpc in self._common(methods(pair.previous), methods(pair.current)))

    def _fields_of(self, pair: Pair[Any]) -> Iterator[Pair[Any]]:
        difference = self._comparison.difference
        everything = difference.concerns_every_field(pair.previous, pair.current)
        for field in self._common(fields(pair.previous), fields(pair.current)):
            if everything or difference.concerns_field(field.previous, field.current):
                yield field

    def _changed(self, previous: Mapping[str, Element[Any]], current: Mapping[str, Element[Any]]) -> list[Pair[Any]]:
        concerns = self._comparison.difference.concerns
        return [pair for pair in self._common(previous, current) if concerns(pair.previous, pair.current)]

    def _common(self, previous: Mapping[Key, Side], current: Mapping[Key, Side]) -> Iterator[Pair[Side]]:
        for key, side in previous.items():
            if key in current:
                yield Pair(side, current[key], self._comparison)


def _owners_differ(pair: Pair[Any]) -> bool:
    """Tell whether the message of a field changed its options: some of them switch the rules of its fields off."""
    before, after = pair.previous.parent, pair.current.parent
    return before is not None and after is not None and not equal(before.proto.options, after.proto.options)


_PAIRS: Mapping[Subject, Callable[[_Subjects], Iterable[Comparison | Pair[Any]]]] = MappingProxyType(
    {
        Subject.STATE: lambda subjects: subjects.states,
        Subject.FILE: lambda subjects: subjects.files,
        Subject.MESSAGE: lambda subjects: subjects.messages,
        Subject.FIELD: lambda subjects: subjects.fields,
        Subject.FIELD_OPTIONS: lambda subjects: subjects.field_options,
        Subject.ENUM: lambda subjects: subjects.enums,
        Subject.ENUM_VALUE: lambda subjects: subjects.enum_values,
        Subject.SERVICE: lambda subjects: subjects.services,
        Subject.METHOD: lambda subjects: subjects.methods,
    }
)
