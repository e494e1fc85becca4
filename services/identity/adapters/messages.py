"""Users, changes and events as messages of the interface, and back."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import grpc
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from plt.identity.v1 import events_pb2, identity_pb2

from platformkit.status import FieldViolation, ServiceError
from services.identity.domain.errors import InvalidUserError
from services.identity.domain.events import UserCreated, UserDeactivated, UserEvent
from services.identity.domain.user import Profile, Role, User, UserChanges, UserData, UserStatus

ROLES = {
    Role.MEMBER: identity_pb2.ROLE_MEMBER,
    Role.ADMIN: identity_pb2.ROLE_ADMIN,
    Role.AUDITOR: identity_pb2.ROLE_AUDITOR,
}
STATUSES = {
    UserStatus.ACTIVE: identity_pb2.USER_STATUS_ACTIVE,
    UserStatus.DEACTIVATED: identity_pb2.USER_STATUS_DEACTIVATED,
}
CHANGEABLE = ("email", "profile", "profile.display_name", "profile.locale", "profile.languages", "roles", "labels")


def message_of(user: User) -> identity_pb2.User:
    """Return the user as the interface shows it."""
    return identity_pb2.User(
        user_id=user.user_id,
        email=user.data.email,
        profile=identity_pb2.Profile(
            display_name=user.data.profile.display_name,
            locale=user.data.profile.locale,
            languages=user.data.profile.languages,
        ),
        roles=[ROLES[role] for role in user.data.roles],
        labels=user.data.labels,
        status=STATUSES[user.status],
        create_time=_timestamp(user.create_time),
        update_time=_timestamp(user.update_time),
        etag=user.etag,
    )


def data_of(message: identity_pb2.User) -> UserData:
    """Return what the caller decides about a user.

    Raises:
        InvalidUserError: A field breaks a rule.
    """
    return UserData(
        email=message.email,
        profile=Profile(message.profile.display_name, _languages(message.profile)),
        roles=_roles(message),
        labels=message.labels,
    )


def changes_of(message: identity_pb2.User, mask: FieldMask) -> UserChanges:
    """Read the fields that the mask names; an empty mask names those of the changeable ones that are set.

    Raises:
        InvalidUserError: A field breaks a rule.
        ServiceError: INVALID_ARGUMENT, UPDATE_MASK_INVALID: the mask names a field that callers do not change.
    """
    for path in mask.paths:
        if path not in CHANGEABLE:
            raise _mask_error(path)
    paths = set(mask.paths) or _set_paths(message)
    whole_profile = "profile" in paths
    # Whoever sends a whole profile and no languages may not know of them, and leaves them as they are.
    by_locale = not message.profile.languages and whole_profile
    return UserChanges(
        email=message.email if "email" in paths else None,
        display_name=message.profile.display_name if whole_profile or "profile.display_name" in paths else None,
        locale=message.profile.locale if by_locale or "profile.locale" in paths else None,
        languages=_changed_languages(message.profile, paths),
        roles=_roles(message) if "roles" in paths else None,
        labels=dict(message.labels) if "labels" in paths else None,
    )


def status_of(status: identity_pb2.UserStatus.ValueType) -> UserStatus | None:
    """Return the status that a filter asks for; None for every status."""
    return next((known for known, value in STATUSES.items() if value == status), None)


def canonical_id(user_id: str) -> str:
    """Return the one spelling of an identifier.

    Raises:
        InvalidUserError: It is no UUID.
    """
    try:
        return str(UUID(user_id))
    except ValueError:
        raise InvalidUserError("user_id", "must be a UUID") from None


def event_message(event: UserEvent) -> Message:
    """Return the event as the interface shows it."""
    if isinstance(event, UserCreated):
        return events_pb2.UserCreated(user=message_of(event.user))
    if isinstance(event, UserDeactivated):
        return events_pb2.UserDeactivated(user_id=event.user_id, deactivate_time=_timestamp(event.deactivate_time))
    return events_pb2.UserUpdated(user=message_of(event.user), changed_fields=FieldMask(paths=event.changed_fields))


def dump(user: User) -> bytes:
    """Write a user as bytes that stay readable when the interface evolves; for caches and snapshots."""
    return message_of(user).SerializeToString()


def load(raw: bytes) -> User:
    """Return the user that `dump` made bytes of."""
    message = identity_pb2.User.FromString(raw)
    return User(
        user_id=message.user_id,
        data=data_of(message),
        status=status_of(message.status) or UserStatus.ACTIVE,
        create_time=message.create_time.ToDatetime(tzinfo=UTC),
        update_time=message.update_time.ToDatetime(tzinfo=UTC),
        revision=int(message.etag.removeprefix("r")),
    )


def _timestamp(moment: datetime) -> Timestamp:
    timestamp = Timestamp()
    timestamp.FromDatetime(moment)
    return timestamp


def _roles(message: identity_pb2.User) -> tuple[Role, ...]:
    known = {value: role for role, value in ROLES.items()}
    unknown = [value for value in message.roles if value not in known]
    if unknown:
        raise InvalidUserError("roles", f"must be known roles, {unknown[0]} is none")
    return tuple(known[value] for value in message.roles)


def _languages(profile: identity_pb2.Profile) -> tuple[str, ...]:
    return tuple(profile.languages) or ((profile.locale,) if profile.locale else ())


def _changed_languages(profile: identity_pb2.Profile, paths: set[str]) -> tuple[str, ...] | None:
    is_named = "profile.languages" in paths or ("profile" in paths and len(profile.languages) > 0)
    return tuple(profile.languages) if is_named else None


def _set_paths(message: identity_pb2.User) -> set[str]:
    profile = {f"profile.{field.name}" for field, _ in message.profile.ListFields()}
    return profile | {field.name for field, _ in message.ListFields() if field.name in {"email", "roles", "labels"}}


def _mask_error(path: str) -> ServiceError:
    what = f"names {path!r}; it may name {', '.join(CHANGEABLE)} (in JSON profile.displayName)"
    return ServiceError(
        grpc.StatusCode.INVALID_ARGUMENT,
        f"update_mask {what}",
        reason="UPDATE_MASK_INVALID",
        violations=(FieldViolation("update_mask", what, "UPDATE_MASK_INVALID"),),
    )
