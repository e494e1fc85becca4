"""Errors of a broker, and the variable that names it."""

from __future__ import annotations

from typing import Final

from servanda.errors import PublicationError

URL: Final = "PACT_BROKER_BASE_URL"
"""Variable of the environment that holds the address of the broker."""


class BrokerAnswerError(PublicationError):
    """An answer of a broker that is no success.

    Attributes:
        status: Its status.
    """

    def __init__(self, what: str, *, where: str, hint: str | None, status: int) -> None:
        super().__init__(what, where=where, hint=hint)
        self.status = status


class BrokerAwayError(PublicationError):
    """A broker that cannot be reached at the moment."""
