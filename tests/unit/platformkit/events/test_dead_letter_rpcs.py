"""Dead letters as a service shows them to administrators, and sends them back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from plt.audit.v1 import audit_pb2, audit_pb2_grpc
from plt.auth.v1 import auth_pb2, auth_pb2_grpc
from plt.notification.v1 import notification_pb2, notification_pb2_grpc

from platformkit.channels import MemoryChannel
from platformkit.events import DeadLetterRpcs, DeadLetters, MemoryArchive, MemoryPublisher, Topic
from platformkit.lifecycle.guard import Guard
from platformkit.paging import PageTokens
from platformkit.status import ServiceError
from services.audit.adapters.servicer import AuditServicer
from services.auth.adapters.servicer import AuthServicer
from services.notification.adapters.servicer import NotificationServicer
from tests.unit.platformkit.events.given_up import TOPIC, given_up, moment

SERVICES: dict[str, tuple[Any, Callable[[DeadLetterRpcs], Any], Any, Any]] = {
    "audit": (
        audit_pb2,
        lambda rpcs: AuditServicer(cast("Any", None), rpcs, PageTokens(b"secret")),
        audit_pb2_grpc.add_AuditServiceServicer_to_server,
        audit_pb2_grpc.AuditServiceStub,
    ),
    "auth": (
        auth_pb2,
        lambda rpcs: AuthServicer(cast("Any", None), rpcs),
        auth_pb2_grpc.add_AuthServiceServicer_to_server,
        auth_pb2_grpc.AuthServiceStub,
    ),
    "notification": (
        notification_pb2,
        lambda rpcs: NotificationServicer(cast("Any", None), rpcs, PageTokens(b"secret")),
        notification_pb2_grpc.add_NotificationServiceServicer_to_server,
        notification_pb2_grpc.NotificationServiceStub,
    ),
}


class Served:
    """A service whose consumer has given up what a publisher keeps."""

    def __init__(self, name: str, publisher: MemoryPublisher) -> None:
        self.messages, servicer, add, stub = SERVICES[name]
        letters = DeadLetters("audit", [Topic(TOPIC)], MemoryArchive(publisher), publisher)
        channel = MemoryChannel(interceptors=[Guard()])
        add(servicer(DeadLetterRpcs(letters, PageTokens(b"secret"))), channel.server)
        self._stub = stub(channel)

    async def listed(self, **fields: Any) -> Any:
        return await self._stub.ListDeadLetters(self.messages.ListDeadLettersRequest(**fields))

    async def redriven(self, **fields: Any) -> Any:
        return await self._stub.RedriveDeadLetters(self.messages.RedriveDeadLettersRequest(**fields))


@pytest.fixture
def publisher() -> MemoryPublisher:
    return MemoryPublisher()


@pytest.fixture
def audit(publisher: MemoryPublisher) -> Served:
    return Served("audit", publisher)


async def refusal(call: Any) -> ServiceError:
    with pytest.raises(grpc.RpcError) as raised:
        await call
    return ServiceError.from_rpc_error(raised.value)


@pytest.mark.parametrize("name", SERVICES)
async def test_each_service_that_consumes_lists_its_letters_and_sends_them_back(
    name: str, publisher: MemoryPublisher
) -> None:
    publisher.records.append(given_up("e-1"))
    served = Served(name, publisher)
    assert [letter.event_id for letter in (await served.listed()).dead_letters] == ["e-1"]
    assert (await served.redriven(all=True)).redriven_count == 1
    assert list((await served.listed()).dead_letters) == []


async def test_a_letter_says_where_it_is_and_why_and_nothing_of_what_the_event_holds(
    publisher: MemoryPublisher, audit: Served
) -> None:
    publisher.records += [given_up("e-0"), given_up("e-1", error="InvalidEntryError: no")]
    letter, _ = (await audit.listed()).dead_letters
    assert (letter.topic, letter.partition, letter.offset, letter.key) == (f"{TOPIC}.dlq", 0, 1, "u-1")
    assert (letter.event_id, letter.event_type) == ("e-1", "plt.identity.v1.UserCreated")
    assert (letter.reason, letter.attempts, letter.redriven) == ("InvalidEntryError: no", 3, False)
    assert letter.give_up_time.ToDatetime(moment(1).tzinfo) == moment(1)
    assert b"ada@example.com" not in letter.SerializeToString()


async def test_what_somebody_else_wrote_into_a_letter_cannot_break_the_page(
    publisher: MemoryPublisher, audit: Served
) -> None:
    letter = given_up("e-1")
    strange = [(name, b"9" * 20 if name == "x-attempts" else value) for name, value in letter.headers]
    headers = (*strange, ("ce_tracestate", b"\xff"))
    publisher.records += [
        replace(letter, key=b"\xff" * 5000, headers=headers),
        replace(letter, headers=(("x-consumer", b"audit"), ("ce_id", b"x" * 5000))),
    ]
    without_facts, long = (await audit.listed()).dead_letters
    assert (len(without_facts.event_id), without_facts.event_type, without_facts.attempts) == (1000, "", 0)
    assert (len(long.key), long.attempts) == (1000, 0)


async def test_pages_give_each_letter_once_the_latest_first(publisher: MemoryPublisher, audit: Served) -> None:
    publisher.records += [given_up(f"e-{number}") for number in range(5)]
    seen: list[str] = []
    token = ""
    while len(seen) == 0 or token:
        page = await audit.listed(page_size=2, page_token=token)
        seen += [letter.event_id for letter in page.dead_letters]
        token = page.next_page_token
    assert seen == ["e-4", "e-3", "e-2", "e-1", "e-0"]


async def test_a_page_goes_on_where_it_ended_whatever_was_given_up_since(
    publisher: MemoryPublisher, audit: Served
) -> None:
    publisher.records += [given_up("e-0"), given_up("e-1")]
    token = (await audit.listed(page_size=1)).next_page_token
    publisher.records.append(given_up("e-2"))
    (letter,) = (await audit.listed(page_size=1, page_token=token)).dead_letters
    assert letter.event_id == "e-0"


@pytest.mark.parametrize("cursor", [("yesterday", TOPIC, "0", "0"), ("2026-01-01T00:00:00+00:00", TOPIC, "0"), ("x",)])
async def test_a_page_token_of_a_release_that_wrote_it_otherwise_is_refused(
    audit: Served, cursor: tuple[str, ...]
) -> None:
    token = PageTokens(b"secret").encode(audit_pb2.ListDeadLettersRequest(), cursor)
    assert (await refusal(audit.listed(page_token=token))).reason == "PAGE_TOKEN_INVALID"


async def test_a_page_token_of_another_listing_is_refused(publisher: MemoryPublisher, audit: Served) -> None:
    publisher.records += [given_up("e-0"), given_up("e-1")]
    token = (await audit.listed(page_size=1)).next_page_token
    assert (await refusal(audit.listed(page_token=token, show_redriven=True))).reason == "PAGE_TOKEN_INVALID"


async def test_letters_that_went_back_are_shown_if_asked_for(publisher: MemoryPublisher, audit: Served) -> None:
    publisher.records += [given_up("e-0"), given_up("e-1")]
    await audit.redriven(event_ids=["e-0"])
    found = (await audit.listed(show_redriven=True)).dead_letters
    assert [(letter.event_id, letter.redriven) for letter in found] == [("e-1", False), ("e-0", True)]


async def test_an_event_without_a_letter_is_told_as_such(publisher: MemoryPublisher, audit: Served) -> None:
    publisher.records.append(given_up("e-0"))
    error = await refusal(audit.redriven(event_ids=["e-0", "e-9"]))
    assert (error.code, error.reason) == (grpc.StatusCode.NOT_FOUND, "DEAD_LETTER_NOT_FOUND")
    assert "e-9" in error.message


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({}, id="nothing-chosen"),
        pytest.param({"all": True, "event_ids": ["e-0"]}, id="all-and-one"),
        pytest.param({"all": True, "since_time": Timestamp(seconds=1)}, id="all-and-a-time"),
        pytest.param({"event_ids": [""]}, id="no-identifier"),
        pytest.param({"all": True, "limit": 501}, id="too-many"),
        pytest.param({"since_time": Timestamp(seconds=2**60)}, id="no-time"),
        pytest.param({"since_time": Timestamp(seconds=1, nanos=-1)}, id="no-nanoseconds"),
    ],
)
async def test_a_choice_that_is_none_is_the_callers_error(audit: Served, fields: dict[str, Any]) -> None:
    assert (await refusal(audit.redriven(**fields))).code is grpc.StatusCode.INVALID_ARGUMENT


async def test_while_kafka_is_away_the_call_is_worth_repeating(publisher: MemoryPublisher, audit: Served) -> None:
    publisher.available = False
    for call in (audit.listed(), audit.redriven(all=True)):
        error = await refusal(call)
        assert (error.code, error.reason) == (grpc.StatusCode.UNAVAILABLE, "STORE_UNAVAILABLE")
