"""Failed logins of one user, counted until they are worth a mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Threshold:
    """Number of failures within a time after which the user is told.

    Attributes:
        count: How many failures.
        window: Within which time; also the time in which the user is told once at most.
    """

    count: int
    window: timedelta


@dataclass(frozen=True, slots=True)
class LoginFailures:
    """Recent failures, and when the user was told of some.

    Attributes:
        times: When they happened, in order; no more than it takes to tell the user.
        tell_time: When the failure happened that the user was told of last; None if of none.
    """

    times: tuple[datetime, ...] = ()
    tell_time: datetime | None = None

    def counted(self, time: datetime, threshold: Threshold) -> tuple[LoginFailures, bool]:
        """Count a failure, and tell whether it is the one to tell the user of."""
        recent = tuple(sorted(each for each in (*self.times, time) if each > time - threshold.window))
        told = self.tell_time is not None and self.tell_time > time - threshold.window
        if len(recent) >= threshold.count and not told:
            return LoginFailures((), time), True
        return LoginFailures(recent[-threshold.count :], self.tell_time), False
