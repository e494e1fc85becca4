"""Settings of the service, read once from the environment of its process."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from platformkit.lifecycle import Settings, StartError
from platformkit.tokens import LONGEST_LIFE_SECONDS
from services.auth.adapters.passwords import HashParameters
from services.auth.adapters.sealing import sealing_key
from services.auth.domain.attempts import Limit
from services.auth.domain.key_schedule import KeySchedule
from services.auth.domain.session import Lifetimes
from services.auth.use_cases.auth import Policy
from services.auth.use_cases.check_password import Limits
from services.auth.use_cases.revoke import MARGIN

# Beyond the life of the last token: clocks of verifiers may differ.
_KEEP_MARGIN: Final = timedelta(minutes=1)
_DAY: Final = 86400
# A revocation is known for longer than the token would be good.
_LONGEST_ACCESS: Final = LONGEST_LIFE_SECONDS - int(MARGIN.total_seconds())


@dataclass(frozen=True, slots=True)
class AuthSettings:
    """Settings of the service beyond those of every service.

    Attributes:
        policy: What use cases go by.
        hashing: Cost of password hashes.
        hash_threads: Hashes to work on at once.
        sealing_key: Key that private keys are encrypted with in the store; None for no encryption.
    """

    policy: Policy
    hashing: HashParameters
    hash_threads: int
    sealing_key: bytes | None

    @classmethod
    def of(cls, settings: Settings) -> AuthSettings:
        """Read the environment.

        Raises:
            StartError: A value is not what it has to be.
        """
        environ = settings.environ
        access = _seconds(settings, "ACCESS_TOKEN_SECONDS", 300, 10, _LONGEST_ACCESS)
        period = _seconds(settings, "KEY_PERIOD_SECONDS", _DAY, 2, 400 * _DAY)
        lead = _seconds(settings, "KEY_LEAD_SECONDS", 600, 1, 400 * _DAY)
        if lead >= period:
            raise StartError(
                f"KEY_LEAD_SECONDS: expected less than KEY_PERIOD_SECONDS ({period.total_seconds():g}),"
                f" found {lead.total_seconds():g}",
                hint="correct one of them",
            )
        policy = Policy(
            issuer=environ.get("TOKEN_ISSUER") or "plt.auth",
            audience=environ.get("TOKEN_AUDIENCE") or "plt",
            lifetimes=Lifetimes(access, _seconds(settings, "SESSION_SECONDS", 30 * _DAY, 10, 400 * _DAY)),
            schedule=KeySchedule(period, lead, access + _KEEP_MARGIN),
            limits=_limits(settings),
        )
        hashing = HashParameters(
            time_cost=settings.number("ARGON2_TIME_COST", 2, 1, 100),
            memory_kib=settings.number("ARGON2_MEMORY_KIB", 19456, 8, 4 * 1024 * 1024),
            parallelism=settings.number("ARGON2_PARALLELISM", 1, 1, 64),
        )
        threads = settings.number("ARGON2_THREADS", max(2, os.cpu_count() or 2), 1, 256)
        return cls(policy, hashing, threads, sealing_key(environ.get("KEY_ENCRYPTION_KEY", "")))


def _limits(settings: Settings) -> Limits:
    first = _seconds(settings, "LOCKOUT_FIRST_SECONDS", 1, 1, _DAY)
    longest = _seconds(settings, "LOCKOUT_LONGEST_SECONDS", 900, 1, _DAY)
    account = settings.number("LOCKOUT_ACCOUNT_FAILURES", 5, 1, 1_000_000)
    address = settings.number("LOCKOUT_ADDRESS_FAILURES", 50, 1, 1_000_000)
    return Limits(Limit(account, first, longest), Limit(address, first, longest))


def _seconds(settings: Settings, key: str, default: int, least: int, most: int) -> timedelta:
    return timedelta(seconds=settings.number(key, default, least, most))
