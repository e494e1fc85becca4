"""Use of the elements of an interface, by consumer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ElementUse:
    """Knowledge of the use of one element.

    Attributes:
        element: Its full name.
        uses: By consumer, what it does with the element and over which transport, such as ``read http``.
        unknown: Consumers of which nothing shows that they do not use it.
        unused: Whether every known consumer was observed, and none uses it.
    """

    element: str
    uses: Mapping[str, tuple[str, ...]]
    unknown: tuple[str, ...] = ()
    unused: bool = False


@dataclass(frozen=True, slots=True)
class InterfaceUse:
    """Elements of one interface, with what each consumer does with them.

    Attributes:
        interface: A package, a topic or a document.
        consumers: Everybody who may use it.
        elements: In the order of the interface.
    """

    interface: str
    consumers: tuple[str, ...]
    elements: tuple[ElementUse, ...]

    @property
    def unused(self) -> tuple[str, ...]:
        """Return the elements that nobody uses."""
        return tuple(each.element for each in self.elements if each.unused)
