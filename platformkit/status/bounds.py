"""Limits on what an error says, so that a refusal is never larger than what it refuses.

An error travels in gRPC metadata, of which many peers take 8 KiB in all (gRPC's soft limit) and answer
RESOURCE_EXHAUSTED to what is longer: a caller would be told the wrong thing by the very text that explains it.
"""

from __future__ import annotations

from typing import Final

MAX_VIOLATIONS: Final = 50
"""Violations that one error lists; what is beyond is counted."""
MAX_VIOLATION_BYTES: Final = 3_000
"""Bytes of all violations of one error together; the first is always listed."""
MAX_MESSAGE_BYTES: Final = 1_000
"""Bytes of the message of an error as gRPC sends it, percent-encoded."""
MAX_TEXT_BYTES: Final = 300
"""Bytes of one text of a detail: a path, a description, a fact."""

_CUT: Final = "..."


def clipped(text: str, limit: int = MAX_TEXT_BYTES) -> str:
    r"""Return a text that can be sent: cut to its limit, and with an escape in place of each lone surrogate.

    Args:
        text: Whatever a request may hold; a lone surrogate (JSON's ``"\ud800"``) has no form in UTF-8.
        limit: Longest result, in bytes of its percent-encoded form (gRPC's ``grpc-message``), at least 3.
    """
    # No character is shorter than a byte, so what is behind the limit need not be looked at.
    sent = text[: limit + 1].encode("utf-8", "backslashreplace").decode()
    size = fitting = 0
    for position, character in enumerate(sent):
        size += _encoded_size(character)
        if size <= limit - len(_CUT):
            fitting = position + 1
        elif size > limit:
            return sent[:fitting] + _CUT
    return sent


def _encoded_size(character: str) -> int:
    if " " <= character <= "~" and character != "%":
        return 1
    return 3 * len(character.encode())
