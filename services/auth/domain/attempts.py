"""Attempts that failed, and how long the next one has to wait."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.auth.domain.errors import AttemptsExhaustedError


@dataclass(frozen=True, slots=True)
class Limit:
    """Number of attempts that may fail, and the waits after them.

    Attributes:
        failures: So many in a row are followed by a wait.
        first: Length of the first wait; each further failure doubles it.
        longest: Length of any wait at most, so that nobody can keep others out for ever.
        memory: After so long without an attempt, failures are forgotten.
    """

    failures: int
    first: timedelta = timedelta(seconds=1)
    longest: timedelta = timedelta(minutes=15)
    memory: timedelta = timedelta(hours=24)

    def wait(self, failures: int) -> timedelta:
        """Return how long to wait after so many failures in a row."""
        beyond = failures - self.failures
        if beyond < 0:
            return timedelta(0)
        # Far beyond, the power would be too large for a duration.
        return min(self.first * (1 << min(beyond, 20)), self.longest)


@dataclass(frozen=True, slots=True)
class Attempts:
    """Attempts on one account or from one address.

    Attributes:
        failures: Failures in a row.
        last_time: When the last attempt was made; None if there was none.
        locked_until: Until when attempts are refused; None if they are not.
    """

    failures: int = 0
    last_time: datetime | None = None
    locked_until: datetime | None = None

    def charged(self, limit: Limit, now: datetime) -> Attempts:
        """Return the attempts with another one that counts as a failure until it turns out not to be one.

        It is counted before the password is looked at: of many attempts at once, no more are made than of as many in a
        row.

        Raises:
            AttemptsExhaustedError: The next attempt has to wait.
        """
        if self.locked_until is not None and now < self.locked_until:
            raise AttemptsExhaustedError(math.ceil((self.locked_until - now).total_seconds()))
        remembered = self.last_time is not None and now - self.last_time < limit.memory
        failures = self.failures + 1 if remembered else 1
        wait = limit.wait(failures)
        return Attempts(failures, now, now + wait if wait else None)

    def refunded(self, limit: Limit) -> Attempts:
        """Return the attempts without the one that turned out to be no failure.

        Failures before it stay: else an attacker could log in to an account of its own between guesses.
        """
        failures = max(0, self.failures - 1)
        return Attempts(failures, self.last_time, self.locked_until if failures >= limit.failures else None)
