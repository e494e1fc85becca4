"""gRPC metadata and deadlines as HTTP headers, between services.

Metadata travels as ``grpc-metadata-<key>``, trailing metadata as ``grpc-trailer-<key>``, binary values in base64, as
gRPC itself writes them; the time that is left travels as ``grpc-timeout`` in the form of the gRPC specification.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from typing import Final

from platformkit.status import FieldViolation
from platformkit.transcoding.errors import invalid_request

TIMEOUT_HEADER: Final = "grpc-timeout"
INITIAL_PREFIX: Final = "grpc-metadata-"
TRAILING_PREFIX: Final = "grpc-trailer-"
BINARY_SUFFIX: Final = "-bin"

Metadata = tuple[tuple[str, str | bytes], ...]

_TIMEOUT: Final = re.compile(r"([0-9]{1,8})([HMSmun])")
_UNIT_SECONDS: Final = {"H": 3600.0, "M": 60.0, "S": 1.0, "m": 1e-3, "u": 1e-6, "n": 1e-9}


def headers_of(metadata: Iterable[tuple[str, str | bytes]] | None, prefix: str = INITIAL_PREFIX) -> dict[str, str]:
    """Return the headers that carry metadata; the values of a repeated key are joined by commas."""
    headers: dict[str, str] = {}
    for key, value in metadata or ():
        name = prefix + key.lower()
        text = base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value
        headers[name] = f"{headers[name]},{text}" if name in headers else text
    return headers


def metadata_of(headers: Mapping[str, str], prefix: str = INITIAL_PREFIX) -> Metadata:
    """Return the metadata that headers carry.

    Raises:
        ServiceError: INVALID_ARGUMENT, a binary value is not in base64.
    """
    return tuple(
        (name.removeprefix(prefix), value)
        for name, text in headers.items()
        if name.startswith(prefix)
        for value in _values(name, text)
    )


def timeout_header(seconds: float) -> str:
    """Return the time that is left, rounded up to the finest unit in which it fits eight digits."""
    for unit, size in (("u", 1e-6), ("m", 1e-3), ("S", 1.0)):
        amount = max(0, int(seconds / size))
        if amount < 10**8:
            return f"{amount}{unit}"
    return f"{10**8 - 1}S"


def timeout_of(headers: Mapping[str, str]) -> float | None:
    """Return the time that the caller gives, in seconds; None if it gives no limit.

    Raises:
        ServiceError: INVALID_ARGUMENT, the header is malformed.
    """
    text = headers.get(TIMEOUT_HEADER)
    if text is None:
        return None
    found = _TIMEOUT.fullmatch(text)
    if found is None:
        raise invalid_request(FieldViolation(TIMEOUT_HEADER, f"is no gRPC timeout: {text!r}", "MALFORMED_HEADER"))
    return int(found[1]) * _UNIT_SECONDS[found[2]]


def _values(name: str, text: str) -> tuple[str | bytes, ...]:
    if not name.endswith(BINARY_SUFFIX):
        return (text,)
    try:
        return tuple(_unpadded(part.strip()) for part in text.split(","))
    except (binascii.Error, ValueError):
        raise invalid_request(FieldViolation(name, "is not in base64", "MALFORMED_HEADER")) from None


def _unpadded(text: str) -> bytes:
    # gRPC leaves the padding out, others do not.
    bare = text.rstrip("=")
    return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
