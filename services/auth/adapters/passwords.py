"""Hashes of passwords by argon2id (RFC 9106)."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError


@dataclass(frozen=True, slots=True)
class HashParameters:
    """Cost of a hash. The defaults are the first choice of the OWASP Password Storage Cheat Sheet for little memory.

    Attributes:
        time_cost: Passes over the memory.
        memory_kib: Memory, in KiB.
        parallelism: Lanes.
    """

    time_cost: int = 2
    memory_kib: int = 19456
    parallelism: int = 1


class Argon2Passwords:
    """`Passwords` by argon2id, in threads of its own; the library lets go of the interpreter meanwhile.

    Args:
        parameters: Cost of new hashes. Hashes of other costs are still compared, each at its own cost.
        threads: Hashes to work on at once, each with its memory.
    """

    def __init__(self, parameters: HashParameters, threads: int) -> None:
        self._hasher = PasswordHasher(
            time_cost=parameters.time_cost,
            memory_cost=parameters.memory_kib,
            parallelism=parameters.parallelism,
            type=Type.ID,
        )
        self._threads = ThreadPoolExecutor(threads, "passwords")
        # What is compared where there is no hash: it costs what a hash of today costs, and no password matches it.
        self._nobody = self._hasher.hash("")

    async def hash(self, password: str) -> str:
        """See `Passwords`."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._hasher.hash, password)

    async def matches(self, password_hash: str | None, password: str) -> bool:
        """See `Passwords`."""
        known = self._nobody if password_hash is None else password_hash
        matches = await asyncio.get_running_loop().run_in_executor(self._threads, self._verify, known, password)
        return matches and password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        """See `Passwords`."""
        return self._hasher.check_needs_rehash(password_hash)

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except VerifyMismatchError:
            return False
        except (VerificationError, InvalidHashError) as error:
            # The hash holds a salt and no password, yet nobody has to see it.
            raise ValueError("a stored password hash cannot be compared") from error
