"""Signing keys over time: a key is published before it signs, and stays until all it signed has expired."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A signing key as it is kept.

    Attributes:
        key_id: Its name, ``kid``.
        start_time: From when on it signs, until the next one does.
        public: Public JSON Web Key.
        private: Private JSON Web Key, sealed or plain: a secret.
    """

    key_id: str
    start_time: datetime
    public: str
    private: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeySchedule:
    """Times of keys.

    Attributes:
        period: How long each key signs.
        lead: How long a key is published before it signs; longer than verifiers keep what they fetched.
        keep: How long a key is published after it signed last; longer than a token is good.
    """

    period: timedelta
    lead: timedelta
    keep: timedelta

    def signing(self, keys: Sequence[StoredKey], now: datetime) -> StoredKey | None:
        """Return the key that signs at this moment; None if there is none."""
        started = [key for key in keys if key.start_time <= now]
        return max(started, key=_order, default=None)

    def next_start(self, keys: Sequence[StoredKey], now: datetime) -> datetime | None:
        """Return from when on a new key has to sign, if one has to be made now.

        The first key signs at once, for there is no other one.
        """
        latest = max((key.start_time for key in keys), default=None)
        if latest is None:
            return now
        if now < latest + self.period - self.lead:
            return None
        return now + self.lead

    def outdated(self, keys: Sequence[StoredKey], now: datetime) -> tuple[StoredKey, ...]:
        """Return the keys of which every signature has expired."""
        ordered = sorted(keys, key=_order)
        following = itertools.pairwise(ordered)
        return tuple(key for key, successor in following if successor.start_time + self.keep <= now)


def _order(key: StoredKey) -> tuple[datetime, str]:
    return key.start_time, key.key_id
