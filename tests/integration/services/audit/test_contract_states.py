from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import pytest

from platformkit.events import Pool
from services.audit.adapters.messages import message_of
from services.audit.adapters.repository import PostgresStore
from services.audit.contract_states import SUBJECT, Handler, states
from services.audit.domain.entry import Entry
from services.audit.use_cases.list_entries import ListEntries
from services.audit.use_cases.ports import Filter


@pytest.fixture
async def given(environ: Mapping[str, str]) -> AsyncIterator[Mapping[str, Handler]]:
    async with states(environ) as handlers:
        yield handlers


async def trail(pool: Pool, subject: str = "") -> list[Entry]:
    return list((await ListEntries(PostgresStore(pool))(Filter(subject=subject), None, 200)).items)


async def test_an_entry_exists_as_the_parameters_say(given: Mapping[str, Handler], pool: Pool) -> None:
    params = {
        "subject": "users/2",
        "kind": "ENTRY_KIND_USER_UPDATED",
        "event_id": "e-1",
        "request_id": "r-1",
        "occur_time": "2025-12-31T00:00:00Z",
        "changed_fields": ["email"],
        "details": {"email": "grace@example.com"},
    }
    facts = await given["an audit entry exists"](params)
    message = message_of((await trail(pool, "users/2"))[0])
    assert (message.subject, message.event_id, message.request_id) == ("users/2", "e-1", "r-1")
    assert (message.kind, message.occur_time.ToJsonString()) == (2, "2025-12-31T00:00:00Z")
    assert (list(message.changed_fields), dict(message.details)) == (["email"], {"email": "grace@example.com"})
    assert facts is not None
    assert facts["entry_id"] == message.entry_id


async def test_an_entry_exists_once_however_often_it_is_asked_for(given: Mapping[str, Handler], pool: Pool) -> None:
    await given["an audit entry exists"]({})
    await given["an audit entry exists"]({"kind": "ENTRY_KIND_USER_DEACTIVATED"})
    assert [entry.occurrence.kind.value for entry in await trail(pool)] == ["user_deactivated"]


async def test_so_many_entries_exist_and_no_others_about_the_subject(given: Mapping[str, Handler], pool: Pool) -> None:
    await given["audit entries exist"]({"count": 5})
    await given["audit entries exist"]({"count": 3})
    entries = await trail(pool, SUBJECT)
    assert len(entries) == len({entry.entry_id for entry in entries}) == 3


async def test_no_entries_exist_about_a_subject(given: Mapping[str, Handler], pool: Pool) -> None:
    await given["an audit entry exists"]({})
    await given["an audit entry exists"]({"subject": "users/2", "event_id": "e-2"})
    await given["no audit entries exist"]({"subject": "users/2"})
    assert [entry.occurrence.subject for entry in await trail(pool)] == [SUBJECT]


async def test_no_entries_exist_at_all(given: Mapping[str, Handler], pool: Pool) -> None:
    await given["audit entries exist"]({"count": 2})
    await given["no audit entries exist"]({})
    assert await trail(pool) == []


async def test_a_parameter_that_no_state_knows_is_an_error(given: Mapping[str, Handler]) -> None:
    with pytest.raises(ValueError, match=r"unknown parameters \['user'\]"):
        await given["an audit entry exists"]({"user": "1"})
