"""A signing key, claims that are good, and tokens that nobody should have made."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

from joserfc import jws

from platformkit.tokens import ACCESS_TOKEN, Claims, FixedKeys, KeySet, SigningKey, Verifier

NOW = 1_800_000_000
CLAIMS = Claims(
    issuer="plt.auth",
    audience="plt",
    subject="7f1f0f6e-2b1c-4c5d-8e9f-000000000001",
    token_id="token-1",
    issue_time=NOW,
    expire_time=NOW + 300,
    start_time=NOW,
    roles=("member",),
    session="session-1",
    version=3,
)
KEY = SigningKey.generate()


def verifier(keys: KeySet | None = None, now: float = NOW) -> Verifier:
    return Verifier(keys or FixedKeys([KEY.public]), "plt.auth", "plt", clock=lambda: now)


def signed(key: SigningKey = KEY, **changes: Any) -> str:
    """A token with the good claims, but for the changes."""
    return key.sign(replace(CLAIMS, **changes))


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def header(**members: Any) -> dict[str, Any]:
    return {"alg": "ES256", "kid": KEY.key_id, "typ": ACCESS_TOKEN, **members}


def forged(head: dict[str, Any] | bytes, payload: bytes | None = None, *, key: SigningKey = KEY) -> str:
    """A token whose signature by the key is good, whatever its header and payload are."""
    raw = head if isinstance(head, bytes) else json.dumps(head).encode()
    body = json.dumps(CLAIMS.document()).encode() if payload is None else payload
    signing_input = f"{encoded(raw)}.{encoded(body)}"
    signature = jws.JWSRegistry.algorithms["ES256"].sign(signing_input.encode(), key.key)
    return f"{signing_input}.{encoded(signature)}"
