"""Stored keys as keys that sign and verify."""

from __future__ import annotations

import json
from collections.abc import Sequence

from platformkit.tokens import PublicKey
from services.auth.domain.key_schedule import StoredKey


def public_keys(stored: Sequence[StoredKey]) -> tuple[PublicKey, ...]:
    """Return the public keys, those that sign next included."""
    return tuple(PublicKey.of(json.loads(key.public)) for key in stored)
