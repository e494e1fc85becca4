"""Provider states: what an interaction of a contract needs to be true, made true in the real store.

Every state can be asked for again and again, whatever was there before. Parameters that a contract leaves out have
fixed values, and each handler answers with the values it used.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from plt.identity.v1 import events_pb2, identity_pb2

from platformkit.events import Pool, topics_of
from platformkit.lifecycle import Settings
from platformkit.service import Connections, ContractLetters
from services.notification.adapters.repository import PostgresStore
from services.notification.domain.kind import NotificationKind
from services.notification.domain.notification import Cause, Notification, NotificationStatus
from services.notification.domain.recipient import Contact, Preferences, Recipient

Params = Mapping[str, object]
Handler = Callable[[Params], Awaitable[Mapping[str, object] | None]]

USER_ID = "7f1f0f6e-2b1c-4c5d-8e9f-0000000e0701"
EMAIL = "ada@example.com"
EVENT_ID = "0b6e9a52-8f0d-4b7e-9c3a-0000000e0001"
CREATE_TIME = "2026-01-02T03:04:05Z"
PARAMETERS = frozenset(
    ("user_id", "email", "display_name", "locale", "muted", "etag", "active", "kind", "status", "count", "failure")
)
# Of nobody else; the service can apply it as often as it comes.
UPDATED = events_pb2.UserUpdated(
    user=identity_pb2.User(user_id="7f1f0f6e-2b1c-4c5d-8e9f-0000000e07d1", email="ada@letters.example.org")
)


@asynccontextmanager
async def states(environ: Mapping[str, str]) -> AsyncIterator[Mapping[str, Handler]]:
    """Return the states by name, on the store of the process that has this environment.

    Raises:
        StartError: The environment does not say where the store is.
    """
    settings = Settings.from_environ("notification", environ)
    async with Connections(settings) as connections:
        pool = await connections.postgres(max_size=2)
        publisher = connections.publisher(topic.dead_letters() for topic in topics_of([events_pb2.UserUpdated]))
        letters = ContractLetters(connections.archive(), publisher, "notification", UPDATED)
        subject = _Subject(pool, PostgresStore(pool))
        yield {
            "a user gets notifications": subject.recipient_exists,
            "a user got notifications": subject.notifications_exist,
            "a user is unknown to notification": subject.no_recipient_exists,
            "dead letters of notification exist": letters.exist,
        }


@dataclass(frozen=True, slots=True)
class _Subject:
    pool: Pool
    store: PostgresStore

    async def recipient_exists(self, params: Params) -> Mapping[str, object]:
        """{user_id, email, display_name, locale, muted, etag, active}: the user is known, and got no mail yet."""
        recipient = _recipient(params)
        await self._remove(recipient.user_id)
        async with self.store.transaction() as transaction:
            await transaction.recipients.save(recipient)
        return {"user_id": recipient.user_id, "etag": recipient.preferences.etag}

    async def notifications_exist(self, params: Params) -> Mapping[str, object]:
        """{..., kind, status, failure, count}: so many were sent to the user and no others, a second apart."""
        facts = await self.recipient_exists(params)
        recipient, count = _recipient(params), int(str(params.get("count", 1)))
        async with self.store.transaction() as transaction:
            for number in range(count):
                await transaction.notifications.add(_notification(params, recipient, number))
        return {**facts, "count": count}

    async def no_recipient_exists(self, params: Params) -> Mapping[str, object]:
        """{user_id}: no event has told of the user."""
        user_id = _recipient(params).user_id
        await self._remove(user_id)
        return {"user_id": user_id}

    async def _remove(self, user_id: str) -> None:
        for table in ("notifications", "login_failures", "recipients"):
            await self.pool.execute(f"DELETE FROM {table} WHERE user_id = $1", user_id)  # noqa: S608 - constants only


def _recipient(params: Params) -> Recipient:
    """Return the recipient that the parameters describe; kinds by their names in the interface, in any case.

    Raises:
        ValueError: A parameter is unknown or not of its kind.
    """
    if unknown := params.keys() - PARAMETERS:
        raise ValueError(f"unknown parameters {sorted(unknown)}; expected some of {sorted(PARAMETERS)}")
    muted = params.get("muted", ())
    if not isinstance(muted, Sequence) or isinstance(muted, str):
        raise ValueError(f"expected muted as a list, found {muted!r}")
    revision = int(str(params.get("etag", "r1")).removeprefix("r"))
    return Recipient(
        user_id=str(params.get("user_id", USER_ID)),
        contact=Contact(str(params.get("email", EMAIL)), str(params.get("display_name", "Ada")), ""),
        contact_time=datetime.fromisoformat(CREATE_TIME),
        active=params.get("active", True) is True,
        preferences=Preferences(
            locale=str(params.get("locale", "")),
            muted=frozenset(_kind(kind) for kind in muted),
            revision=revision,
            update_time=datetime.fromisoformat(CREATE_TIME) if revision > 1 else None,
        ),
    )


def _notification(params: Params, recipient: Recipient, number: int) -> Notification:
    cause = Cause("/plt/identity", f"{EVENT_ID[:-12]}{number + 1:012}", "request-1")
    time = datetime.fromisoformat(CREATE_TIME) + timedelta(seconds=number)
    status = NotificationStatus(_name(params.get("status", "sent"), "notification_status_"))
    # None is left for a sender to find.
    if status is NotificationStatus.PENDING:
        raise ValueError("expected the status sent or failed, found pending")
    kind = _kind(params.get("kind", "welcome"))
    return replace(
        Notification.of(kind, recipient, cause, {"time": time.isoformat(), "count": "5", "address": ""}, time),
        status=status,
        attempts=1,
        send_time=time + timedelta(seconds=1) if status is NotificationStatus.SENT else None,
        failure=str(params.get("failure", "")),
    )


def _kind(name: object) -> NotificationKind:
    return NotificationKind(_name(name, "notification_kind_"))


def _name(name: object, prefix: str) -> str:
    return str(name).lower().removeprefix(prefix)
