"""Events of auth as occurrences."""

from __future__ import annotations

from plt.auth.v1 import events_pb2

from platformkit.events import Event
from services.audit.domain.entry import Cause, EntryKind, Occurrence


def account_occurrence(event: Event) -> Occurrence | None:
    """Return what an event of auth tells; None if it is none that is recorded.

    Raises:
        InvalidEntryError: It does not say whom it is about.
    """
    match event.message:
        case events_pb2.LoginSucceeded() as message:
            details = {"session_id": message.session_id, "address": message.address}
            return _occurrence(event, EntryKind.LOGIN_SUCCEEDED, f"users/{message.user_id}", details)
        case events_pb2.LoginFailed() as message:
            # Of an address that nobody has, only its digest is known.
            subject = f"users/{message.user_id}" if message.user_id else f"logins/{message.account_key}"
            details = {"failures": str(message.failures), "address": message.address}
            return _occurrence(event, EntryKind.LOGIN_FAILED, subject, details)
        case events_pb2.PasswordChanged() as message:
            return _occurrence(event, EntryKind.PASSWORD_CHANGED, f"users/{message.user_id}", {})
        case events_pb2.TokenRevoked() as message:
            details = {"session_id": message.session_id, "reason": _reason_name(message.reason)}
            return _occurrence(event, EntryKind.TOKEN_REVOKED, f"users/{message.user_id}", details)
    return None


def _occurrence(event: Event, kind: EntryKind, subject: str, details: dict[str, str]) -> Occurrence:
    return Occurrence(
        kind=kind,
        subject=subject,
        time=event.time,
        cause=Cause(event.source, event.id, event.request_id),
        details={name: value for name, value in details.items() if value},
    )


def _reason_name(reason: events_pb2.RevocationReason.ValueType) -> str:
    # A newer auth may know reasons that this version does not; its number is better than nothing.
    known = events_pb2.RevocationReason.values()
    name = events_pb2.RevocationReason.Name(reason) if reason in known else str(reason)
    return name.removeprefix("REVOCATION_REASON_").lower()
