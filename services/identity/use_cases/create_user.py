"""Create a user, once for one idempotency key."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta

from services.identity.domain.errors import IdempotencyKeyReusedError
from services.identity.domain.events import UserCreated
from services.identity.domain.user import User, UserData
from services.identity.use_cases.ports import Claim, NewId, Store

KEY_LIFETIME = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class CreateUser:
    """Creates users."""

    store: Store
    new_id: NewId

    async def __call__(self, data: UserData, idempotency_key: str = "") -> User:
        """Creates a user; the same key with the same data within 24 hours answers with the user created first.

        Raises:
            EmailTakenError: Another user has the e-mail address.
            IdempotencyKeyReusedError: The key was used with other data.
            StoreUnavailableError: The store does not answer.
        """
        async with self.store.transaction() as transaction:
            now = await transaction.now()
            user = User.create(self.new_id(), data, now)
            if idempotency_key:
                claim = Claim(idempotency_key, fingerprint(data), user, now + KEY_LIFETIME)
                earlier = await transaction.keys.claim(claim, now)
                if earlier is not None:
                    return _replay(earlier, claim)
            await transaction.users.add(user)
            await transaction.events.publish(UserCreated(user))
        return user


def fingerprint(data: UserData) -> bytes:
    """Return the SHA-256 of what a creation asks for; equal for equal data only."""
    facts: list[object] = [
        data.email,
        data.profile.display_name,
        data.profile.locale,
        [role.value for role in data.roles],
        sorted(data.labels.items()),
    ]
    if len(data.profile.languages) > 1:
        # Without them it is what versions made that knew one language only: a repeated request may be of their time.
        facts.append(list(data.profile.languages))
    return hashlib.sha256(json.dumps(facts).encode()).digest()


def _replay(earlier: Claim, claim: Claim) -> User:
    if earlier.fingerprint != claim.fingerprint:
        raise IdempotencyKeyReusedError(claim.key)
    return earlier.user
