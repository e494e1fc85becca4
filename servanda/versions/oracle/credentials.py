"""Credentials that a question carries, and their end."""

from __future__ import annotations

import base64
import binascii
import json

from servanda.versions.oracle.answer import Question

_SCHEME = "bearer "


def end_of(question: Question) -> float:
    """Return when a question will be refused whatever the versions: the end of the first bearer token that tells one.

    Only tokens that are readable are known to end: those of RFC 7519, section 4.1.4.

    Returns:
        Seconds since the epoch; infinite if no end is known.
    """
    for name, value in question.headers:
        if name == "authorization" and value.lower().startswith(_SCHEME):
            return _end(value[len(_SCHEME) :].strip())
    return float("inf")


def _end(token: str) -> float:
    parts = token.split(".")
    if len(parts) != 3:
        return float("inf")
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        return float(claims["exp"])
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError, binascii.Error):
        return float("inf")
