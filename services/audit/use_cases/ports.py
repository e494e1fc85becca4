"""What the use cases need from the outside; `services.audit.adapters.memory` ships a fake of each."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from platformkit.service import Cursor
from services.audit.domain.entry import Entry, EntryKind
from services.audit.domain.errors import InvalidEntryError


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries are asked for.

    Attributes:
        subject: Whom they are about; empty means everybody.
        kind: What happened; None means anything.

    Raises:
        InvalidEntryError: No subject can have such a name.
    """

    subject: str = ""
    kind: EntryKind | None = None

    def __post_init__(self) -> None:
        # The one character that no text column holds: it is the caller's error, so it must not become a failing query.
        if "\0" in self.subject:
            raise InvalidEntryError("subject", "must not contain the character U+0000")


class Entries(Protocol):
    """The entries, inside one transaction."""

    async def add(self, entry: Entry) -> None:
        """Stores an entry; one that is there already stays as it is."""
        ...

    async def page(self, wanted: Filter, after: Cursor | None, limit: int) -> Sequence[Entry]:
        """Reads up to `limit` entries, the latest first."""
        ...


class Store(Protocol):
    """Where transactions come from."""

    def transaction(self) -> AbstractAsyncContextManager[Entries]:
        """Begins a transaction; it commits when the block ends and rolls back when the block raises.

        Raises:
            StoreUnavailableError: The store does not answer.
        """
        ...
