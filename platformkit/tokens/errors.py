"""The errors of tokens.

``TokenError``
    ``RefusedTokenError``     a token is not to be believed
    ``KeysUnavailableError``  the keys cannot be read, so nothing can be told about a token
"""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """Reason why a token is not to be believed, for logs and tests; outsiders are told none of it."""

    TOO_LARGE = "too large"
    MALFORMED = "malformed"
    HEADER = "header not allowed"
    ALGORITHM = "algorithm not allowed"
    TYPE = "wrong type"
    UNKNOWN_KEY = "unknown key"
    SIGNATURE = "wrong signature"
    CLAIMS = "claims missing or of the wrong kind"
    ISSUER = "wrong issuer"
    AUDIENCE = "wrong audience"
    EXPIRED = "expired"
    EARLY = "not yet valid"
    REVOKED = "revoked"
    REQUEST = "for another request"


class TokenError(Exception):
    """A token cannot be used."""


class RefusedTokenError(TokenError):
    """A token is not to be believed.

    Args:
        refusal: Why.
        detail: More about it, for a log; holds nothing of the token but names of members.
    """

    def __init__(self, refusal: Refusal, detail: str = "") -> None:
        super().__init__(f"the token is refused: {refusal.value}{f' ({detail})' if detail else ''}")
        self.refusal = refusal


class KeysUnavailableError(TokenError):
    """The keys cannot be read, so a token is neither good nor bad: try again."""
