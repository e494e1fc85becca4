"""How a finding's element is found among the uses: by the name it had, and by what stands around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from treaty.compatibility.comparison import compare
from treaty.compatibility.rules.rule import Category
from treaty.compatibility.rules.table import RULES
from treaty.compatibility.schema import State
from treaty.compatibility.schema.element import fields, values


@dataclass(frozen=True)
class Change:
    """The two states of the interface, asked about one element at a time."""

    previous: State
    current: State

    def names(self, element: str) -> frozenset[str]:
        """Full names under which consumers may know an element: its own and the one it had before."""
        return frozenset({element, *self._former_field(element), *self._former_value(element), *self._of_map(element)})

    def around(self, element: str) -> frozenset[str]:
        """The element that contains it, and for an enum's value the enum."""
        return frozenset(name.rpartition(".")[0] for name in self.names(element) if "." in name)

    def within(self, name: str) -> frozenset[str]:
        """Everything that a file, or the files of a package, declared before."""
        files = [self.previous.files[name]] if name in self.previous.files else self.previous.packages.get(name, ())
        return frozenset(
            element.full_name
            for file in files
            for declared in (file.messages, file.enums, file.services, file.extensions)
            for element in declared.values()
        )

    def is_gone(self, element: str) -> bool:
        """Whether nothing of that name is left anywhere in the workspace."""
        state = self.current
        extensions = (extension.full_name for extension in state.extensions.values())
        return not (
            element in state.messages or element in state.enums or element in state.services or element in extensions
        )

    def differs(self, element: str, category: Category) -> bool:
        """Whether the change of an element changes its encoding: ``WIRE`` for bytes, ``WIRE_JSON`` for JSON."""
        return element in self._encodings[category]

    @cached_property
    def _encodings(self) -> dict[Category, frozenset[str]]:
        return {
            category: frozenset(
                breach.objection.element
                for breach in compare(
                    self.previous, self.current, [rule for rule in RULES if category in rule.categories]
                )
            )
            for category in (Category.WIRE, Category.WIRE_JSON)
        }

    def _former_field(self, element: str) -> Iterator[str]:
        message, _, name = element.rpartition(".")
        before, after = self.previous.messages.get(message), self.current.messages.get(message)
        if before is None or after is None:
            return
        former = fields(before)
        for number, field in fields(after).items():
            if field.name == name and number in former:
                yield former[number].full_name

    def _former_value(self, element: str) -> Iterator[str]:
        enum, _, name = element.rpartition(".")
        before, after = self.previous.enums.get(enum), self.current.enums.get(enum)
        if before is None or after is None:
            return
        former = values(before)
        for number, named in values(after).items():
            if name in named and number in former:
                yield from (value.full_name for value in former[number].values())

    def _of_map(self, element: str) -> Iterator[str]:
        """The map field, for the entry message that protoc makes for it and for the parts of that."""
        for name in (element, element.rpartition(".")[0]):
            entry = self.previous.messages.get(name)
            if entry is None or not entry.proto.options.map_entry:
                continue
            holder = self.previous.messages.get(name.rpartition(".")[0])
            if holder is not None:
                yield from (f.full_name for f in fields(holder).values() if f.proto.type_name == f".{name}")
