"""The names of elements in both states of an interface, and what became of what they stand for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from google.api import field_behavior_pb2
from google.protobuf.descriptor_pb2 import FieldDescriptorProto

from servanda.interfaces.protobuf.comparison import compare
from servanda.interfaces.protobuf.rules.categories import Category
from servanda.interfaces.protobuf.rules.table import RULES
from servanda.interfaces.protobuf.schema import State
from servanda.interfaces.protobuf.schema.element import fields, values
from servanda.interfaces.protobuf.usage.catalogue import Catalogue


@dataclass(frozen=True)
class Evolution:
    """Two states of an interface, asked about one element at a time.

    Attributes:
        bases: The states that it is compared with, the oldest first; none if there was nothing yet.
    """

    bases: tuple[State, ...]
    current: State

    def names(self, element: str, *, was: bool = False) -> frozenset[str]:
        """Return full names under which consumers know an element: those that it had before; else its own.

        Args:
            element: Full name as it is now, or as it was.
            was: Whether it is the one as it was; a name that moved to another element cannot be told from it otherwise.
        """
        former = set() if was else {*self._former_field(element), *self._former_value(element)}
        return frozenset({*(former or {element}), *self._of_map(element)})

    def around(self, element: str) -> frozenset[str]:
        """Return the element that contains it, and for an enum's value the enum."""
        return frozenset(name.rpartition(".")[0] for name in self.names(element) if "." in name)

    def choice(self, element: str) -> frozenset[str]:
        """Return the oneof that a field is a member of, and the members that it had."""
        owner, _, name = element.rpartition(".")
        message = self.present.message(owner)
        field = message.fields_by_name.get(name) if message is not None else None
        oneof = field.containing_oneof if field is not None else None
        if oneof is None:
            return frozenset()
        former = [each for base in self.former if (each := base.message(owner)) is not None]
        known = [each.oneofs_by_name[oneof.name] for each in former if oneof.name in each.oneofs_by_name]
        return frozenset({f"{owner}.{oneof.name}", *(member.full_name for each in known for member in each.fields)})

    def within(self, name: str) -> frozenset[str]:
        """Return everything that a file, or the files of a package, declared before."""
        return frozenset(
            element.full_name
            for base in self.bases
            for file in ([base.files[name]] if name in base.files else base.packages.get(name, ()))
            for declared in (file.messages, file.enums, file.services, file.extensions)
            for element in declared.values()
        )

    def is_gone(self, element: str) -> bool:
        """Tell whether nothing of that name is left anywhere in the workspace."""
        state = self.current
        extensions = (extension.full_name for extension in state.extensions.values())
        return not (
            element in state.messages or element in state.enums or element in state.services or element in extensions
        )

    def is_unobservable(self, element: str) -> bool:
        """Tell whether it is or was a part of an option, which no test of a consumer can read or send."""
        return any(element in catalogue.options for catalogue in (self.present, *self.former))

    def has_field(self, element: str) -> bool:
        """Tell whether a field of that name is left, whatever its number."""
        return _field(self.current, element) is not None

    def is_taken_over(self, element: str) -> bool:
        """Tell whether the number of a former field now has the name of another former field."""
        return any(name != element and self._had_field(name) for name in self._present_field(element))

    def keeps_json_name(self, element: str) -> bool:
        """Tell whether a former field is called in JSON as before, whatever its name in the definition."""
        before = {field.json_name for base in self.bases if (field := _field(base, element)) is not None}
        after = {field.json_name for name in self._present_field(element) if (field := _field(self.current, name))}
        return before == after

    def keeps_addresses(self, method: str) -> bool:
        """Tell whether every HTTP request that meant an rpc still does, whatever the fields in its path are called."""
        after = _addresses(self.present, method)
        return all(_addresses(catalogue, method) <= after for catalogue in self.former)

    @cached_property
    def present(self) -> Catalogue:
        """Return the current state, by names and routes."""
        return Catalogue(self.current)

    @cached_property
    def former(self) -> tuple[Catalogue, ...]:
        """Return the bases, by names and routes."""
        return tuple(Catalogue(base) for base in self.bases)

    def understands_json_name(self, element: str, *, written: bool) -> bool:
        """Tell whether the JSON name of a former field still leads to a field of its message.

        Who parses JSON understands the name of the definition as well (https://protobuf.dev/programming-guides/json/);
        who writes JSON uses the JSON name only.
        """
        message = self.current.messages.get(element.rpartition(".")[0])
        present = message.proto.field if message else ()
        names = {field.json_name for field in present} | ({field.name for field in present} if written else set())
        former = {field.json_name for base in self.bases if (field := _field(base, element)) is not None}
        return former <= names

    def becomes_repeated(self, element: str) -> bool:
        """Tell whether a field that had one value has a list of them now."""
        field = _field(self.current, element)
        former = [_field(base, name) for base in self.bases for name in self.names(element)]
        return (
            field is not None
            and field.label == FieldDescriptorProto.LABEL_REPEATED
            and all(each is not None and each.label != FieldDescriptorProto.LABEL_REPEATED for each in former)
        )

    def is_output_only(self, element: str) -> bool:
        """Tell whether a field is ``OUTPUT_ONLY`` now: what callers set there is ignored (https://google.aip.dev/203)."""
        owner, _, name = element.rpartition(".")
        message = self.present.message(owner)
        field = message.fields_by_name.get(name) if message is not None else None
        behaviours = field.GetOptions().Extensions[field_behavior_pb2.field_behavior] if field is not None else ()
        return field_behavior_pb2.OUTPUT_ONLY in behaviours

    def _had_field(self, element: str) -> bool:
        return any(_field(base, element) is not None for base in self.bases)

    def _present_field(self, element: str) -> Iterator[str]:
        """Yield what the number of a former field is called now."""
        message = self.current.messages.get(element.rpartition(".")[0])
        present = fields(message) if message else {}
        former = (field for base in self.bases if (field := _field(base, element)) is not None)
        yield from (present[field.number].full_name for field in former if field.number in present)

    def differs(self, element: str, category: Category) -> bool:
        """Tell whether the change of an element changes its encoding: ``WIRE`` for bytes, ``WIRE_JSON`` for JSON."""
        return element in self._encodings[category]

    @cached_property
    def _encodings(self) -> dict[Category, frozenset[str]]:
        return {
            category: frozenset(
                breach.objection.element
                for base in self.bases
                for breach in compare(base, self.current, [rule for rule in RULES if category in rule.categories])
            )
            for category in (Category.WIRE, Category.WIRE_JSON)
        }

    def _former_field(self, element: str) -> Iterator[str]:
        message, _, name = element.rpartition(".")
        after = self.current.messages.get(message)
        numbers = [number for number, field in fields(after).items() if field.name == name] if after else []
        for base in self.bases:
            before = base.messages.get(message)
            former = fields(before) if before else {}
            yield from (former[number].full_name for number in numbers if number in former)

    def _former_value(self, element: str) -> Iterator[str]:
        enum, _, name = element.rpartition(".")
        after = self.current.enums.get(enum)
        numbers = [number for number, named in values(after).items() if name in named] if after else []
        for base in self.bases:
            before = base.enums.get(enum)
            former = values(before) if before else {}
            yield from (value.full_name for number in numbers for value in former.get(number, {}).values())

    def _of_map(self, element: str) -> Iterator[str]:
        """Yield the map field, for the entry message that protoc makes for it and for the parts of that."""
        for base, name in product(self.bases, (element, element.rpartition(".")[0])):
            entry, holder = base.messages.get(name), base.messages.get(name.rpartition(".")[0])
            if entry is not None and holder is not None and entry.proto.options.map_entry:
                yield from (f.full_name for f in fields(holder).values() if f.proto.type_name == f".{name}")


def _addresses(catalogue: Catalogue, method: str) -> set[tuple[str, str]]:
    return {(route.verb, route.pattern.text) for route in catalogue.routes if route.method.full_name == method}


def _field(state: State, element: str) -> FieldDescriptorProto | None:
    owner, _, name = element.rpartition(".")
    message = state.messages.get(owner)
    return next((field for field in message.proto.field if field.name == name), None) if message else None
