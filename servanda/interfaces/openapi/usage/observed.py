"""Operations of a document that usage logs call, and so what their consumers cannot use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from servanda.interfaces.effect import Access
from servanda.interfaces.openapi.usage.operations import Call, Operations
from servanda.interfaces.openapi.usage.reach import Reach
from servanda.interfaces.usage.log import Noted, UsageLog
from servanda.interfaces.usage.use import USAGE_LOG, Use
from servanda.verdict import Evidence, Transport


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls of one consumer that a document describes.

    Attributes:
        log: The usage log that they are from.
        calls: With the request that each of them is.
    """

    log: UsageLog
    calls: tuple[tuple[Noted, Call], ...]

    def uses(self) -> Iterator[Use]:
        """Yield each operation that is called, and its path."""
        seen = self.log.observation
        for noted, call in self.calls:
            evidence = Evidence(USAGE_LOG, seen.document, "", noted.test, seen.version, seen.date)
            for element in (*call.operation.places, *call.operation.own.places):
                yield Use(element, seen.consumer, Access.CALL, Transport.HTTP, named=True, evidence=evidence)

    def add_to(self, reach: Reach) -> None:
        """Add all that the calls may have to do with."""
        for _, call in self.calls:
            reach.call(call.operation)


def calls_of(log: UsageLog, operations: Operations) -> Calls | None:
    """Return the calls that a usage log noted; ``None`` if none is described: it did not watch this interface."""
    found = []
    for noted in log.writes or ():
        method, _, path = noted.element.partition(" ")
        call = operations.called(method, path)
        if call is not None:
            found.append((noted, call))
    return Calls(log, tuple(found)) if found else None
