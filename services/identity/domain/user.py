"""A user of the platform and the rules of its life."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from types import MappingProxyType

from services.identity.domain.errors import EtagStaleError, InvalidUserError, UserDeactivatedError


class UserStatus(Enum):
    """State of a user: it may act or not."""

    ACTIVE = "active"
    DEACTIVATED = "deactivated"


class Role(Enum):
    """Right of a user."""

    MEMBER = "member"
    ADMIN = "admin"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class Profile:
    """Form in which a user wants to be addressed; without languages it is the platform's default."""

    display_name: str
    languages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.display_name:
            raise InvalidUserError("profile.display_name", "must not be empty")
        _require_storable("profile.display_name", self.display_name)
        if len(set(self.languages)) != len(self.languages):
            raise InvalidUserError("profile.languages", "must not repeat a language")
        for language in self.languages:
            _require_storable("profile.languages", language)

    @property
    def locale(self) -> str:
        """Return the preferred language; empty if there is none."""
        return self.languages[0] if self.languages else ""

    def with_changes(self, changes: UserChanges) -> Profile:
        """Return the same profile but for the fields that `changes` sets; languages as a whole go before a locale.

        Raises:
            InvalidUserError: The result breaks a rule.
        """
        languages = self.languages
        if changes.languages is not None:
            languages = changes.languages
        elif changes.locale is not None:
            others = (language for language in languages if language != changes.locale)
            languages = (changes.locale, *others) if changes.locale else ()
        return Profile(self.display_name if changes.display_name is None else changes.display_name, languages)


@dataclass(frozen=True, slots=True)
class UserChanges:
    """New values of some fields of a user; None leaves a field as it is."""

    email: str | None = None
    display_name: str | None = None
    locale: str | None = None
    languages: tuple[str, ...] | None = None
    roles: tuple[Role, ...] | None = None
    labels: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class UserData:
    """Data of a user that its owner decides on.

    Args:
        email: Address as the owner writes it; `email_key` is what makes it unique.
        profile: How the user wants to be addressed.
        roles: Without repetition; empty becomes the member role.
        labels: Free labels of the owner.

    Raises:
        InvalidUserError: A field breaks a rule.
    """

    email: str
    profile: Profile
    roles: tuple[Role, ...] = (Role.MEMBER,)
    labels: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.email:
            raise InvalidUserError("email", "must not be empty")
        _require_storable("email", self.email)
        if len(set(self.roles)) != len(self.roles):
            raise InvalidUserError("roles", "must not repeat a role")
        for key, value in self.labels.items():
            _require_storable(f"labels[{key}]", value)
        object.__setattr__(self, "roles", self.roles or (Role.MEMBER,))
        object.__setattr__(self, "labels", MappingProxyType(dict(self.labels)))

    def with_changes(self, changes: UserChanges) -> UserData:
        """Return the same data but for the fields that `changes` sets.

        Raises:
            InvalidUserError: The result breaks a rule.
        """
        return UserData(
            email=self.email if changes.email is None else changes.email,
            profile=self.profile.with_changes(changes),
            roles=self.roles if changes.roles is None else changes.roles,
            labels=self.labels if changes.labels is None else changes.labels,
        )

    @property
    def email_key(self) -> str:
        """Return the address without regard to case: no two users share it."""
        return self.email.casefold()

    def changed_fields(self, other: UserData) -> tuple[str, ...]:
        """Return the paths of the fields in which `other` differs, in the order of the interface."""
        differs = {
            "email": self.email != other.email,
            "profile.display_name": self.profile.display_name != other.profile.display_name,
            "profile.locale": self.profile.locale != other.profile.locale,
            "profile.languages": self.profile.languages != other.profile.languages,
            "roles": self.roles != other.roles,
            "labels": dict(self.labels) != dict(other.labels),
        }
        return tuple(path for path, changed in differs.items() if changed)


@dataclass(frozen=True, slots=True)
class User:
    """A user at one revision of its life.

    Args:
        user_id: Canonical text of a UUID.
        data: What its owner decides.
        status: Whether it may act.
        create_time: When it was created, with time zone.
        update_time: When it was changed last, with time zone.
        revision: 1 on creation, one more with every change.
    """

    user_id: str
    data: UserData
    status: UserStatus
    create_time: datetime
    update_time: datetime
    revision: int

    @classmethod
    def create(cls, user_id: str, data: UserData, now: datetime) -> User:
        """Return a new user, active at its first revision."""
        return cls(user_id, data, UserStatus.ACTIVE, now, now, 1)

    @property
    def etag(self) -> str:
        """Return the version for optimistic concurrency, opaque to callers."""
        return f"r{self.revision}"

    def require_etag(self, etag: str) -> None:
        """Refuses a caller who read another revision; an empty etag asks for no check.

        Raises:
            EtagStaleError: The etag is not the current one.
        """
        if etag and etag != self.etag:
            raise EtagStaleError(self.user_id, expected=etag, actual=self.etag)

    def change(self, data: UserData, now: datetime) -> User:
        """Return the next revision with other data; the same revision if nothing differs.

        Raises:
            UserDeactivatedError: The user is deactivated.
        """
        if self.status is UserStatus.DEACTIVATED:
            raise UserDeactivatedError(self.user_id)
        if not self.data.changed_fields(data):
            return self
        return replace(self, data=data, update_time=now, revision=self.revision + 1)

    def deactivate(self, now: datetime) -> User:
        """Return the next revision, deactivated; the same revision if it is deactivated already."""
        if self.status is UserStatus.DEACTIVATED:
            return self
        return replace(self, status=UserStatus.DEACTIVATED, update_time=now, revision=self.revision + 1)


def _require_storable(path: str, text: str) -> None:
    # The one character that no text column holds: it is the caller's error, so it must not become a failing write.
    if "\0" in text:
        raise InvalidUserError(path, "must not contain the character U+0000")
