"""Undoing the content codings of an answer (RFC 9110, section 8.4), within bounds.

A few kilobytes can stand for gigabytes, and codings can be applied several times; so each is undone only as far as the
limit, which no library for HTTP offers.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from servanda.errors import LimitError, VerificationError

_GZIP = zlib.MAX_WBITS | 16
_RAW = -zlib.MAX_WBITS
_CODINGS = {"gzip": (_GZIP,), "x-gzip": (_GZIP,), "deflate": (zlib.MAX_WBITS, _RAW)}


def decoded(body: bytes, codings: Iterable[str], limit: int) -> bytes:
    """Undo codings, the last one first; from one that is not known on, the body stays as it is.

    Args:
        body: As it was sent.
        codings: In the order in which they were applied.
        limit: Bytes that the result of each of them may have.

    Raises:
        LimitError: It would become longer.
        VerificationError: It is not coded as it says.
    """
    for coding in reversed([coding.strip().lower() for coding in codings if coding.strip()]):
        if coding not in _CODINGS:
            break
        body = _inflated(body, coding, limit) if body else body
    return body


def too_long(limit: int) -> LimitError:
    """Make the error for an answer whose body is longer than the limit."""
    return LimitError(f"the body of the answer has more than the {limit} bytes that are allowed", limit="answer_bytes")


def _inflated(body: bytes, coding: str, limit: int) -> bytes:
    for bits in _CODINGS[coding]:
        inflating = zlib.decompressobj(bits)
        try:
            found = inflating.decompress(body, limit + 1)
        except zlib.error:
            continue  # servers mean one of two things by "deflate"
        if len(found) > limit:
            raise too_long(limit)
        return found
    raise VerificationError(f"the body of the answer says that it is coded as {coding}, but is not")
