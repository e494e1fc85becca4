"""Users as far as mails need them, and what they want to be told."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from services.notification.domain.errors import EtagStaleError, InvalidFieldError, RecipientInactiveError
from services.notification.domain.kind import NotificationKind

DEFAULT_LOCALE: Final = "en"
# What may stand between "RCPT TO:<" and ">" and in a header: nothing that ends either, or begins another recipient.
_ADDRESS: Final = re.compile(r"[\x21-\x7e]+@[\x21-\x7e]+")
_FORBIDDEN: Final = frozenset('<>(),;:\\"[]')
_ADDRESS_CHARACTERS: Final = 254
_NAME_CHARACTERS: Final = 200


@dataclass(frozen=True, slots=True)
class Contact:
    """Way to a user, as identity tells it.

    Attributes:
        email: Address.
        display_name: Name to address the user with; control characters become spaces. May be empty.
        locale: Language tag of the profile; may be empty.

    Raises:
        InvalidFieldError: The address is none that a mail can be sent to.
    """

    email: str
    display_name: str
    locale: str

    def __post_init__(self) -> None:
        fits = _ADDRESS.fullmatch(self.email) and not _FORBIDDEN.intersection(self.email)
        if not fits or self.email.count("@") != 1 or len(self.email) > _ADDRESS_CHARACTERS:
            raise InvalidFieldError("user.email", "must be an address that a mail can be sent to")
        # A name is shown in a line of text and of a header; neither may become two.
        printable = "".join(letter if letter.isprintable() else " " for letter in self.display_name)
        object.__setattr__(self, "display_name", " ".join(printable.split())[:_NAME_CHARACTERS])


@dataclass(frozen=True, slots=True)
class Preferences:
    """Wishes of a user about mails.

    Attributes:
        locale: Language tag of mails; empty means that of the profile.
        muted: Kinds of which no mails are sent.
        revision: 1 at first, one more with every change.
        update_time: When they were changed last; None if they never were.
    """

    locale: str = ""
    muted: frozenset[NotificationKind] = frozenset()
    revision: int = 1
    update_time: datetime | None = None

    @property
    def etag(self) -> str:
        """Return the version for optimistic concurrency, opaque to callers."""
        return f"r{self.revision}"


@dataclass(frozen=True, slots=True)
class PreferenceChanges:
    """New values of some preferences; None leaves one as it is."""

    locale: str | None = None
    muted: frozenset[NotificationKind] | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """A user who gets mails.

    Attributes:
        user_id: Canonical text of a UUID.
        contact: Where mails go.
        contact_time: When identity knew the contact; later news replace earlier ones, and never the other way round.
        active: Whether the user may act; one who may not gets no more mails.
        preferences: What the user wants.
    """

    user_id: str
    contact: Contact
    contact_time: datetime
    active: bool = True
    preferences: Preferences = Preferences()

    @property
    def locale(self) -> str:
        """Return the language tag of mails."""
        return self.preferences.locale or self.contact.locale or DEFAULT_LOCALE

    def wants(self, kind: NotificationKind) -> bool:
        """Tell whether to send mails of a kind."""
        return self.active and kind not in self.preferences.muted

    def followed(self, contact: Contact, time: datetime) -> Recipient:
        """Return the recipient with the contact that identity knew at a time; as it is if that is old news."""
        return replace(self, contact=contact, contact_time=time) if time > self.contact_time else self

    def deactivated(self) -> Recipient:
        """Return the recipient who gets no more mails."""
        return replace(self, active=False)

    def changed(self, changes: PreferenceChanges, etag: str, now: datetime) -> Recipient:
        """Return the recipient with other preferences; as it is if nothing differs.

        Raises:
            RecipientInactiveError: The user is deactivated.
            EtagStaleError: The etag is set and not the current one.
        """
        before = self.preferences
        if not self.active:
            raise RecipientInactiveError(self.user_id)
        if etag and etag != before.etag:
            raise EtagStaleError(self.user_id, expected=etag, actual=before.etag)
        locale = before.locale if changes.locale is None else changes.locale
        muted = before.muted if changes.muted is None else changes.muted
        if (locale, muted) == (before.locale, before.muted):
            return self
        return replace(self, preferences=Preferences(locale, muted, before.revision + 1, now))
