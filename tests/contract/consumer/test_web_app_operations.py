"""What the web app needs of the gateway for its operations page: events that services gave up, and another try."""

from __future__ import annotations

import pytest
from pact import match

from servanda import PactWith
from tests.contract.consumer.conftest import OpenWebApp
from tests.contract.consumer.test_web_app import TIME, error
from tests.contract.consumer.web_app_client import RefusedError

SERVICES = ("audit", "auth", "notification")
EVENT_ID = "0b6e9a52-8f0d-4b7e-9c3a-00000000de0a"
UNKNOWN_ID = "0b6e9a52-8f0d-4b7e-9c3a-00000000dead"
REASON = "InvalidEntryError: the event is not as it has to be"
TYPE = "plt.identity.v1.UserUpdated"


@pytest.mark.parametrize("service", SERVICES)
def test_events_that_a_service_gave_up_are_shown(pact_with: PactWith, open_web_app: OpenWebApp, service: str) -> None:
    pact = pact_with("web-app", "gateway")
    letter = {
        "eventId": EVENT_ID,
        "eventType": match.regex(TYPE, regex=r"plt(\.\w+)+"),
        "giveUpTime": match.regex("2026-01-02T03:04:05Z", regex=TIME),
        "reason": REASON,
        "attempts": match.int(3),
    }
    (
        pact.upon_receiving(f"events that {service} gave up")
        .given("an administrator is logged in")
        .given(f"dead letters of {service} exist", event_id=EVENT_ID, reason=REASON)
        .with_request("GET", f"/v1/{service}/deadLetters")
        .with_query_parameter("pageSize", "20")
        .will_respond_with(200)
        .with_body({"deadLetters": [letter]}, "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app:
        (given_up,) = web_app.given_up(service)

    assert (given_up.event_id, given_up.reason, given_up.attempts) == (EVENT_ID, REASON, 3)


@pytest.mark.parametrize("service", SERVICES)
def test_an_event_that_a_service_gave_up_is_tried_again(
    pact_with: PactWith, open_web_app: OpenWebApp, service: str
) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving(f"another try of an event that {service} gave up")
        .given("an administrator is logged in")
        .given(f"dead letters of {service} exist", event_id=EVENT_ID)
        .with_request("POST", f"/v1/{service}/deadLetters:redrive")
        .with_body({"eventIds": [EVENT_ID]}, "application/json")
        .will_respond_with(200)
        .with_body({"redrivenCount": 1}, "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app:
        assert web_app.try_again(service, [EVENT_ID]) == 1


def test_all_events_that_a_service_gave_up_are_tried_again(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("another try of all events that audit gave up")
        .given("an administrator is logged in")
        .given("dead letters of audit exist", event_id=EVENT_ID, count=2)
        .with_request("POST", "/v1/audit/deadLetters:redrive")
        .with_body({"all": True}, "application/json")
        .will_respond_with(200)
        .with_body({"redrivenCount": 2}, "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app:
        assert web_app.try_again("audit", []) == 2


def test_an_event_that_a_service_did_not_give_up_is_told_as_such(pact_with: PactWith, open_web_app: OpenWebApp) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving("another try of an event that audit did not give up")
        .given("an administrator is logged in")
        .with_request("POST", "/v1/audit/deadLetters:redrive")
        .with_body({"eventIds": [UNKNOWN_ID]}, "application/json")
        .will_respond_with(404)
        .with_body(error("NOT_FOUND", "DEAD_LETTER_NOT_FOUND"), "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app, pytest.raises(RefusedError) as refused:
        web_app.try_again("audit", [UNKNOWN_ID])

    assert refused.value.reason == "DEAD_LETTER_NOT_FOUND"


@pytest.mark.parametrize("service", SERVICES)
def test_who_is_no_administrator_sees_nothing_of_it(
    pact_with: PactWith, open_web_app: OpenWebApp, service: str
) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving(f"events that {service} gave up, asked for by a member")
        .given("a member is logged in")
        .with_request("GET", f"/v1/{service}/deadLetters")
        .with_query_parameter("pageSize", "20")
        .will_respond_with(403)
        .with_body(error("PERMISSION_DENIED", "ROLE_MISSING"), "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app, pytest.raises(RefusedError) as refused:
        web_app.given_up(service)

    assert (refused.value.http_status, refused.value.must_log_in) == (403, False)


@pytest.mark.parametrize("service", SERVICES)
def test_who_is_no_administrator_lets_nothing_be_tried_again(
    pact_with: PactWith, open_web_app: OpenWebApp, service: str
) -> None:
    pact = pact_with("web-app", "gateway")
    (
        pact.upon_receiving(f"another try of all events that {service} gave up, asked for by a member")
        .given("a member is logged in")
        .with_request("POST", f"/v1/{service}/deadLetters:redrive")
        .with_body({"all": True}, "application/json")
        .will_respond_with(403)
        .with_body(error("PERMISSION_DENIED", "ROLE_MISSING"), "application/json")
    )
    with pact.serve() as server, open_web_app(str(server.url)) as web_app, pytest.raises(RefusedError) as refused:
        web_app.try_again(service, [])

    assert refused.value.http_status == 403
