"""All elements of one interface, with what is known of their use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from servanda.interfaces.usage.use import Usage


@dataclass(frozen=True, slots=True)
class Listed:
    """An element of an interface.

    Attributes:
        name: Name by which uses and findings know it.
        label: Name by which a person tells it from those of all other interfaces.
        group: Part of the interface that it belongs to: a package, a topic or a document.
        alias: Another name that somebody may give it: a request such as ``GET /v1/orders``, the topic of an event;
            empty if there is none.
    """

    name: str
    label: str
    group: str
    alias: str = ""

    def answers_to(self, text: str) -> bool:
        """Tell whether somebody means this element."""
        return text in (self.name, self.label, self.alias)

    def is_within(self, text: str) -> bool:
        """Tell whether somebody means this element, or what it is a part of."""
        starts = tuple(f"{text}{sign}" for sign in "./")
        return (
            text == self.group or self.answers_to(text) or self.name.startswith(starts) or self.label.startswith(starts)
        )


def _nothing(_: Usage) -> frozenset[str]:
    return frozenset()


class Inventory:
    """One interface.

    Attributes:
        place: Where it is defined.
        elements: What consumers can use of it now, in the order of their names.
        former: Elements that the present change deletes, and those that no request and no event holds.

    Args:
        place: Where it is defined.
        elements: What consumers can use of it now, in the order of their names.
        read: Reads what is known of their use, when somebody asks for it first.
        silent: Returns of a usage the elements of which it tells nothing that no proof names them.
        former: The other elements.
    """

    def __init__(
        self,
        place: str,
        elements: tuple[Listed, ...],
        read: Callable[[], Usage],
        silent: Callable[[Usage], frozenset[str]] = _nothing,
        former: tuple[Listed, ...] = (),
    ) -> None:
        self.place = place
        self.elements = elements
        self.former = former
        self._read = read
        self._silent = silent

    @cached_property
    def usage(self) -> Usage:
        """Return what is known of the use of the elements.

        Raises:
            ContractError: A contract or usage log cannot be read.
        """
        return self._read()

    @cached_property
    def silent(self) -> frozenset[str]:
        """Return the elements of which it tells nothing that no proof names them: what somebody else decides."""
        return self._silent(self.usage)

    def aged(self, oldest: dt.date | None) -> Inventory:
        """Return the same, with usage logs of an earlier day marked as outdated."""
        return Inventory(self.place, self.elements, lambda: self.usage.aged(oldest), self._silent, self.former)

    def meant(self, text: str) -> tuple[Listed, ...]:
        """Return the elements that somebody means; by the name of a topic its events."""
        return tuple(each for each in (*self.elements, *self.former) if each.answers_to(text))
