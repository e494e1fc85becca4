"""Calls that somebody noted with the members of their messages, and without the values."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

from servanda.verdict import Transport


class Side(enum.StrEnum):
    """A part of what a consumer does with an interface."""

    CALLS = "calls"
    """Its calls."""
    WRITES = "writes"
    """All that it sends."""
    READS = "reads"
    """All that it reads; what passes to it holds that as well."""


# Bad Request and Unprocessable Content: https://www.rfc-editor.org/rfc/rfc9110#section-15.5
_INVALID: Final = frozenset({400, 422})
EVERYTHING: Final = frozenset(Side)


@dataclass(frozen=True, slots=True)
class Shape:
    """The members of a message.

    Attributes:
        value: As JSON: objects with their members, lists with their items, and ``None`` in place of each scalar.
    """

    value: object


@dataclass(frozen=True, slots=True)
class Exchange:
    """One call, or several that have the same members.

    Attributes:
        call: A method and a path as in ``GET /v1/users/{user_id}``, or the full name of an rpc.
        label: Where it was seen, for the evidence: unlike that of every other call of the log.
        status: Of the HTTP response; ``None`` if nobody noted it.
        refused: Whether the provider refused the request as invalid.
        query: Names of query parameters; ``None`` if nobody looked.
        headers: Names of headers of the request, in lower case; ``None`` if nobody looked.
        sent: Members of the request's message; ``None`` if nobody looked.
        received: Members of the response's message: what may have been read.
        read: Members that were read for certain.
        mask: Paths of a read mask.
    """

    call: str
    transport: Transport
    label: str
    status: int | None = None
    query: tuple[str, ...] | None = None
    headers: tuple[str, ...] | None = None
    sent: Shape | None = None
    received: Shape | None = None
    read: Shape | None = None
    mask: tuple[str, ...] = ()
    refused: bool = False

    @property
    def is_refused(self) -> bool:
        """Return whether the request was invalid: then it shows nothing of what has to be accepted."""
        return self.refused or self.status in _INVALID

    @property
    def is_success(self) -> bool:
        """Return yes unless the status says that the request was not served."""
        return not self.refused and (self.status is None or 200 <= self.status < 300)
