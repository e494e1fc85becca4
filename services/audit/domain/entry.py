"""Entries of the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from uuid import UUID, uuid5

from services.audit.domain.errors import InvalidEntryError

# Fixed forever: the identifiers of all entries hang on it.
ENTRY_IDS = UUID("0a1d9a4e-53d8-5c61-9c5a-3f1c2f6f7f10")
MAX_SUBJECT_CHARACTERS = 200


class EntryKind(Enum):
    """Kind of an occurrence."""

    USER_CREATED = "user_created"
    USER_UPDATED = "user_updated"
    USER_DEACTIVATED = "user_deactivated"
    LOGIN_SUCCEEDED = "login_succeeded"
    LOGIN_FAILED = "login_failed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a kind
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 - a kind


@dataclass(frozen=True, slots=True)
class Cause:
    """Origin of the knowledge of an occurrence.

    Attributes:
        source: Who told of it.
        event_id: Identifier of the event; unique within its source.
        request_id: Request that caused it; empty if unknown.
    """

    source: str
    event_id: str
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that happened.

    Attributes:
        kind: What happened.
        subject: Whom it happened to, as ``<collection>/<identifier>``.
        time: When it happened; aware.
        cause: Where the knowledge of it comes from.
        changed_fields: Paths of the fields that were changed.
        details: Facts about the subject at that time.

    Raises:
        InvalidEntryError: The subject is not named, or its name is too long.
    """

    kind: EntryKind
    subject: str
    time: datetime
    cause: Cause
    changed_fields: tuple[str, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _, _, identifier = self.subject.partition("/")
        if not identifier:
            raise InvalidEntryError("subject", f"must name a subject, actual {self.subject!r}")
        if len(self.subject) > MAX_SUBJECT_CHARACTERS:
            raise InvalidEntryError("subject", f"must have {MAX_SUBJECT_CHARACTERS} characters at most")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit trail.

    Attributes:
        entry_id: Identifier, a UUID; the same for the same event, whenever it is recorded.
        occurrence: What happened.
        record_time: When it was recorded; aware.
    """

    entry_id: str
    occurrence: Occurrence
    record_time: datetime

    @classmethod
    def of(cls, occurrence: Occurrence, record_time: datetime) -> Entry:
        """Return the entry that records an occurrence."""
        name = f"{occurrence.cause.source}\n{occurrence.cause.event_id}"
        return cls(str(uuid5(ENTRY_IDS, name)), occurrence, record_time)
