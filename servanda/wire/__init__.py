"""HTTP/1.1 on a connection: what is asked for is sent, byte by byte, and nothing more."""

from servanda.wire.address import Address
from servanda.wire.client import Client, Times
from servanda.wire.errors import LateError, OverlongError, UnansweredError, UnreachableError, UnsendableError, WireError
from servanda.wire.request import Request
from servanda.wire.response import Response

__all__ = [
    "Address",
    "Client",
    "LateError",
    "OverlongError",
    "Request",
    "Response",
    "Times",
    "UnansweredError",
    "UnreachableError",
    "UnsendableError",
    "WireError",
]
