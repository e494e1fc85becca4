"""Combinations of old and new services that cover all pairs in few steps."""

from __future__ import annotations

import random
from collections.abc import Sequence


def mixtures(services: Sequence[str], source: random.Random) -> tuple[frozenset[str], ...]:
    """Return the sets of new services in which pairs meet that a rollout in this order does not pass.

    A rollout passes, for each pair, both old, both new, and the earlier one new beside the later one old. What is left
    is the earlier one old beside the later one new. Two places in the order differ in a binary digit, and the later one
    has the highest of those that differ: so one set for each digit is enough, 4 for 12 services.

    Args:
        services: The services in the order of the rollout.
        source: Draws the order of the sets.
    """
    digits = max(len(services) - 1, 0).bit_length()
    found = [
        frozenset(service for place, service in enumerate(services) if place >> digit & 1) for digit in range(digits)
    ]
    source.shuffle(found)
    return tuple(found)
