"""What the gateway needs of notification: driven through its own edge, on each transport."""

from __future__ import annotations

from typing import Any

import pytest
from pact import match
from plt.notification.v1 import notification_pb2

from platformkit.channels import HttpChannel, grpc_channel
from servanda import PactWith
from tests.contract.consumer.conftest import Edge
from tests.contract.consumer.test_gateway_identity import error, reason_of

NOTIFICATION = notification_pb2.DESCRIPTOR.services_by_name["NotificationService"]
SERVICE = "plt.notification.v1.NotificationService"
# Nobody else's: events about the users of other interactions are heard at any time.
USER_ID = "7f1f0f6e-2b1c-4c5d-8e9f-0000000e0701"
LIST = f"/v1/users/{USER_ID}/notifications"
PREFERENCES = f"/v1/users/{USER_ID}/notificationPreferences"
SECONDS = 1767323045
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
TIME = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z"


async def test_the_notifications_of_a_user(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "notification")
    (
        pact.upon_calling("the notifications of a user", f"{SERVICE}/ListNotifications")
        .given("a user got notifications", user_id=USER_ID, kind="PASSWORD_CHANGED", status="SENT")
        .with_request({"user_id": USER_ID})
        .will_respond_with(
            {
                "notifications": [
                    {
                        "notification_id": match.regex(USER_ID, regex=UUID),
                        "user_id": USER_ID,
                        "kind": "NOTIFICATION_KIND_PASSWORD_CHANGED",
                        "status": "NOTIFICATION_STATUS_SENT",
                        "event_id": match.str("event-1"),
                        "request_id": match.str("request-1"),
                        "language": match.regex("en", regex="[a-z]{2,3}"),
                        "create_time": {"seconds": match.int(SECONDS)},
                        "send_time": {"seconds": match.int(SECONDS)},
                        "attempts": match.int(1),
                    }
                ]
            }
        )
    )
    with pact.serve_grpc() as target:
        async with edge(NOTIFICATION, grpc_channel(target)) as client:
            answer = await client.get(LIST)

    (notification,) = answer.json()["notifications"]
    assert (notification["status"], notification["attempts"]) == ("NOTIFICATION_STATUS_SENT", 1)


async def test_why_a_mail_was_given_up(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "notification")
    (
        pact.upon_calling("the notifications of a user that failed", f"{SERVICE}/ListNotifications")
        .given("a user got notifications", user_id=USER_ID, status="FAILED", failure="550: no such user")
        .with_request({"user_id": USER_ID, "status": "NOTIFICATION_STATUS_FAILED"})
        .will_respond_with(
            {"notifications": [{"status": "NOTIFICATION_STATUS_FAILED", "failure": "550: no such user"}]}
        )
    )
    with pact.serve_grpc() as target:
        async with edge(NOTIFICATION, grpc_channel(target)) as client:
            answer = await client.get(LIST, params={"status": "NOTIFICATION_STATUS_FAILED"})

    (notification,) = answer.json()["notifications"]
    assert (notification["failure"], "sendTime" in notification) == ("550: no such user", False)


async def test_a_page_of_notifications_leads_to_the_next(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "notification")
    (
        pact.upon_calling("a first page of notifications", f"{SERVICE}/ListNotifications")
        .given("a user got notifications", user_id=USER_ID, count=3)
        .with_request({"user_id": USER_ID, "page_size": 1})
        .will_respond_with({"notifications": [{"user_id": USER_ID}], "next_page_token": match.str("token")})
    )
    with pact.serve_grpc() as target:
        async with edge(NOTIFICATION, grpc_channel(target)) as client:
            answer = await client.get(LIST, params={"pageSize": 1})

    assert answer.json()["nextPageToken"] == "token"


async def test_a_page_token_that_notification_did_not_issue(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "notification")
    (
        pact.upon_calling("a page token that notification did not issue", f"{SERVICE}/ListNotifications")
        .with_request({"user_id": USER_ID, "page_token": "forged"})
        .will_fail_with("INVALID_ARGUMENT", match.str("page_token is not a token of this service"))
    )
    with pact.serve_grpc() as target:
        async with edge(NOTIFICATION, grpc_channel(target)) as client:
            answer = await client.get(LIST, params={"pageToken": "forged"})

    assert answer.status_code == 400


async def test_preferences(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "notification")
    (
        pact.upon_calling("the preferences of a user", f"{SERVICE}/GetPreferences")
        .given("a user gets notifications", user_id=USER_ID, locale="de", muted=["WELCOME"], etag="r2")
        .with_request({"user_id": USER_ID})
        .will_respond_with({"preferences": preferences(locale="de")})
    )
    with pact.serve_grpc() as target:
        async with edge(NOTIFICATION, grpc_channel(target)) as client:
            answer = await client.get(PREFERENCES)

    assert answer.json()["preferences"]["mutedKinds"] == ["NOTIFICATION_KIND_WELCOME"]


async def test_preferences_are_changed(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "notification")
    (
        pact.upon_calling("a change of preferences of the current version", f"{SERVICE}/UpdatePreferences")
        .given("a user gets notifications", user_id=USER_ID, muted=["WELCOME"], etag="r2")
        .with_request(
            {
                "preferences": {"user_id": USER_ID, "locale": "en-GB", "etag": "r2"},
                "update_mask": {"paths": ["locale"]},
            }
        )
        .will_respond_with({"preferences": preferences(locale="en-GB")})
    )
    with pact.serve_grpc() as target:
        async with edge(NOTIFICATION, grpc_channel(target)) as client:
            body = {"locale": "en-GB", "etag": "r2"}
            answer = await client.patch(PREFERENCES, params={"updateMask": "locale"}, json=body)

    assert answer.json()["preferences"]["locale"] == "en-GB"


@pytest.mark.parametrize(
    ("what", "state", "code", "status"),
    [
        ("of a version that is not the current one", {"etag": "r7"}, "ABORTED", 409),
        ("of a user who is deactivated", {"active": False}, "FAILED_PRECONDITION", 400),
    ],
)
async def test_a_change_of_preferences_is_refused(
    pact_with: PactWith, edge: Edge, what: str, state: dict[str, Any], code: Any, status: int
) -> None:
    pact = pact_with("gateway", "notification")
    (
        pact.upon_calling(f"a change of preferences {what}", f"{SERVICE}/UpdatePreferences")
        .given("a user gets notifications", {"user_id": USER_ID, **state})
        .with_request({"preferences": {"user_id": USER_ID, "locale": "de", "etag": "r1"}})
        .will_fail_with(code, match.str("it cannot be changed"))
    )
    with pact.serve_grpc() as target:
        async with edge(NOTIFICATION, grpc_channel(target)) as client:
            answer = await client.patch(PREFERENCES, json={"locale": "de", "etag": "r1"})

    assert (answer.status_code, answer.json()["error"]["status"]) == (status, code)


@pytest.mark.parametrize(
    ("what", "method", "request_", "path"),
    [
        ("the notifications", "ListNotifications", {"user_id": USER_ID}, LIST),
        ("the preferences", "GetPreferences", {"user_id": USER_ID}, PREFERENCES),
    ],
)
async def test_a_user_that_nobody_knows(
    pact_with: PactWith, edge: Edge, what: str, method: str, request_: dict[str, Any], path: str
) -> None:
    pact = pact_with("gateway", "notification")
    (
        pact.upon_calling(f"{what} of a user that nobody knows", f"{SERVICE}/{method}")
        .given("a user is unknown to notification", user_id=USER_ID)
        .with_request(request_)
        .will_fail_with("NOT_FOUND", match.str("no such user"))
    )
    with pact.serve_grpc() as target:
        async with edge(NOTIFICATION, grpc_channel(target)) as client:
            answer = await client.get(path)

    assert (answer.status_code, answer.json()["error"]["status"]) == (404, "NOT_FOUND")


# gateway -> notification, HTTP


async def test_the_notifications_of_a_user_over_http(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "notification")
    (
        pact.upon_receiving("the notifications of a user, over HTTP")
        .given("a user got notifications", user_id=USER_ID, kind="LOGIN_FAILURES")
        .with_request("GET", LIST)
        .with_query_parameter("pageSize", "10")
        .will_respond_with(200)
        .with_body(
            {
                "notifications": [
                    {
                        "notificationId": match.regex(USER_ID, regex=UUID),
                        "userId": USER_ID,
                        "kind": "NOTIFICATION_KIND_LOGIN_FAILURES",
                        "status": "NOTIFICATION_STATUS_SENT",
                        "createTime": match.regex("2026-01-02T03:04:05Z", regex=TIME),
                        "sendTime": match.regex("2026-01-02T03:04:06Z", regex=TIME),
                    }
                ]
            },
            "application/json",
        )
    )
    with pact.serve() as server:
        async with edge(NOTIFICATION, HttpChannel(str(server.url))) as client:
            answer = await client.get(LIST, params={"pageSize": 10})

    assert len(answer.json()["notifications"]) == 1


async def test_preferences_over_http(pact_with: PactWith, edge: Edge) -> None:
    pact = pact_with("gateway", "notification")
    (
        pact.upon_receiving("the preferences of a user, over HTTP")
        .given("a user gets notifications", user_id=USER_ID, locale="de", muted=["WELCOME"])
        .with_request("GET", PREFERENCES)
        .will_respond_with(200)
        .with_body(
            {"preferences": {"userId": USER_ID, "locale": "de", "mutedKinds": ["NOTIFICATION_KIND_WELCOME"]}},
            "application/json",
        )
    )
    with pact.serve() as server:
        async with edge(NOTIFICATION, HttpChannel(str(server.url))) as client:
            answer = await client.get(PREFERENCES)

    assert answer.json()["preferences"]["locale"] == "de"


@pytest.mark.parametrize(
    ("what", "state", "status", "reason"),
    [
        ("of a version that is not the current one", "a user gets notifications", 409, "ABORTED ETAG_STALE"),
        ("of a user that nobody knows", "a user is unknown to notification", 404, "NOT_FOUND USER_NOT_FOUND"),
    ],
)
async def test_a_change_of_preferences_is_refused_over_http(
    pact_with: PactWith, edge: Edge, what: str, state: str, status: int, reason: str
) -> None:
    pact = pact_with("gateway", "notification")
    (
        pact.upon_receiving(f"a change of preferences {what}, over HTTP")
        .given(state, user_id=USER_ID)
        .with_request("PATCH", PREFERENCES)
        .with_body({"locale": "de", "etag": "r7"}, "application/json")
        .will_respond_with(status)
        .with_body(error(status, *reason.split()), "application/json")
    )
    with pact.serve() as server:
        async with edge(NOTIFICATION, HttpChannel(str(server.url))) as client:
            answer = await client.patch(PREFERENCES, json={"locale": "de", "etag": "r7"})

    assert (answer.status_code, reason_of(answer)) == (status, reason.split()[1])


def preferences(*, locale: str) -> dict[str, Any]:
    return {
        "user_id": USER_ID,
        "locale": locale,
        "muted_kinds": ["NOTIFICATION_KIND_WELCOME"],
        "update_time": {"seconds": match.int(SECONDS)},
        "etag": match.regex("r2", regex=r"\w+"),
    }
