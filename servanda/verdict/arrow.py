"""The interactions between one consumer and one provider on one transport, taken together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from servanda.verdict.interaction import InteractionResult
from servanda.verdict.location import Location
from servanda.verdict.outcome import Outcome, Transport
from servanda.verdict.run import combine


@dataclass(frozen=True, slots=True)
class Arrow:
    """Results of one consumer's expectations of one provider on one transport.

    Attributes:
        provider: Name of the instance: of versions that run side by side each has its own arrow.
    """

    consumer: str
    provider: str
    transport: Transport
    results: tuple[InteractionResult, ...]

    @property
    def held(self) -> int:
        """Return how many interactions held."""
        return sum(result.outcome is Outcome.HELD for result in self.results)

    @property
    def outcome(self) -> Outcome:
        """Return the outcome of all interactions together."""
        return combine(result.outcome for result in self.results)

    @property
    def where(self) -> Location:
        """Return where to look first: the first interaction that did not hold, else the contract."""
        for outcome in (Outcome.BROKEN, Outcome.UNKNOWN):
            for result in self.results:
                if result.outcome is outcome:
                    return result.evidence
        return Location(self.results[0].evidence.path)


def arrows(results: Iterable[InteractionResult]) -> tuple[Arrow, ...]:
    """Return the arrows of these results, ordered by consumer, provider and transport."""
    groups: dict[tuple[str, str, Transport], list[InteractionResult]] = {}
    for result in results:
        groups.setdefault((result.consumer, result.instance, result.transport), []).append(result)
    return tuple(Arrow(*key, tuple(groups[key])) for key in sorted(groups))
