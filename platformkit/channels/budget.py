"""A retry budget: repeated calls stay a small share of those that succeed, so that they cannot drown who is in need."""

from __future__ import annotations


class RetryBudget:
    """Tokens that failures cost and successes slowly earn back.

    The rule and its defaults are those of gRPC's retry throttling (gRFC A6): a call may be repeated while more than
    half of the tokens are left. After five failures in a row nothing is repeated any more; then ten successes pay for
    one repetition.

    Args:
        tokens: What it starts with and at most holds.
        earned: What a success adds.
    """

    def __init__(self, tokens: float = 10.0, earned: float = 0.1) -> None:
        self._most = tokens
        self._tokens = tokens
        self._earned = earned

    def success(self) -> None:
        """Note that a call succeeded."""
        self._tokens = min(self._most, self._tokens + self._earned)

    def spend(self) -> bool:
        """Note that a call failed, and tell whether it may be repeated."""
        self._tokens = max(0.0, self._tokens - 1.0)
        return self._tokens > self._most / 2
