"""Bounds of the comparison of schemas by what they admit."""

from __future__ import annotations

from dataclasses import dataclass

from servanda.configuration import DEFAULT_LIMITS, Limits


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bounds of one comparison of two documents; what is beyond them is told as undecided.

    Attributes:
        cases: Cases of one schema; a choice that would lead to more is compared as it is written.
        steps: Pairs of schemas that are looked at to tell whether one covers the other; above it, it does not.
        judgements: Schemas that are asked whether they admit a value, to find examples on one side of a call; above it
            there are no more examples.
    """

    cases: int
    steps: int
    judgements: int

    @classmethod
    def of(cls, limits: Limits = DEFAULT_LIMITS) -> Bounds:
        """Return the bounds that a repository is configured with."""
        return cls(limits.schema_cases, limits.schema_steps, limits.schema_judgements)
