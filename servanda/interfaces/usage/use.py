"""Uses of elements of an interface, each with its proof."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final, Protocol

from servanda.interfaces.effect import Access
from servanda.verdict import Evidence, Transport

USAGE_LOG: Final = "usage-log"
"""Source of evidence from what a consumer's tests read and send; the other one is ``pact``."""


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """One proof that a consumer uses an element.

    Attributes:
        element: Full name, for example ``plt.identity.v1.User.email``; a value of an enum is named within its enum.
        named: Whether the element's name travels, as in JSON or in a field mask; else only its number does.
        refusal: Whether it is a request that its consumer expects to be refused: no proof that it was ever accepted.
        masked: Whether a field mask names it, by its name in the definition; no value of it travels.
    """

    element: str
    consumer: str
    access: Access
    transport: Transport
    named: bool
    evidence: Evidence
    refusal: bool = False
    masked: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Observation:
    """A run of a consumer's tests in which everything was noted that they read, sent and called.

    Attributes:
        date: Day of the run, as ``YYYY-MM-DD``.
        document: The file that says so.
        outdated: Whether the repository lets it count no more.
    """

    consumer: str
    date: str
    document: str
    version: str = ""
    outdated: bool = False

    @property
    def evidence(self) -> Evidence:
        """Return the observation as evidence of what the consumer does not use."""
        return Evidence(USAGE_LOG, self.document, "", "", self.version, self.date, outdated=self.outdated)


class Coverage(Protocol):
    """The part of an interface that a consumer may use."""

    def covers(self, element: str, accesses: Collection[Access]) -> bool:
        """Tell whether it may do one of these things with an element; anything if empty."""


@dataclass(frozen=True, slots=True)
class Unmapped:
    """Interactions of a consumer of which nobody can tell what part of the interface they are about.

    Attributes:
        reasons: One sentence for each.
        coverage: The part that they may be about.
    """

    reasons: tuple[str, ...]
    coverage: Coverage


class Usage:
    """All uses that are known, and who was observed.

    Attributes:
        uses: In a fixed order, each of them once.
        observations: By consumer the newest run that was recorded. What such a consumer did not touch it does not use;
            of any other consumer it is not known what else it uses. A usage log that knows nothing of a transport on
            which the consumer has a contract did not watch it there, and is left out.
        examples: Requests as the consumers send them, for the kind of interface that read them.
        reach: By observed consumer what it may use besides, where only its calls were observed and not what it reads.
        unmapped: By consumer the contracts of which nobody can tell what they are about.
    """

    def __init__(
        self,
        uses: Iterable[Use] = (),
        observations: Iterable[Observation] = (),
        examples: Iterable[Any] = (),
        reach: Mapping[str, Coverage] = MappingProxyType({}),
        unmapped: Mapping[str, Unmapped] = MappingProxyType({}),
    ) -> None:
        self.reach = reach
        self.unmapped = unmapped
        self.uses = tuple(sorted(set(uses)))
        self.examples = tuple(examples)
        self._observed = tuple(sorted(observations, key=lambda each: (each.consumer, each.date, each.document)))
        # What shows only some uses watched nothing.
        logs = {(each.consumer, each.document) for each in self._observed if not each.outdated}
        logs |= {(each.consumer, each.document) for each in self._observed if each.consumer not in dict(logs)}
        contracted = self._transports(use for use in self.uses if use.evidence.source == "pact")
        watched = self._transports(use for use in self.uses if (use.consumer, use.evidence.document) in logs)
        self.observations: Mapping[str, Observation] = {
            each.consumer: each
            for each in self._observed
            if contracted.get(each.consumer, set()) <= watched.get(each.consumer, set())
        }

    @staticmethod
    def _transports(uses: Iterable[Use]) -> Mapping[str, set[Transport]]:
        found: dict[str, set[Transport]] = {}
        for use in uses:
            found.setdefault(use.consumer, set()).add(use.transport)
        return found

    @cached_property
    def by_element(self) -> Mapping[str, tuple[Use, ...]]:
        """Return uses by full name of the element."""
        grouped: dict[str, list[Use]] = {}
        for use in self.uses:
            grouped.setdefault(use.element, []).append(use)
        return {element: tuple(uses) for element, uses in grouped.items()}

    @cached_property
    def consumers(self) -> tuple[str, ...]:
        """Return all consumers with a use, an observation or a contract that is not mapped, by name."""
        return tuple(sorted({use.consumer for use in self.uses} | set(self.observations) | set(self.unmapped)))

    def of(self, elements: Iterable[str], consumer: str | None = None) -> tuple[Use, ...]:
        """Return uses of any of these elements, of one consumer if one is given."""
        found = (use for element in sorted(set(elements)) for use in self.by_element.get(element, ()))
        return tuple(use for use in found if consumer is None or use.consumer == consumer)

    def may_use(self, consumer: str, element: str, accesses: Collection[Access]) -> bool:
        """Tell whether the observation of a consumer leaves open that it does one of these things with an element."""
        unmapped = self.unmapped.get(consumer)
        parts = [self.reach.get(consumer), unmapped.coverage if unmapped is not None else None]
        return any(part is not None and part.covers(element, accesses) for part in parts)

    def reason(self, consumer: str) -> str:
        """Return why a contract of a consumer does not tell what it uses; empty if there is no such contract."""
        unmapped = self.unmapped.get(consumer)
        return "; ".join(unmapped.reasons) if unmapped is not None else ""

    def proof(self, consumer: str) -> tuple[Evidence, ...]:
        """Return the dated observation of a consumer, as evidence of what it does not use; empty if there is none."""
        seen = self.observations.get(consumer)
        return (seen.evidence,) if seen else ()

    def aged(self, oldest: dt.date | None) -> Usage:
        """Return the same, with usage logs of an earlier day marked as outdated.

        A contract does not age: it holds until it is withdrawn.

        Args:
            oldest: The first day that counts; ``None`` if every day does.
        """
        if oldest is None:
            return self
        first = oldest.isoformat()

        def marked(use: Use) -> Use:
            is_old = use.evidence.source == USAGE_LOG and use.evidence.date < first
            return replace(use, evidence=replace(use.evidence, outdated=True)) if is_old else use

        seen = (replace(each, outdated=each.date < first) for each in self._observed)
        return Usage(map(marked, self.uses), seen, self.examples, self.reach, self.unmapped)
