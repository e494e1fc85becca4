"""What the gateway needs of each service that consumes events, about those that it gave up: on each transport."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from google.protobuf.descriptor import ServiceDescriptor
from pact import match
from plt.audit.v1 import audit_pb2
from plt.auth.v1 import auth_pb2
from plt.notification.v1 import notification_pb2

from platformkit.channels import HttpChannel, grpc_channel
from servanda import PactWith
from tests.contract.consumer.conftest import Edge
from tests.contract.consumer.test_gateway_identity import error, reason_of

SERVICES: dict[str, ServiceDescriptor] = {
    "audit": audit_pb2.DESCRIPTOR.services_by_name["AuditService"],
    "auth": auth_pb2.DESCRIPTOR.services_by_name["AuthService"],
    "notification": notification_pb2.DESCRIPTOR.services_by_name["NotificationService"],
}
EVENT_ID = "0b6e9a52-8f0d-4b7e-9c3a-00000000de05"
UNKNOWN_ID = "0b6e9a52-8f0d-4b7e-9c3a-00000000dead"
REASON = "InvalidEntryError: the event is not as it has to be"
TYPE = "plt.identity.v1.UserUpdated"
KEY = "7f1f0f6e-2b1c-4c5d-8e9f-0000000001d1"
UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
TIME = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z"
SINCE = "2026-01-02T03:04:05Z"
SECONDS = int(datetime.fromisoformat(SINCE).timestamp())

of_each_service = pytest.mark.parametrize("service", SERVICES)


# over gRPC


@of_each_service
async def test_dead_letters_are_listed(pact_with: PactWith, edge: Edge, service: str) -> None:
    pact = pact_with("gateway", service)
    (
        pact.upon_calling("dead letters", f"{SERVICES[service].full_name}/ListDeadLetters")
        .given(f"dead letters of {service} exist", event_id=EVENT_ID, reason=REASON, attempts=2)
        .with_request({"page_size": 10})
        .will_respond_with(
            {
                "dead_letters": [
                    {
                        "topic": match.regex("plt.identity.user.v1.dlq", regex=r"plt(\.\w+)+\.dlq"),
                        "key": match.regex(KEY, regex=UUID),
                        "event_id": EVENT_ID,
                        "event_type": match.regex(TYPE, regex=r"plt(\.\w+)+"),
                        "give_up_time": {"seconds": match.int(SECONDS)},
                        "reason": REASON,
                        "attempts": 2,
                    }
                ]
            }
        )
    )
    with pact.serve_grpc() as target:
        async with edge(SERVICES[service], grpc_channel(target)) as client:
            answer = await client.get(f"/v1/{service}/deadLetters", params={"pageSize": 10})

    (letter,) = answer.json()["deadLetters"]
    assert (letter["eventId"], letter["reason"], letter["attempts"]) == (EVENT_ID, REASON, 2)


@of_each_service
async def test_a_page_of_dead_letters_leads_to_the_next(pact_with: PactWith, edge: Edge, service: str) -> None:
    pact = pact_with("gateway", service)
    (
        pact.upon_calling("a first page of dead letters", f"{SERVICES[service].full_name}/ListDeadLetters")
        .given(f"dead letters of {service} exist", event_id=EVENT_ID, count=2)
        .with_request({"page_size": 1})
        .will_respond_with(
            {"dead_letters": [{"event_id": match.regex(EVENT_ID, regex=UUID)}], "next_page_token": match.str("token")}
        )
    )
    with pact.serve_grpc() as target:
        async with edge(SERVICES[service], grpc_channel(target)) as client:
            answer = await client.get(f"/v1/{service}/deadLetters", params={"pageSize": 1})

    assert answer.json()["nextPageToken"] == "token"


@of_each_service
async def test_a_page_token_of_dead_letters_that_was_not_issued(pact_with: PactWith, edge: Edge, service: str) -> None:
    pact = pact_with("gateway", service)
    (
        pact.upon_calling(
            "a page token of dead letters that was not issued", f"{SERVICES[service].full_name}/ListDeadLetters"
        )
        .with_request({"page_token": "forged"})
        .will_fail_with("INVALID_ARGUMENT", match.str("page_token is not a token of this service"))
    )
    with pact.serve_grpc() as target:
        async with edge(SERVICES[service], grpc_channel(target)) as client:
            answer = await client.get(f"/v1/{service}/deadLetters", params={"pageToken": "forged"})

    assert answer.status_code == 400


@of_each_service
@pytest.mark.parametrize(
    ("what", "message", "body", "count"),
    [
        ("all dead letters", {"all": True}, {"all": True}, 2),
        ("the dead letter of an event", {"event_ids": [EVENT_ID]}, {"eventIds": [EVENT_ID]}, 1),
        ("dead letters since a time", {"since_time": {"seconds": SECONDS}}, {"sinceTime": SINCE}, 2),
    ],
)
async def test_dead_letters_go_back(  # noqa: PLR0917 - one for each parameter
    pact_with: PactWith,
    edge: Edge,
    what: str,
    message: dict[str, Any],
    body: dict[str, Any],
    count: int,
    service: str,
) -> None:
    pact = pact_with("gateway", service)
    (
        pact.upon_calling(f"the way back of {what}", f"{SERVICES[service].full_name}/RedriveDeadLetters")
        .given(f"dead letters of {service} exist", event_id=EVENT_ID, count=2)
        .with_request(message)
        .will_respond_with({"redriven_count": count})
    )
    with pact.serve_grpc() as target:
        async with edge(SERVICES[service], grpc_channel(target)) as client:
            answer = await client.post(f"/v1/{service}/deadLetters:redrive", json=body)

    assert answer.json()["redrivenCount"] == count


@of_each_service
async def test_what_the_limit_leaves_is_told(pact_with: PactWith, edge: Edge, service: str) -> None:
    pact = pact_with("gateway", service)
    (
        pact.upon_calling("the way back of one dead letter of two", f"{SERVICES[service].full_name}/RedriveDeadLetters")
        .given(f"dead letters of {service} exist", event_id=EVENT_ID, count=2)
        .with_request({"all": True, "limit": 1})
        .will_respond_with({"redriven_count": 1, "remaining_count": 1})
    )
    with pact.serve_grpc() as target:
        async with edge(SERVICES[service], grpc_channel(target)) as client:
            answer = await client.post(f"/v1/{service}/deadLetters:redrive", json={"all": True, "limit": 1})

    assert answer.json()["remainingCount"] == 1


@of_each_service
async def test_an_event_that_has_no_dead_letter(pact_with: PactWith, edge: Edge, service: str) -> None:
    pact = pact_with("gateway", service)
    (
        pact.upon_calling(
            "the way back of an event that has no dead letter", f"{SERVICES[service].full_name}/RedriveDeadLetters"
        )
        .with_request({"event_ids": [UNKNOWN_ID]})
        .will_fail_with("NOT_FOUND", match.str("no dead letter of the event"))
    )
    with pact.serve_grpc() as target:
        async with edge(SERVICES[service], grpc_channel(target)) as client:
            answer = await client.post(f"/v1/{service}/deadLetters:redrive", json={"eventIds": [UNKNOWN_ID]})

    assert answer.status_code == 404


# over HTTP


@of_each_service
async def test_dead_letters_are_listed_over_http(pact_with: PactWith, edge: Edge, service: str) -> None:
    pact = pact_with("gateway", service)
    letter = {
        "topic": match.regex("plt.identity.user.v1.dlq", regex=r"plt(\.\w+)+\.dlq"),
        "key": match.regex(KEY, regex=UUID),
        "eventId": EVENT_ID,
        "eventType": match.regex(TYPE, regex=r"plt(\.\w+)+"),
        "giveUpTime": match.regex(SINCE, regex=TIME),
        "reason": REASON,
        "attempts": 2,
    }
    (
        pact.upon_receiving("dead letters, over HTTP")
        .given(f"dead letters of {service} exist", event_id=EVENT_ID, reason=REASON, attempts=2)
        .with_request("GET", f"/v1/{service}/deadLetters")
        .with_query_parameter("pageSize", "10")
        .will_respond_with(200)
        .with_body({"deadLetters": [letter]}, "application/json")
    )
    with pact.serve() as server:
        async with edge(SERVICES[service], HttpChannel(str(server.url))) as client:
            answer = await client.get(f"/v1/{service}/deadLetters", params={"pageSize": 10})

    assert answer.json()["deadLetters"][0]["eventId"] == EVENT_ID


@of_each_service
async def test_dead_letters_go_back_over_http(pact_with: PactWith, edge: Edge, service: str) -> None:
    pact = pact_with("gateway", service)
    (
        pact.upon_receiving("the way back of the dead letter of an event, over HTTP")
        .given(f"dead letters of {service} exist", event_id=EVENT_ID, count=2)
        .with_request("POST", f"/v1/{service}/deadLetters:redrive")
        .with_body({"eventIds": [EVENT_ID]}, "application/json")
        .will_respond_with(200)
        .with_body({"redrivenCount": 1}, "application/json")
    )
    with pact.serve() as server:
        async with edge(SERVICES[service], HttpChannel(str(server.url))) as client:
            answer = await client.post(f"/v1/{service}/deadLetters:redrive", json={"eventIds": [EVENT_ID]})

    assert answer.json()["redrivenCount"] == 1


@of_each_service
async def test_an_event_that_has_no_dead_letter_over_http(pact_with: PactWith, edge: Edge, service: str) -> None:
    pact = pact_with("gateway", service)
    (
        pact.upon_receiving("the way back of an event that has no dead letter, over HTTP")
        .with_request("POST", f"/v1/{service}/deadLetters:redrive")
        .with_body({"eventIds": [UNKNOWN_ID]}, "application/json")
        .will_respond_with(404)
        .with_body(error(404, "NOT_FOUND", "DEAD_LETTER_NOT_FOUND"), "application/json")
    )
    with pact.serve() as server:
        async with edge(SERVICES[service], HttpChannel(str(server.url))) as client:
            answer = await client.post(f"/v1/{service}/deadLetters:redrive", json={"eventIds": [UNKNOWN_ID]})

    assert (answer.status_code, reason_of(answer)) == (404, "DEAD_LETTER_NOT_FOUND")
