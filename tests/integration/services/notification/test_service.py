"""From an event to a mail, on real stores and a real mail server."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import grpc
import httpx2
import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from plt.notification.v1 import notification_pb2 as messages
from plt.notification.v1.notification_pb2_grpc import NotificationServiceStub

from platformkit.channels import HttpChannel, grpc_channel
from platformkit.events import KafkaSubscription, Pool, Record, topics_of
from platformkit.events.inbox import KEEP_HOURS
from platformkit.lifecycle import Settings
from platformkit.status import ServiceError
from services.notification.adapters.event_handlers import HEARD
from services.notification.adapters.sink import Mailbox, text_of
from services.notification.application import application
from services.notification.contract_states import USER_ID, states
from tests.integration.services.notification.conftest import Publish
from tests.integration.services.notification.happenings import (
    created,
    deactivated,
    login_failed,
    password_changed,
    user_id_of,
)
from tests.integration.services.serving import serving
from tests.integration.waiting import until

if TYPE_CHECKING:
    # Only its type stub has the asynchronous one.
    from plt.notification.v1.notification_pb2_grpc import NotificationServiceAsyncStub

CHANNELS: Mapping[str, Callable[[Settings], grpc.aio.Channel]] = {
    "grpc": lambda settings: grpc_channel(f"127.0.0.1:{settings.grpc_port}"),
    "http": lambda settings: HttpChannel(f"http://127.0.0.1:{settings.http_port}"),
}
SECONDS = 30.0


@asynccontextmanager
async def client(settings: Settings, transport: str) -> AsyncIterator[NotificationServiceAsyncStub]:
    async with CHANNELS[transport](settings) as channel:
        yield NotificationServiceStub(channel)


@pytest.fixture(params=list(CHANNELS))
async def notification(
    request: pytest.FixtureRequest, environ: Mapping[str, str]
) -> AsyncIterator[NotificationServiceAsyncStub]:
    async with serving("notification", application, environ) as settings, client(settings, request.param) as stub:
        yield stub


async def mails(mailbox: Mailbox, count: int) -> list[tuple[str, str]]:
    """Recipients and subjects of the mails, once there are so many."""

    async def came() -> bool:
        return len(mailbox.mails) >= count

    await until(came, SECONDS)
    return [(mail["To"].addresses[0].addr_spec, str(mail["Subject"])) for mail in mailbox.mails]


async def refusal(call: Awaitable[object]) -> ServiceError:
    with pytest.raises(grpc.aio.AioRpcError) as raised:
        await call
    return ServiceError.from_rpc_error(raised.value)


async def listed(
    stub: NotificationServiceAsyncStub, user_id: str, status: messages.NotificationStatus.ValueType
) -> list[messages.Notification]:
    """The notifications of a user, once the latest one has a status."""
    found: list[messages.Notification] = []

    async def has_come() -> bool:
        # Nobody knows of the user before the event has come.
        with suppress(grpc.aio.AioRpcError):
            response = await stub.ListNotifications(messages.ListNotificationsRequest(user_id=user_id))
            found[:] = response.notifications
        return bool(found) and found[0].status == status

    await until(has_come, SECONDS)
    return found


async def test_each_happening_becomes_a_mail(environ: Mapping[str, str], mailbox: Mailbox, publish: Publish) -> None:
    async with serving("notification", application, environ):
        await publish([created(1, locale="de-AT")])
        await mails(mailbox, 1)
        await publish([password_changed(1)])
        await mails(mailbox, 2)
        await publish([login_failed(1, seconds=second) for second in range(7)])
        await mails(mailbox, 3)
        await publish([deactivated(1)])
        found = await mails(mailbox, 4)
    assert found == [
        ("user-1@example.com", "Willkommen, User 1"),
        ("user-1@example.com", "Ihr Passwort wurde geändert"),
        ("user-1@example.com", "Fehlgeschlagene Anmeldungen an Ihrem Konto"),
        ("user-1@example.com", "Ihr Konto wurde deaktiviert"),
    ]
    assert mailbox.dropped == 0


async def test_a_notification_tells_what_has_become_of_it(
    notification: NotificationServiceAsyncStub, mailbox: Mailbox, publish: Publish
) -> None:
    await publish([created(1)])
    (found,) = await listed(notification, user_id_of(1), messages.NOTIFICATION_STATUS_SENT)
    assert (found.kind, found.attempts, found.language) == (messages.NOTIFICATION_KIND_WELCOME, 1, "en")
    assert (found.request_id, found.failure) == ("request-of-1", "")
    assert found.HasField("send_time")
    (mail,) = mailbox.mails
    assert mail["Message-ID"] == f"<{found.notification_id}@example.com>"


async def test_the_same_event_again_is_no_second_mail(
    environ: Mapping[str, str], mailbox: Mailbox, publish: Publish, pool: Pool
) -> None:
    async with serving("notification", application, environ):
        once = created(1)
        await publish([once, once, created(2)])
        await mails(mailbox, 2)
        # As if it had been redriven when the inbox had forgotten it.
        await pool.execute("DELETE FROM inbox")
        await publish([once, created(3)])
        found = await mails(mailbox, 3)
    assert sorted(address for address, _ in found) == [f"user-{number}@example.com" for number in (1, 2, 3)]
    assert mailbox.dropped == 0


async def test_what_is_told_of_a_user_before_the_user_waits_for_it(
    environ: Mapping[str, str], mailbox: Mailbox, publish: Publish, pool: Pool
) -> None:
    async def is_parked() -> bool:
        return bool(await pool.fetchval("SELECT count(*) FROM parked"))

    async with serving("notification", application, {**environ, "EVENT_RETRY_DELAYS": "1s,2s,4s"}):
        await publish([password_changed(1)])
        await until(is_parked, SECONDS)
        await publish([created(1)])
        found = await mails(mailbox, 2)
    assert [subject for _, subject in found] == ["Welcome, User 1", "Your password was changed"]


async def test_an_event_about_nobody_and_a_malformed_one_become_dead_letters(
    environ: Mapping[str, str], mailbox: Mailbox, publish: Publish
) -> None:
    async with serving("notification", application, {**environ, "EVENT_RETRY_DELAYS": "none"}):
        await publish([replace(created(1), value=b"\xff"), password_changed(404), created(2)])
        await mails(mailbox, 1)
        letters = [topic.dead_letters() for topic in topics_of(HEARD)]
        watcher = KafkaSubscription(environ["KAFKA_BOOTSTRAP_SERVERS"], environ["NAMESPACE"], "watcher", letters)
        received: list[Record] = []

        async def two_came() -> bool:
            received.extend(delivery.record for delivery in await watcher.receive())
            return len(received) >= 2

        try:
            await until(two_came, SECONDS)
        finally:
            await watcher.close()
    assert sorted(record.topic for record in received) == ["plt.auth.account.v1.dlq", "plt.identity.user.v1.dlq"]


async def test_preferences_decide_about_mails(
    notification: NotificationServiceAsyncStub, mailbox: Mailbox, publish: Publish
) -> None:
    await publish([created(1)])
    await mails(mailbox, 1)
    muted = [messages.NOTIFICATION_KIND_PASSWORD_CHANGED]
    wanted = messages.Preferences(user_id=user_id_of(1), locale="de", muted_kinds=muted, etag="r1")
    changed = await notification.UpdatePreferences(messages.UpdatePreferencesRequest(preferences=wanted))
    read = await notification.GetPreferences(messages.GetPreferencesRequest(user_id=user_id_of(1)))
    assert read.preferences == changed.preferences
    assert (read.preferences.etag, list(read.preferences.muted_kinds)) == ("r2", muted)

    await publish([password_changed(1), *(login_failed(1, seconds=second) for second in range(5))])
    assert [subject for _, subject in await mails(mailbox, 2)] == [
        "Welcome, User 1",
        "Fehlgeschlagene Anmeldungen an Ihrem Konto",
    ]


async def test_pages_lead_through_the_notifications_the_latest_first(
    notification: NotificationServiceAsyncStub, environ: Mapping[str, str]
) -> None:
    async with states(environ) as given:
        await given["a user got notifications"]({"count": 3})
    request = messages.ListNotificationsRequest(user_id=USER_ID, page_size=2)
    first = await notification.ListNotifications(request)
    request.page_token = first.next_page_token
    last = await notification.ListNotifications(request)
    times = [found.create_time.ToDatetime() for found in (*first.notifications, *last.notifications)]
    assert (len(times), last.next_page_token) == (3, "")
    assert times == sorted(times, reverse=True)


async def test_a_request_about_nobody_is_not_found(notification: NotificationServiceAsyncStub) -> None:
    user_id = user_id_of(404)
    for call in (
        notification.ListNotifications(messages.ListNotificationsRequest(user_id=user_id)),
        notification.GetPreferences(messages.GetPreferencesRequest(user_id=user_id)),
        notification.UpdatePreferences(
            messages.UpdatePreferencesRequest(preferences=messages.Preferences(user_id=user_id, locale="de"))
        ),
    ):
        error = await refusal(call)
        assert (error.code, error.reason) == (grpc.StatusCode.NOT_FOUND, "USER_NOT_FOUND")


@pytest.mark.parametrize(
    ("preferences", "paths", "code", "reason"),
    [
        pytest.param({"etag": "r7", "locale": "de"}, (), "ABORTED", "ETAG_STALE", id="stale etag"),
        pytest.param({"locale": "DE"}, (), "INVALID_ARGUMENT", "REQUEST_INVALID", id="impossible locale"),
        pytest.param({"muted_kinds": [1, 1]}, (), "INVALID_ARGUMENT", "REQUEST_INVALID", id="repeated kind"),
        pytest.param({"muted_kinds": [0]}, (), "INVALID_ARGUMENT", "REQUEST_INVALID", id="no kind"),
        pytest.param({}, ("etag",), "INVALID_ARGUMENT", "UPDATE_MASK_INVALID", id="mask of an output"),
    ],
)
async def test_a_change_that_breaks_a_rule_is_refused(
    notification: NotificationServiceAsyncStub,
    environ: Mapping[str, str],
    preferences: Mapping[str, object],
    paths: tuple[str, ...],
    code: str,
    reason: str,
) -> None:
    async with states(environ) as given:
        await given["a user gets notifications"]({})
    wanted = messages.Preferences(user_id=USER_ID, **preferences)  # type: ignore[arg-type]  # as the table says
    request = messages.UpdatePreferencesRequest(preferences=wanted, update_mask=FieldMask(paths=paths))
    error = await refusal(notification.UpdatePreferences(request))
    assert (error.code.name, error.reason) == (code, reason)


async def test_a_deactivated_user_changes_nothing(
    notification: NotificationServiceAsyncStub, environ: Mapping[str, str]
) -> None:
    async with states(environ) as given:
        await given["a user gets notifications"]({"active": False})
    wanted = messages.Preferences(user_id=USER_ID, locale="de")
    error = await refusal(notification.UpdatePreferences(messages.UpdatePreferencesRequest(preferences=wanted)))
    assert (error.code, error.reason) == (grpc.StatusCode.FAILED_PRECONDITION, "USER_DEACTIVATED")


async def test_without_a_mail_server_development_sees_the_mails_on_a_page(
    environ: Mapping[str, str], publish: Publish
) -> None:
    async with (
        serving("notification", application, {**environ, "SMTP_URL": "sink:"}) as settings,
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{settings.http_port}") as web,
    ):
        await publish([created(1)])

        async def has_come() -> bool:
            return bool(json.loads((await web.get("/mails")).text)["mails"])

        await until(has_come, SECONDS)
        (mail,) = (await web.get("/mails")).json()["mails"]
    assert (mail["to"], mail["subject"]) == ("User 1 <user-1@example.com>", "Welcome, User 1")
    assert mail["text"].startswith("Hello User 1,")


async def test_with_a_mail_server_there_is_no_page_of_mails(environ: Mapping[str, str]) -> None:
    async with (
        serving("notification", application, environ) as settings,
        httpx2.AsyncClient(base_url=f"http://127.0.0.1:{settings.http_port}") as web,
    ):
        assert (await web.get("/mails")).status_code == 404


def test_the_inbox_knows_an_event_for_longer_than_its_topic_keeps_it() -> None:
    assert max(topic.retention_hours for topic in topics_of(HEARD)) < KEEP_HOURS


def test_the_text_of_a_mail_without_any_is_empty() -> None:
    mailbox = Mailbox()
    mailbox.take(b"Message-ID: <1@example.com>\r\nContent-Type: application/json\r\n\r\n{}")
    assert text_of(mailbox.mails[0]) == ""
