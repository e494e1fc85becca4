"""Make signing keys before they are needed, and publish and remove them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from platformkit.tokens import SigningKey, key_set_document
from services.auth.domain.errors import SigningKeyError
from services.auth.domain.key_schedule import KeySchedule, StoredKey
from services.auth.use_cases.issue_tokens import IssueTokens
from services.auth.use_cases.key_documents import public_keys
from services.auth.use_cases.ports import Sealing, Store

PERIOD_SECONDS: Final = 30.0
"""Seconds between two looks whether a key is due."""


@dataclass(frozen=True, slots=True)
class RotateKeys:
    """Keeps the keys as the schedule wants them; several instances agree, for each looks while it keeps others out."""

    store: Store
    schedule: KeySchedule
    sealing: Sealing

    async def __call__(self) -> None:
        """Make the key that is due, if one is, and remove those that nothing hangs on any more.

        Raises:
            StoreUnavailableError: The store does not answer.
        """
        async with self.store.transaction() as transaction:
            await transaction.keys.lock()
            now = await transaction.now()
            keys = await transaction.keys.all()
            start = self.schedule.next_start(keys, now)
            if start is not None:
                key = SigningKey.generate()
                public, private = json.dumps(key.public.document()), self.sealing.seal(key.document())
                await transaction.keys.add(StoredKey(key.key_id, start, public, private))
            for outdated in self.schedule.outdated(keys, now):
                await transaction.keys.remove(outdated.key_id)


@dataclass(frozen=True, slots=True)
class PublishKeys:
    """Shows the public keys."""

    store: Store

    async def __call__(self) -> dict[str, Any]:
        """Return the JSON Web Key Set.

        Raises:
            StoreUnavailableError: The store does not answer.
            SigningKeyError: No key was made yet.
        """
        async with self.store.transaction() as transaction:
            keys = await transaction.keys.all()
        if not keys:
            raise SigningKeyError("no signing key was made yet")
        return key_set_document(public_keys(keys))


@dataclass(frozen=True, slots=True)
class RequireSigningKey:
    """Tells whether tokens can be signed."""

    store: Store
    issue: IssueTokens

    async def __call__(self) -> None:
        """Return if they can be.

        Raises:
            SigningKeyError: They cannot.
            StoreUnavailableError: The store does not answer.
        """
        async with self.store.transaction() as transaction:
            await self.issue.signing_key(transaction, await transaction.now())
