"""Elements that nobody uses, and those that nobody is known to use."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from servanda.interfaces.effect import Access
from servanda.interfaces.protobuf.usage.catalogue import Catalogue
from servanda.interfaces.usage.use import Observation, Usage
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
        observed: The observations that it was not part of.
        missing: Names of the consumers that were not observed.
    """

    element: str
    status: Status
    observed: tuple[Observation, ...]
    missing: tuple[str, ...]


def idle(interface: Catalogue, usage: Usage, consumers: Iterable[Consumer]) -> Iterator[Idle]:
    """Yield those of the elements that no proof of use names, in their order by name.

    Options are left out, since no request and no event holds them. So are the values of an enum that somebody reads:
    which of them come is the provider's business, and tests show only some.

    A dated observation of every known consumer makes an element unused; where one is missing, or where no consumer is
    known, nothing follows from the silence.
    """
    names = tuple(consumer.name for consumer in consumers)
    current = {name: seen for name, seen in usage.observations.items() if not seen.outdated}
    missing = tuple(name for name in names if name not in current)
    observed = tuple(current[name] for name in names if name in current)
    status = Status.UNKNOWN if missing or not names else Status.UNUSED
    for element in sorted(interface.elements - interface.options):
        if not usage.of([element]) and not _may_come(element, interface, usage):
            yield Idle(element, status, observed, missing)


def _may_come(element: str, interface: Catalogue, usage: Usage) -> bool:
    """Tell whether it is a value of an enum that somebody reads."""
    enum = element.rpartition(".")[0]
    return enum in interface.enums and any(use.access is Access.READ for use in usage.of([enum]))
