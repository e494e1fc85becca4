"""Values of an answer, and the transport that it is about."""

from __future__ import annotations

import enum
from typing import ClassVar


class Transport(str):
    """Name of how two pacticipants talk to each other, one of :data:`servanda.extensions.TRANSPORTS`.

    There are constants for those that rules speak of; others can be installed.
    """

    __slots__ = ()

    HTTP: ClassVar[Transport]
    GRPC: ClassVar[Transport]
    KAFKA: ClassVar[Transport]


Transport.HTTP, Transport.GRPC, Transport.KAFKA = Transport("http"), Transport("grpc"), Transport("kafka")


class Outcome(enum.StrEnum):
    """Result of one obligation: a stage, an interaction, a check."""

    HELD = "held"
    BROKEN = "broken"
    UNKNOWN = "unknown"
    PENDING = "pending"
    """An interaction that its consumer still waits for, and that does not hold yet: told, but it breaks nothing."""
    SKIPPED = "skipped"
    """Not examined, because an earlier stage already gave the answer; never the outcome of an interaction."""


class Answer(enum.StrEnum):
    """May this change go ahead? ``unknown`` is an answer of its own and never counts as ``yes``."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @property
    def exit_code(self) -> int:
        """Return 0 for holds, 1 for a broken contract, 2 for unknown."""
        return {Answer.YES: 0, Answer.NO: 1, Answer.UNKNOWN: 2}[self]
