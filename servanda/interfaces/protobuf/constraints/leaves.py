"""The single rules of a set: where each stands, and what it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from google.protobuf.message import Message

from servanda.interfaces.protobuf.constraints.aspects import aspect_of
from servanda.protobuf_runtime import is_repeated

# Fields that no value is refused by, but which say what the others are about.
_SETTINGS: Final = frozenset({"ignore", "strict"})
_SILENT: Final = frozenset({"example", "id", "message"})
_OPAQUE: Final = frozenset({"pattern", "expression", "cel_expression"})
_RANGE: Final = frozenset({"lt", "lte", "gt", "gte"})


@dataclass(frozen=True, slots=True)
class Leaf:
    """One rule of a set.

    Attributes:
        names: Names that lead to it; of an extension in brackets.
        says: Its value, serialized where it is a message.
    """

    names: tuple[str, ...]
    says: object

    @property
    def aspect(self) -> str:
        """Return what it is about."""
        return aspect_of(self.names)

    @property
    def is_bound(self) -> bool:
        """Tell whether it is one end of a range: of two that mean "outside", each alone accepts less than both."""
        return self.names[-1] in _RANGE

    @property
    def is_setting(self) -> bool:
        """Tell whether it says how other rules are meant."""
        return self.names[-1] in _SETTINGS

    @property
    def is_predefined(self) -> bool:
        """Tell whether it is a rule that somebody added to those of buf.validate."""
        return self.names[-1].startswith("[")

    @property
    def is_opaque(self) -> bool:
        """Tell whether it takes more than comparing to tell what it accepts."""
        return self.is_predefined or self.names[-1] in _OPAQUE


def leaves(rules: Iterable[Message]) -> frozenset[Leaf]:
    """Return the rules of all these sets; a list of allowed values is one rule, a list of expressions several."""
    return frozenset(leaf for each in rules for leaf in _leaves(each, ()))


def _leaves(rules: Message, names: tuple[str, ...]) -> Iterator[Leaf]:
    for field, value in rules.ListFields():
        if field.name in _SILENT:
            continue
        here = (*names, f"[{field.full_name}]" if field.is_extension else field.name)
        if field.name == "cel":
            for each in value:
                yield Leaf((*here, "expression"), each.expression)
        elif field.name == "cel_expression":
            yield from (Leaf(here, each) for each in value)
        elif field.message_type is not None and field.message_type.name.endswith("Rules") and not is_repeated(field):
            yield from _leaves(value, here)
        else:
            yield Leaf(here, _says(value, many=is_repeated(field)))


def _says(value: Any, *, many: bool) -> object:
    if many:
        return frozenset(_says(each, many=False) for each in value)
    return value.SerializeToString(deterministic=True) if isinstance(value, Message) else value
