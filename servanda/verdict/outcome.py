"""The closed sets of answers."""

from __future__ import annotations

import enum


class Transport(enum.StrEnum):
    """How two pacticipants talk to each other."""

    HTTP = "http"
    GRPC = "grpc"
    KAFKA = "kafka"


class Outcome(enum.StrEnum):
    """What is known of one obligation: a stage, an interaction, a check."""

    HELD = "held"
    BROKEN = "broken"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    """Not examined, because an earlier stage already gave the answer; never the outcome of an interaction."""


class Answer(enum.StrEnum):
    """May this change go ahead? ``unknown`` is an answer of its own and never counts as ``yes``."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @property
    def exit_code(self) -> int:
        """0 holds, 1 a contract is broken, 2 could not tell."""
        return {Answer.YES: 0, Answer.NO: 1, Answer.UNKNOWN: 2}[self]
