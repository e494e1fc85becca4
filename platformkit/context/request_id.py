"""Ids that tie together what one request of the outside world caused, whatever carried it on."""

from __future__ import annotations

import re
import uuid
from typing import Final

REQUEST_ID_HEADER: Final = "x-request-id"
"""Name of the HTTP header and of the gRPC metadata key; on Kafka it is the CloudEvents extension ``requestid``."""

# Printable and short, so that an id from outside can forge neither a log line nor a header.
_ACCEPTABLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+=@-]{0,127}")


def new_request_id() -> str:
    """Return an id that nobody has used before."""
    return uuid.uuid4().hex


def accept_request_id(candidate: str | None) -> str:
    """Return the caller's id if it is fit to be kept (at most 128 plain characters), else a new one."""
    return candidate if candidate and _ACCEPTABLE.fullmatch(candidate) else new_request_id()
