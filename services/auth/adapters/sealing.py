"""Encryption of private keys in the store, as compact JWE (RFC 7516) by a key of the deployment."""

from __future__ import annotations

import base64
import binascii
from typing import Final

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from platformkit.lifecycle import StartError
from services.auth.domain.errors import SigningKeyError

KEY_BYTES: Final = 32
_ALGORITHMS: Final = ["dir", "A256GCM"]
_HEADER: Final = {"alg": "dir", "enc": "A256GCM"}
_PLAIN: Final = "{"


class Sealed:
    """`Sealing` with a key, or without one.

    Without a key, secrets are stored as they are: only the role of the service and the owner of its schema can read
    them. What was stored without a key can be opened with one, so a deployment can begin to have one.

    Args:
        key: 32 bytes; None for no encryption.
    """

    def __init__(self, key: bytes | None) -> None:
        self._key = OctKey.import_key(key) if key is not None else None

    def seal(self, secret: str) -> str:
        """See `Sealing`."""
        if self._key is None:
            return secret
        return jwe.encrypt_compact(dict(_HEADER), secret.encode(), self._key, algorithms=_ALGORITHMS)

    def open(self, sealed: str) -> str:
        """See `Sealing`."""
        if sealed.startswith(_PLAIN):
            return sealed
        if self._key is None:
            raise SigningKeyError("the signing keys are encrypted, and KEY_ENCRYPTION_KEY is not set")
        try:
            opened = jwe.decrypt_compact(sealed, self._key, algorithms=_ALGORITHMS).plaintext
        except (JoseError, ValueError) as error:
            raise SigningKeyError(
                "KEY_ENCRYPTION_KEY is not the one that the signing keys were encrypted with"
            ) from error
        return (opened or b"").decode()


def sealing_key(text: str) -> bytes | None:
    """Read a key; None for an empty text.

    Raises:
        StartError: It does not have 32 bytes in base64url.
    """
    if not text:
        return None
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        # The value is a secret.
        hint = 'make one: python -c "import secrets; print(secrets.token_urlsafe(32))"'
        raise StartError(f"KEY_ENCRYPTION_KEY: expected {KEY_BYTES} bytes in base64url", hint=hint)
    return key
