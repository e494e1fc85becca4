"""How long a verification waits."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Times in seconds.

    Attributes:
        answer: From a request until its answer.
        state: For one provider state to become true.
        event: From the last provider state until the event appears.
        settle: How much longer to look for another event after one that does not satisfy the contract.
    """

    answer: float = 10.0
    state: float = 30.0
    event: float = 10.0
    settle: float = 2.0


DEFAULT_LIMITS = Limits()
