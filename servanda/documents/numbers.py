"""Numbers that a document may hold."""

from __future__ import annotations

import math

from servanda.documents.limits import DocumentLimits


class RefusedNumberError(ValueError):
    """A number that is too long, too large, or none that JSON knows."""


def whole(literal: str, limits: DocumentLimits) -> int:
    """Convert an integer.

    Raises:
        RefusedNumberError: It has more digits than the limit.
    """
    if len(literal) - literal.startswith("-") > limits.digits:
        raise RefusedNumberError(f"an integer of {len(literal):,} digits, the limit is {limits.digits:,}")
    return int(literal)


def real(literal: str, limits: DocumentLimits) -> float:
    """Convert a number with a point or an exponent.

    Raises:
        RefusedNumberError: It has more digits than the limit, or is larger than what IEEE 754 binary64 holds.
    """
    if len(literal) > limits.digits:
        raise RefusedNumberError(f"a number of {len(literal):,} characters, the limit is {limits.digits:,}")
    value = float(literal)
    if math.isinf(value):
        raise RefusedNumberError(f"the number {shortened(literal)} is too large: the largest is about 1.8e308")
    return value


def no_constant(literal: str) -> object:
    """Refuse ``NaN`` and ``Infinity``: RFC 8259, section 6, does not permit them.

    Raises:
        RefusedNumberError: Always.
    """
    raise RefusedNumberError(f"{literal} is not a JSON number")


def shortened(literal: str) -> str:
    """Return a text, its middle left out if it is long."""
    return literal if len(literal) <= 40 else f"{literal[:20]}...{literal[-10:]}"
