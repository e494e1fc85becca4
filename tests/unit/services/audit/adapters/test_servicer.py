from __future__ import annotations

from datetime import UTC, datetime, timedelta

import grpc
import pytest
from plt.audit.v1 import audit_pb2, audit_pb2_grpc

from platformkit.channels import MemoryChannel
from platformkit.lifecycle.guard import Guard
from platformkit.paging import PageTokens
from platformkit.status import ServiceError
from services.audit.adapters.memory import MemoryStore
from services.audit.adapters.servicer import AuditServicer
from services.audit.domain.entry import Cause, Entry, EntryKind, Occurrence
from services.audit.use_cases.list_entries import ListEntries
from tests.unit.platformkit.events.given_up import no_dead_letters

TIME = datetime(2026, 1, 2, tzinfo=UTC)


def serving(store: MemoryStore) -> audit_pb2_grpc.AuditServiceAsyncStub:
    channel = MemoryChannel(interceptors=[Guard()])
    servicer = AuditServicer(ListEntries(store), no_dead_letters(), PageTokens(b"secret"))
    audit_pb2_grpc.add_AuditServiceServicer_to_server(servicer, channel.server)
    return audit_pb2_grpc.AuditServiceStub(channel)


async def trail(count: int) -> MemoryStore:
    store = MemoryStore()
    for number in range(count):
        cause = Cause("/plt/identity", f"e-{number}")
        occurrence = Occurrence(EntryKind.USER_CREATED, "users/1", TIME + timedelta(seconds=number), cause)
        await store.entries.add(Entry.of(occurrence, TIME))
    return store


async def test_a_page_holds_as_many_entries_as_asked_for_and_leads_to_the_next_one() -> None:
    stub = serving(await trail(3))
    first = await stub.ListEntries(audit_pb2.ListEntriesRequest(page_size=2))
    request = audit_pb2.ListEntriesRequest(page_size=2, page_token=first.next_page_token)
    last = await stub.ListEntries(request)
    assert [entry.event_id for entry in first.entries] == ["e-2", "e-1"]
    assert [entry.event_id for entry in last.entries] == ["e-0"]
    assert last.next_page_token == ""


async def test_without_a_page_size_a_page_holds_fifty() -> None:
    response = await serving(await trail(51)).ListEntries(audit_pb2.ListEntriesRequest())
    assert len(response.entries) == 50
    assert response.next_page_token


async def test_a_page_token_of_another_filter_is_refused() -> None:
    stub = serving(await trail(3))
    first = await stub.ListEntries(audit_pb2.ListEntriesRequest(page_size=2))
    with pytest.raises(grpc.RpcError) as raised:
        await stub.ListEntries(audit_pb2.ListEntriesRequest(subject="users/1", page_token=first.next_page_token))
    error = ServiceError.from_rpc_error(raised.value)
    assert (error.code, error.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "PAGE_TOKEN_INVALID")


async def test_a_store_that_is_away_makes_the_call_worth_repeating() -> None:
    with pytest.raises(grpc.RpcError) as raised:
        await serving(MemoryStore(available=False)).ListEntries(audit_pb2.ListEntriesRequest())
    error = ServiceError.from_rpc_error(raised.value)
    assert (error.code, error.reason) == (grpc.StatusCode.UNAVAILABLE, "STORE_UNAVAILABLE")


async def test_a_subject_that_cannot_exist_is_the_callers_error() -> None:
    with pytest.raises(grpc.RpcError) as raised:
        await serving(MemoryStore()).ListEntries(audit_pb2.ListEntriesRequest(subject="users/\0"))
    error = ServiceError.from_rpc_error(raised.value)
    assert (error.code, [violation.field for violation in error.violations]) == (
        grpc.StatusCode.INVALID_ARGUMENT,
        ["subject"],
    )
