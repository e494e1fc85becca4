"""What the web app needs of the gateway to show mails, and what people want to be told."""

import pytest
from pact import match

from servanda import PactWith
from tests.contract.consumer.conftest import OpenWebApp
from tests.contract.consumer.test_web_app import OTHER_ID, TIME, error
from tests.contract.consumer.web_app_client import RefusedError, Wishes

# Nobody else's: events about the users of other interactions are heard at any time.
NOTIFIED_ID = "7f1f0f6e-2b1c-4c5d-8e9f-0000000e0703"
PREFERENCES = f"/v1/users/{NOTIFIED_ID}/notificationPreferences"
WELCOME, CHANGED = "NOTIFICATION_KIND_WELCOME", "NOTIFICATION_KIND_PASSWORD_CHANGED"


def test_mails_to_a_person_are_shown(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("mails to a person")
        .given("an administrator is logged in")
        .given("a user got notifications", user_id=NOTIFIED_ID, kind=CHANGED)
        .with_request("GET", f"/v1/users/{NOTIFIED_ID}/notifications")
        .with_query_parameter("pageSize", "20")
        .will_respond_with(200)
        .with_body(
            {
                "notifications": [
                    {
                        "kind": CHANGED,
                        "status": "NOTIFICATION_STATUS_SENT",
                        "createTime": match.regex("2026-01-02T03:04:05Z", regex=TIME),
                    }
                ]
            },
            "application/json",
        )
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app:
        (mail,) = web_app.mails(NOTIFIED_ID)

    assert (mail.kind, mail.status) == (CHANGED, "NOTIFICATION_STATUS_SENT")


def test_the_wishes_of_a_person_are_shown(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("what a person wants to be told")
        .given("an administrator is logged in")
        .given("a user gets notifications", user_id=NOTIFIED_ID, locale="de", muted=[WELCOME])
        .with_request("GET", PREFERENCES)
        .will_respond_with(200)
        .with_body(
            {"preferences": {"locale": "de", "mutedKinds": [WELCOME], "etag": match.str("r1")}}, "application/json"
        )
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app:
        wishes = web_app.wishes(NOTIFIED_ID)

    assert wishes == Wishes("de", (WELCOME,), "r1")


def test_a_kind_of_mail_is_muted(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("a kind of mail that a person does not want")
        .given("an administrator is logged in")
        .given("a user gets notifications", user_id=NOTIFIED_ID, muted=[WELCOME])
        .with_request("PATCH", PREFERENCES)
        .with_query_parameter("updateMask", "mutedKinds")
        .with_body({"mutedKinds": [WELCOME, CHANGED], "etag": "r1"}, "application/json")
        .will_respond_with(200)
        .with_body({"preferences": {"mutedKinds": [WELCOME, CHANGED], "etag": match.str("r2")}}, "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app:
        wishes = web_app.mute(NOTIFIED_ID, Wishes("", (WELCOME,), "r1"), CHANGED)

    assert wishes.muted == (WELCOME, CHANGED)


@pytest.mark.parametrize(
    ("description", "state", "status", "reason"),
    [
        ("wishes of a version that is not the current one", "a user gets notifications", 409, "ABORTED ETAG_STALE"),
        (
            "wishes of a person that nobody knows",
            "a user is unknown to notification",
            404,
            "NOT_FOUND USER_NOT_FOUND",
        ),
    ],
)
def test_wishes_are_refused(
    pact_with: PactWith, open_web_app: OpenWebApp, description: str, state: str, status: int, reason: str
) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving(description)
        .given("an administrator is logged in")
        .given(state, user_id=NOTIFIED_ID)
        .with_request("PATCH", PREFERENCES)
        .with_query_parameter("updateMask", "mutedKinds")
        .with_body({"mutedKinds": [CHANGED], "etag": "r7"}, "application/json")
        .will_respond_with(status)
        .with_body(error(*reason.split()), "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app, pytest.raises(RefusedError) as refused:
        web_app.mute(NOTIFIED_ID, Wishes("", (), "r7"), CHANGED)

    assert refused.value.reason == reason.split()[1]


def test_a_kind_of_mail_that_there_is_not_is_marked(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("a kind of mail that there is not")
        .given("an administrator is logged in")
        .given("a user gets notifications", user_id=NOTIFIED_ID)
        .with_request("PATCH", PREFERENCES)
        .with_query_parameter("updateMask", "mutedKinds")
        .with_body({"mutedKinds": ["NOTIFICATION_KIND_UNSPECIFIED"], "etag": "r1"}, "application/json")
        .will_respond_with(400)
        .with_body(error("INVALID_ARGUMENT", "REQUEST_INVALID"), "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app, pytest.raises(RefusedError) as refused:
        web_app.mute(NOTIFIED_ID, Wishes("", (), "r1"), "NOTIFICATION_KIND_UNSPECIFIED")

    assert refused.value.http_status == 400


def test_wishes_of_somebody_else_stay_as_they_are(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("wishes of somebody else")
        .given("a member is logged in", user_id=OTHER_ID)
        .given("a user gets notifications", user_id=NOTIFIED_ID)
        .with_request("PATCH", PREFERENCES)
        .with_query_parameter("updateMask", "mutedKinds")
        .with_body({"mutedKinds": [CHANGED], "etag": "r1"}, "application/json")
        .will_respond_with(403)
        .with_body(error("PERMISSION_DENIED", "USER_IS_ANOTHER"), "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app, pytest.raises(RefusedError) as refused:
        web_app.mute(NOTIFIED_ID, Wishes("", (), "r1"), CHANGED)

    assert refused.value.http_status == 403
