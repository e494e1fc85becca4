from __future__ import annotations

from datetime import UTC, datetime

import grpc
import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from plt.notification.v1 import notification_pb2 as messages
from plt.notification.v1 import notification_pb2_grpc

from platformkit.channels import MemoryChannel
from platformkit.lifecycle.guard import Guard
from platformkit.paging import PageTokens
from platformkit.status import ServiceError
from services.notification.adapters.memory import MemoryStore
from services.notification.adapters.servicer import NotificationServicer
from services.notification.domain.kind import NotificationKind
from services.notification.domain.recipient import Contact, Preferences, Recipient
from tests.unit.platformkit.events.given_up import no_dead_letters

USER_ID = "7f1f0f6e-2b1c-4c5d-8e9f-000000000001"
MUTED = frozenset({NotificationKind.WELCOME})


@pytest.fixture
def store() -> MemoryStore:
    store = MemoryStore()
    contact, preferences = Contact("ada@example.com", "Ada", ""), Preferences("de", MUTED, 2)
    recipient = Recipient(USER_ID, contact, datetime(2026, 1, 2, tzinfo=UTC), preferences=preferences)
    store.committed.recipients.rows[USER_ID] = recipient
    return store


@pytest.fixture
def stub(store: MemoryStore) -> notification_pb2_grpc.NotificationServiceAsyncStub:
    channel = MemoryChannel(interceptors=[Guard()])
    servicer = NotificationServicer(store, no_dead_letters(), PageTokens(b"secret"))
    notification_pb2_grpc.add_NotificationServiceServicer_to_server(servicer, channel.server)
    return notification_pb2_grpc.NotificationServiceStub(channel)


async def changed(
    stub: notification_pb2_grpc.NotificationServiceAsyncStub, wanted: messages.Preferences, *paths: str
) -> tuple[str, list[int], str]:
    wanted.user_id = USER_ID
    request = messages.UpdatePreferencesRequest(preferences=wanted, update_mask=FieldMask(paths=paths))
    found = (await stub.UpdatePreferences(request)).preferences
    return found.locale, list(found.muted_kinds), found.etag


async def test_without_a_mask_the_fields_that_are_set_are_changed(
    stub: notification_pb2_grpc.NotificationServiceAsyncStub,
) -> None:
    assert await changed(stub, messages.Preferences(locale="en")) == ("en", [messages.NOTIFICATION_KIND_WELCOME], "r3")


async def test_a_mask_empties_what_it_names_and_is_not_set(
    stub: notification_pb2_grpc.NotificationServiceAsyncStub,
) -> None:
    assert await changed(stub, messages.Preferences(), "muted_kinds") == ("de", [], "r3")


async def test_a_change_that_changes_nothing_keeps_the_etag(
    stub: notification_pb2_grpc.NotificationServiceAsyncStub,
) -> None:
    assert (await changed(stub, messages.Preferences(locale="de", etag="r2")))[2] == "r2"


async def test_a_page_token_of_another_user_is_refused(
    stub: notification_pb2_grpc.NotificationServiceAsyncStub,
) -> None:
    other = messages.ListNotificationsRequest(user_id=USER_ID.replace("1", "2"))
    token = PageTokens(b"secret").encode(other, ("2026-01-02T00:00:00+00:00", USER_ID))
    with pytest.raises(grpc.RpcError) as raised:
        await stub.ListNotifications(messages.ListNotificationsRequest(user_id=USER_ID, page_token=token))
    assert ServiceError.from_rpc_error(raised.value).reason == "PAGE_TOKEN_INVALID"


async def test_while_the_store_is_away_the_caller_is_told_so(
    stub: notification_pb2_grpc.NotificationServiceAsyncStub, store: MemoryStore
) -> None:
    store.available = False
    with pytest.raises(grpc.RpcError) as raised:
        await stub.GetPreferences(messages.GetPreferencesRequest(user_id=USER_ID))
    assert ServiceError.from_rpc_error(raised.value).reason == "STORE_UNAVAILABLE"
