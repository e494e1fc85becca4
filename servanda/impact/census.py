"""Elements that nobody uses, and those that nobody is known to use."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from servanda.interfaces.usage.inventory import Inventory, Listed
from servanda.interfaces.usage.use import Observation
from servanda.verdict import Consumer


class Status(enum.StrEnum):
    """Knowledge of the use of an element that no proof of use names."""

    UNUSED = "unused"
    """Every known consumer was observed, and none of them touched it."""
    UNKNOWN = "unknown"
    """Somebody who may use it was not observed, or nobody is known at all: it counts as in use."""


@dataclass(frozen=True, slots=True)
class Idle:
    """An element without proof of use.

    Attributes:
        element: The element.
        observed: The observations that it was not part of.
        missing: Names of the consumers that were not observed, or whose observation leaves open that they use it.
    """

    element: Listed
    status: Status
    observed: tuple[Observation, ...]
    missing: tuple[str, ...]


def idle(inventory: Inventory, consumers: Iterable[Consumer]) -> Iterator[Idle]:
    """Yield those of the elements that no proof of use names, in their order by name.

    A dated observation of every known consumer makes an element unused; where one is missing, or where no consumer is
    known, nothing follows from the silence.
    """
    usage, names = inventory.usage, tuple(consumer.name for consumer in consumers)
    current = {name: seen for name, seen in usage.observations.items() if not seen.outdated}
    for element in inventory.elements:
        if usage.of([element.name]) or element.name in inventory.silent:
            continue
        is_open = {name: name not in current or usage.may_use(name, element.name, ()) for name in names}
        missing = tuple(name for name in names if is_open[name])
        observed = tuple(current[name] for name in names if not is_open[name])
        yield Idle(element, Status.UNKNOWN if missing or not names else Status.UNUSED, observed, missing)
