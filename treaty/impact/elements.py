"""How a finding's element is found among the uses: by the name it had, and by what stands around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from treaty.compatibility.comparison import compare
from treaty.compatibility.rules.rule import Category
from treaty.compatibility.rules.table import RULES
from treaty.compatibility.schema import State
from treaty.compatibility.schema.element import fields, values


@dataclass(frozen=True)
class Change:
    """What an interface was and what it is, asked about one element at a time.

    Attributes:
        bases: The states that it is compared with, the oldest first; none if there was nothing yet.
    """

    bases: tuple[State, ...]
    current: State

    def names(self, element: str) -> frozenset[str]:
        """Full names under which consumers may know an element: its own and the one it had before."""
        return frozenset({element, *self._former_field(element), *self._former_value(element), *self._of_map(element)})

    def around(self, element: str) -> frozenset[str]:
        """The element that contains it, and for an enum's value the enum."""
        return frozenset(name.rpartition(".")[0] for name in self.names(element) if "." in name)

    def within(self, name: str) -> frozenset[str]:
        """Everything that a file, or the files of a package, declared before."""
        return frozenset(
            element.full_name
            for base in self.bases
            for file in ([base.files[name]] if name in base.files else base.packages.get(name, ()))
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
        """The map field, for the entry message that protoc makes for it and for the parts of that."""
        for base, name in product(self.bases, (element, element.rpartition(".")[0])):
            entry, holder = base.messages.get(name), base.messages.get(name.rpartition(".")[0])
            if entry is not None and holder is not None and entry.proto.options.map_entry:
                yield from (f.full_name for f in fields(holder).values() if f.proto.type_name == f".{name}")
