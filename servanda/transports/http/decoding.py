"""Undoing the content codings of an answer (RFC 9110, section 8.4), within bounds.

A few kilobytes can stand for gigabytes, and codings can be applied several times; so each is undone only as far as the
limit, which no library for HTTP offers.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, TypeAlias

from servanda.errors import LimitError, VerificationError

_RAW = -zlib.MAX_WBITS
# As many as curl undoes. Each can hand on as much as the limit allows, and a header has room for thousands.
_MOST = 5
# Each costs time however short it is, and what is left of a piece after it is copied.
_MOST_MEMBERS = 10_000
_PIECE = 4096


class _MalformedError(Exception):
    """The body is not coded so."""


class _UnfinishedError(Exception):
    """The body ends before its content does."""


def _zlib(body: bytes, limit: int, bits: int) -> bytes:
    return _members(body, limit, partial(zlib.decompressobj, bits), zlib.error, b"")


def _gzip(body: bytes, limit: int) -> bytes:
    return _members(body, limit, partial(zlib.decompressobj, zlib.MAX_WBITS | 16), zlib.error, b"\x1f\x8b")


def _members(body: bytes, limit: int, begin: Callable[[], Any], wrong: type[Exception], magic: bytes) -> bytes:
    """Inflate what may consist of several members, of which each begins with ``magic`` (RFC 1952, section 2.2).

    What comes after the last one is no part of the content.
    """
    found, member, members = bytearray(), begin(), 1
    for position in range(0, len(body), _PIECE):
        piece = body[position : position + _PIECE]
        while piece:
            if member.eof:
                if not magic or not magic.startswith(piece[: len(magic)]):
                    return bytes(found)
                member, members = begin(), members + 1
                if members > _MOST_MEMBERS:
                    raise LimitError(f"the body of the answer is coded in more than {_MOST_MEMBERS:,} members")
            try:
                found += member.decompress(piece, limit + 1 - len(found))
            except wrong:
                raise _MalformedError from None
            if len(found) > limit:
                return bytes(found)
            piece = member.unused_data
    if not member.eof:
        raise _UnfinishedError
    return bytes(found)


def _brotli(body: bytes, limit: int) -> bytes:
    # Few answers are coded so.
    import brotli  # noqa: PLC0415

    inflating = brotli.Decompressor()
    try:
        found = bytearray(inflating.process(body, output_buffer_limit=limit + 1))
        while len(found) <= limit and not inflating.is_finished():
            more = inflating.process(b"", output_buffer_limit=limit + 1)
            if not more:
                raise _UnfinishedError
            found += more
    except brotli.error:
        raise _MalformedError from None
    return bytes(found)


def _zstandard(body: bytes, limit: int) -> bytes:
    if sys.version_info >= (3, 14):
        from compression import zstd  # noqa: PLC0415
    else:
        from backports import zstd  # noqa: PLC0415

    # RFC 8878, section 3.1: several frames stand one after the other.
    return _members(body, limit, zstd.ZstdDecompressor, zstd.ZstdError, b"\x28\xb5\x2f\xfd")


_Inflate: TypeAlias = Callable[[bytes, int], bytes]
# Servers mean one of two things by "deflate".
_CODINGS: Mapping[str, tuple[_Inflate, ...]] = MappingProxyType(
    {
        "br": (_brotli,),
        "deflate": (partial(_zlib, bits=zlib.MAX_WBITS), partial(_zlib, bits=_RAW)),
        "gzip": (_gzip,),
        "x-gzip": (_gzip,),
        "zstd": (_zstandard,),
    }
)


def decoded(body: bytes, codings: Iterable[str], limit: int) -> bytes:
    """Undo codings, the last one first; from one that is not known on, the body stays as it is.

    Args:
        body: As it was sent.
        codings: In the order in which they were applied.
        limit: Bytes that the result of each of them may have.

    Raises:
        LimitError: It would become longer, or is coded more than five times.
        VerificationError: It is not coded as it says.
    """
    named = [coding.strip().lower() for coding in codings if coding.strip()]
    if len(named) > _MOST:
        raise LimitError(f"the body of the answer has {len(named)} content codings, the limit is {_MOST}")
    for coding in reversed(named):
        if coding not in _CODINGS:
            break
        body = _inflated(body, coding, limit) if body else body
    return body


def too_long(limit: int) -> LimitError:
    """Make the error for an answer whose body is longer than the limit."""
    return LimitError(f"the body of the answer is larger than the limit of {limit} bytes", limit="answer_bytes")


def _inflated(body: bytes, coding: str, limit: int) -> bytes:
    is_unfinished = False
    for inflate in _CODINGS[coding]:
        try:
            found = inflate(body, limit)
        except (_MalformedError, _UnfinishedError) as error:
            is_unfinished |= isinstance(error, _UnfinishedError)
            continue
        if len(found) > limit:
            raise too_long(limit)
        return found
    if is_unfinished:
        raise VerificationError(f"the body of the answer ends before its content coding {coding} does")
    raise VerificationError(f"the body of the answer does not have its declared content coding {coding}")
