"""Public keys, and sets of them as JSON documents (RFC 7517)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from platformkit.tokens.errors import KeysUnavailableError, Refusal, RefusedTokenError

MAX_DOCUMENT_BYTES: Final = 256 * 1024
MAX_KEYS: Final = 100
_MIN_RSA_BITS: Final = 2048
_MAX_RSA_BITS: Final = 8192 + 6
_CURVE: Final = "P-256"
# Members of a private key (RFC 7518, sections 6.2.2 and 6.3.2) and of a symmetric one (6.4.1).
_PRIVATE: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that verifies signatures.

    Attributes:
        key_id: Its name, ``kid``.
        algorithm: The one algorithm that it is for.
        key: The key itself.
    """

    key_id: str
    algorithm: str
    key: ECKey | RSAKey

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> PublicKey:
        """Read a JSON Web Key.

        Raises:
            ValueError: It is no public key for ES256 or RS256 with a name.
        """
        key_id, kind = document.get("kid"), document.get("kty")
        if not isinstance(key_id, str) or not key_id:
            raise ValueError("a key without kid")
        if document.keys() & _PRIVATE:
            raise ValueError(f"key {key_id!r} is not public")
        if document.get("use", "sig") != "sig":
            raise ValueError(f"key {key_id!r} is not for signatures")
        algorithm = {"EC": "ES256", "RSA": "RS256"}.get(str(kind))
        if algorithm is None or document.get("alg", algorithm) != algorithm:
            raise ValueError(f"key {key_id!r} is for neither ES256 nor RS256")
        try:
            return cls(key_id, algorithm, _imported(algorithm, dict(document)))
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f"key {key_id!r} cannot be read: {error}") from error

    def document(self) -> dict[str, Any]:
        """Return the JSON Web Key."""
        return {
            **self.key.as_dict(private=False),
            "kid": self.key_id,
            "alg": self.algorithm,
            "use": "sig",
        }


class KeySet(Protocol):
    """The public keys of an issuer."""

    async def find(self, key_id: str) -> PublicKey:
        """Return the key with a name.

        Raises:
            RefusedTokenError: The issuer has no such key.
            KeysUnavailableError: The keys cannot be read.
        """
        ...


class FixedKeys:
    """`KeySet` of keys that are known.

    Args:
        keys: The keys.
    """

    def __init__(self, keys: Iterable[PublicKey]) -> None:
        self._keys = {key.key_id: key for key in keys}

    async def find(self, key_id: str) -> PublicKey:
        """See `KeySet`."""
        if key_id not in self._keys:
            raise RefusedTokenError(Refusal.UNKNOWN_KEY)
        return self._keys[key_id]


def key_set_document(keys: Iterable[PublicKey]) -> dict[str, Any]:
    """Return the JSON Web Key Set of these keys."""
    return {"keys": [key.document() for key in keys]}


def read_key_set(raw: bytes) -> tuple[PublicKey, ...]:
    """Read a JSON Web Key Set; keys of a kind that is not used here are passed over, as RFC 7517, section 5 asks.

    Raises:
        KeysUnavailableError: The document is none, is too large, or two keys have one name.
    """
    if len(raw) > MAX_DOCUMENT_BYTES:
        raise KeysUnavailableError(f"the key set has {len(raw)} bytes, expected {MAX_DOCUMENT_BYTES} at most")
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError):
        raise KeysUnavailableError("the key set is no JSON") from None
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list) or len(listed) > MAX_KEYS:
        raise KeysUnavailableError(f"the key set has no list 'keys' with {MAX_KEYS} members at most")
    found = tuple(key for each in listed if (key := _usable(each)) is not None)
    if len({key.key_id for key in found}) != len(found):
        raise KeysUnavailableError("the key set has two keys of one name")
    return found


def _usable(document: object) -> PublicKey | None:
    try:
        return PublicKey.of(document) if isinstance(document, dict) else None
    except ValueError:
        return None


def _imported(algorithm: str, document: dict[str, Any]) -> ECKey | RSAKey:
    if algorithm == "ES256":
        curve = ECKey.import_key(document)
        if curve.curve_name != _CURVE:
            raise ValueError(f"expected the curve {_CURVE}, found {curve.curve_name}")
        return curve
    # Before it is imported: the time that a signature takes grows with the cube of the length.
    bits = len(str(document["n"])) * 6
    if not _MIN_RSA_BITS <= bits <= _MAX_RSA_BITS:
        raise ValueError(f"expected {_MIN_RSA_BITS} to {_MAX_RSA_BITS} bits, found {bits}")
    return RSAKey.import_key(document)
