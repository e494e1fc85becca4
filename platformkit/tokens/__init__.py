"""Signed tokens (JWT): what they say, how they are signed and verified, and when they are revoked.

Whoever verifies needs the public keys alone. Nothing here knows the service that issues the tokens: keys come from a
`KeySet`, revocations from Redis.
"""

from platformkit.tokens.cache import VerifiedTokens
from platformkit.tokens.caller_keys import CallerKeys, MemoryCallerKeys, RedisCallerKeys
from platformkit.tokens.claims import ACCESS_TOKEN, INTERNAL_TOKEN, Claims
from platformkit.tokens.errors import KeysUnavailableError, Refusal, RefusedTokenError, TokenError
from platformkit.tokens.fetched_keys import FetchedKeys
from platformkit.tokens.internal_tokens import INTERNAL_TOKEN_KEY, InternalTokens
from platformkit.tokens.keys import FixedKeys, KeySet, PublicKey, key_set_document, read_key_set
from platformkit.tokens.published_keys import KEY_SET_PATH, PublishedKeys
from platformkit.tokens.revocation import (
    LONGEST_LIFE_SECONDS,
    MemoryRevocations,
    RedisRevocations,
    Revocation,
    Revocations,
    RevokedAccount,
    RevokedToken,
)
from platformkit.tokens.revocation_list import RevocationList
from platformkit.tokens.signing import SigningKey
from platformkit.tokens.verifying import Verifier

__all__ = [
    "ACCESS_TOKEN",
    "INTERNAL_TOKEN",
    "INTERNAL_TOKEN_KEY",
    "KEY_SET_PATH",
    "LONGEST_LIFE_SECONDS",
    "CallerKeys",
    "Claims",
    "FetchedKeys",
    "FixedKeys",
    "InternalTokens",
    "KeySet",
    "KeysUnavailableError",
    "MemoryCallerKeys",
    "MemoryRevocations",
    "PublicKey",
    "PublishedKeys",
    "RedisCallerKeys",
    "RedisRevocations",
    "Refusal",
    "RefusedTokenError",
    "Revocation",
    "RevocationList",
    "Revocations",
    "RevokedAccount",
    "RevokedToken",
    "SigningKey",
    "TokenError",
    "VerifiedTokens",
    "Verifier",
    "key_set_document",
    "read_key_set",
]
