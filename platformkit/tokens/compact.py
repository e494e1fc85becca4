"""The compact form of a signed token (RFC 7515, section 7.1), read strictly and before anything is believed."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from platformkit.tokens.errors import Refusal, RefusedTokenError

MAX_CHARACTERS: Final = 8192
"""Longest token that is looked at: what servers commonly accept as one header."""

ALGORITHMS: Final = frozenset({"ES256", "RS256"})
"""The algorithms that may sign; none of them is symmetric, so no public key can be taken for a secret."""

# All that a header may hold. Everything else either names where a key is to be taken from (jku, jwk, x5u, x5c), changes
# what is verified (crit, b64, zip, enc), or is unknown.
_HEADER_MEMBERS: Final = frozenset({"alg", "kid", "typ"})
# The form of our own key identifiers: no path, no address, no statement fits into it.
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TYPE_PREFIX: Final = "application/"


@dataclass(frozen=True, slots=True)
class Header:
    """Header of a token, fit to be acted upon.

    Attributes:
        algorithm: One of ``ALGORITHMS``.
        key_id: Name of the key that is said to have signed.
        type: In small letters, without ``application/``.
    """

    algorithm: str
    key_id: str
    type: str


def read(token: str) -> tuple[Header, Mapping[str, Any]]:
    """Read the header and the payload of a token whose signature nobody has verified yet.

    Raises:
        RefusedTokenError: It is too large, malformed, or its header holds what it must not hold.
    """
    if len(token) > MAX_CHARACTERS:
        raise RefusedTokenError(Refusal.TOO_LARGE, f"{len(token)} characters, {MAX_CHARACTERS} at most")
    parts = token.split(".")
    if len(parts) != 3:
        raise RefusedTokenError(Refusal.MALFORMED, f"{len(parts)} parts, 3 expected")
    header, payload = (_object(_decoded(part)) for part in parts[:2])
    _decoded(parts[2])
    return _header(header), payload


def _header(document: Mapping[str, Any]) -> Header:
    if unknown := document.keys() - _HEADER_MEMBERS:
        raise RefusedTokenError(Refusal.HEADER, ", ".join(sorted(repr(name[:32]) for name in unknown)[:8]))
    algorithm, key_id, kind = (document.get(name) for name in ("alg", "kid", "typ"))
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise RefusedTokenError(Refusal.ALGORITHM, repr(algorithm)[:32])
    if not isinstance(key_id, str) or not _KEY_ID.fullmatch(key_id):
        raise RefusedTokenError(Refusal.HEADER, "kid")
    if not isinstance(kind, str):
        raise RefusedTokenError(Refusal.TYPE)
    return Header(algorithm, key_id, kind.lower().removeprefix(_TYPE_PREFIX))


def _decoded(part: str) -> bytes:
    # The decoder of the library passes over characters that are not of the alphabet, and over bits that say nothing:
    # then one token would have many spellings.
    try:
        raw = base64.b64decode(part.encode("ascii") + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise RefusedTokenError(Refusal.MALFORMED, "base64url") from None
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != part:
        raise RefusedTokenError(Refusal.MALFORMED, "base64url")
    return raw


def _object(raw: bytes) -> Mapping[str, Any]:
    try:
        document = json.loads(raw.decode("utf-8"), object_pairs_hook=_members, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise RefusedTokenError(Refusal.MALFORMED, "JSON") from None
    if not isinstance(document, dict):
        raise RefusedTokenError(Refusal.MALFORMED, "a JSON object is expected")
    return document


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    # RFC 7515, section 4: of two readers, each may take another one of two equal names.
    if len(members) != len(pairs):
        raise RefusedTokenError(Refusal.MALFORMED, "a name is repeated")
    return members


def _refuse_constant(name: str) -> None:
    raise RefusedTokenError(Refusal.MALFORMED, f"{name} is no JSON")
