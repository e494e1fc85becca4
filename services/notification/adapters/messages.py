"""Notifications and preferences as messages of the interface, and back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import grpc
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.timestamp_pb2 import Timestamp
from plt.notification.v1 import notification_pb2

from platformkit.status import FieldViolation, ServiceError
from services.notification.adapters.writing import language_of
from services.notification.domain.errors import InvalidFieldError
from services.notification.domain.kind import NotificationKind
from services.notification.domain.notification import Notification, NotificationStatus
from services.notification.domain.recipient import PreferenceChanges, Recipient

KINDS = {
    NotificationKind.WELCOME: notification_pb2.NOTIFICATION_KIND_WELCOME,
    NotificationKind.DEACTIVATED: notification_pb2.NOTIFICATION_KIND_DEACTIVATED,
    NotificationKind.LOGIN_FAILURES: notification_pb2.NOTIFICATION_KIND_LOGIN_FAILURES,
    NotificationKind.PASSWORD_CHANGED: notification_pb2.NOTIFICATION_KIND_PASSWORD_CHANGED,
}
STATUSES = {
    NotificationStatus.PENDING: notification_pb2.NOTIFICATION_STATUS_PENDING,
    NotificationStatus.SENT: notification_pb2.NOTIFICATION_STATUS_SENT,
    NotificationStatus.FAILED: notification_pb2.NOTIFICATION_STATUS_FAILED,
}
CHANGEABLE = ("locale", "muted_kinds")


def message_of(notification: Notification) -> notification_pb2.Notification:
    """Return the notification as the interface shows it."""
    sent = notification.send_time
    return notification_pb2.Notification(
        notification_id=notification.notification_id,
        user_id=notification.user_id,
        kind=KINDS[notification.kind],
        status=STATUSES[notification.status],
        event_id=notification.cause.event_id,
        request_id=notification.cause.request_id,
        language=language_of(notification.locale),
        create_time=_timestamp(notification.create_time),
        send_time=_timestamp(sent) if sent else None,
        attempts=notification.attempts,
        failure=notification.failure,
    )


def preferences_of(recipient: Recipient) -> notification_pb2.Preferences:
    """Return the preferences of a recipient as the interface shows them."""
    preferences = recipient.preferences
    changed = preferences.update_time
    return notification_pb2.Preferences(
        user_id=recipient.user_id,
        locale=preferences.locale,
        muted_kinds=sorted(KINDS[kind] for kind in preferences.muted),
        update_time=_timestamp(changed) if changed else None,
        etag=preferences.etag,
    )


def changes_of(message: notification_pb2.Preferences, mask: FieldMask) -> PreferenceChanges:
    """Read the fields that the mask names; an empty mask names those of the changeable ones that are set.

    Raises:
        ServiceError: INVALID_ARGUMENT, UPDATE_MASK_INVALID: the mask names a field that callers do not change.
    """
    for path in mask.paths:
        if path not in CHANGEABLE:
            raise _mask_error(path)
    paths = set(mask.paths) or {field.name for field, _ in message.ListFields()}
    return PreferenceChanges(
        locale=message.locale if "locale" in paths else None,
        muted=_kinds(message.muted_kinds) if "muted_kinds" in paths else None,
    )


def status_of(status: notification_pb2.NotificationStatus.ValueType) -> NotificationStatus | None:
    """Return the status that a filter asks for; None for every status."""
    return next((known for known, value in STATUSES.items() if value == status), None)


def canonical_id(user_id: str) -> str:
    """Return the one spelling of an identifier.

    Raises:
        InvalidFieldError: It is no UUID.
    """
    try:
        return str(UUID(user_id))
    except ValueError:
        raise InvalidFieldError("user_id", "must be a UUID") from None


def _kinds(kinds: Iterable[notification_pb2.NotificationKind.ValueType]) -> frozenset[NotificationKind]:
    wanted = frozenset(kinds)
    return frozenset(kind for kind, value in KINDS.items() if value in wanted)


def _timestamp(moment: datetime) -> Timestamp:
    timestamp = Timestamp()
    timestamp.FromDatetime(moment)
    return timestamp


def _mask_error(path: str) -> ServiceError:
    what = f"names {path!r}; it may name {', '.join(CHANGEABLE)} (in JSON mutedKinds)"
    return ServiceError(
        grpc.StatusCode.INVALID_ARGUMENT,
        f"update_mask {what}",
        reason="UPDATE_MASK_INVALID",
        violations=(FieldViolation("update_mask", what, "UPDATE_MASK_INVALID"),),
    )
