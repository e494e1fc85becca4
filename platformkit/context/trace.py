"""Distributed traces as W3C Trace Context writes them (https://www.w3.org/TR/trace-context/).

This is the one place where the position in a trace is held. `platformkit.telemetry.span` moves it to the span that it
records; while nothing is recorded, a service hands on what it was given unchanged, as the recommendation asks of a
participant that does not take part in the trace.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

TRACE_PARENT: Final = "traceparent"
TRACE_STATE: Final = "tracestate"

# Section 3.2: version, trace id, parent id, flags. A version above 00 may have more behind them; ff is invalid.
_PARENT = re.compile(r"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")
_PARENT_CHARACTERS: Final = 256
_SAMPLED: Final = 0x01
# Section 3.3: a list of at most 32 members; 512 characters are what everybody has to hand on, and the most that we do.
_STATE = re.compile(r"[\x20-\x7e\t]*")
_STATE_CHARACTERS: Final = 512
_STATE_MEMBERS: Final = 32


@dataclass(frozen=True, slots=True)
class Trace:
    """Place of a request in a distributed trace.

    Attributes:
        parent: Value of ``traceparent``.
        state: Value of ``tracestate``; may be empty.
    """

    parent: str
    state: str = ""

    @property
    def trace_id(self) -> str:
        """Return the identifier of the whole trace: 32 hexadecimal digits."""
        return self.parent.split("-")[1]

    @property
    def span_id(self) -> str:
        """Return the identifier of the span that this is the place of: 16 hexadecimal digits."""
        return self.parent.split("-")[2]

    @property
    def sampled(self) -> bool:
        """Tell whether whoever began the trace wants its spans recorded (section 3.2.3.3.1)."""
        return bool(int(self.parent.split("-")[3], 16) & _SAMPLED)


def trace_of(parent: str | None, state: str | None = None) -> Trace | None:
    """Read the trace that a caller hands on.

    A parent that is malformed leaves no trace, and a state that is malformed or too long is dropped by itself: a trace
    must never be the reason why a request fails.
    """
    found = _PARENT.fullmatch(parent) if parent and len(parent) <= _PARENT_CHARACTERS and parent.isascii() else None
    if parent is None or found is None or (found[1] == "00" and found[3]):
        return None
    return Trace(parent, state if state and _is_state(state) else "")


def _is_state(state: str) -> bool:
    members = [member for member in state.split(",") if member.strip()]
    fits = len(state) <= _STATE_CHARACTERS and len(members) <= _STATE_MEMBERS
    return fits and _STATE.fullmatch(state) is not None and all("=" in member for member in members)
