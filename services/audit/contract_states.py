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
from services.audit.adapters.repository import PostgresStore
from services.audit.domain.entry import Cause, Entry, EntryKind, Occurrence

Params = Mapping[str, object]
Handler = Callable[[Params], Awaitable[Mapping[str, object] | None]]

SUBJECT = "users/7f1f0f6e-2b1c-4c5d-8e9f-000000000001"
SOURCE = "/plt/identity"
EVENT_ID = "0b6e9a52-8f0d-4b7e-9c3a-000000000001"
REQUEST_ID = "request-1"
OCCUR_TIME = "2026-01-02T03:04:05Z"
DETAILS = {"email": "ada@example.com", "roles": "member"}
PARAMETERS = frozenset(
    ("subject", "kind", "event_id", "request_id", "occur_time", "changed_fields", "details", "count")
)
# Of nobody else; the service can apply it as often as it comes.
UPDATED = events_pb2.UserUpdated(
    user=identity_pb2.User(user_id="7f1f0f6e-2b1c-4c5d-8e9f-0000000001d1", email="ada@letters.example.org")
)


@asynccontextmanager
async def states(environ: Mapping[str, str]) -> AsyncIterator[Mapping[str, Handler]]:
    """Return the states by name, on the store of the process that has this environment.

    Raises:
        StartError: The environment does not say where the store is.
    """
    settings = Settings.from_environ("audit", environ)
    async with Connections(settings) as connections:
        pool = await connections.postgres(max_size=2)
        publisher = connections.publisher(topic.dead_letters() for topic in topics_of([events_pb2.UserUpdated]))
        letters = ContractLetters(connections.archive(), publisher, "audit", UPDATED)
        trail = _Trail(pool, PostgresStore(pool))
        yield {
            "an audit entry exists": trail.entry_exists,
            "audit entries exist": trail.entries_exist,
            "no audit entries exist": trail.no_entries_exist,
            "dead letters of audit exist": letters.exist,
        }


@dataclass(frozen=True, slots=True)
class _Trail:
    pool: Pool
    store: PostgresStore

    async def entry_exists(self, params: Params) -> Mapping[str, object]:
        """{subject, kind, event_id, request_id, occur_time, changed_fields, details}: the only one of its subject."""
        return await self._put([_occurrence(params)])

    async def entries_exist(self, params: Params) -> Mapping[str, object]:
        """{subject, kind, count, ...}: so many about the subject and no others, a second apart."""
        first, count = _occurrence(params), int(str(params.get("count", 3)))
        following = [
            replace(
                first,
                time=first.time + timedelta(seconds=number),
                cause=replace(first.cause, event_id=f"{first.cause.event_id[:-12]}{number + 1:012}"),
            )
            for number in range(count)
        ]
        await self._remove(first.subject)
        return {**await self._put(following), "count": count}

    async def no_entries_exist(self, params: Params) -> None:
        """{subject}: there are none about the subject; without parameters there are none at all."""
        await self._remove(str(params.get("subject", "")))

    async def _put(self, occurrences: Sequence[Occurrence]) -> Mapping[str, object]:
        entries = [Entry.of(occurrence, occurrence.time + timedelta(seconds=1)) for occurrence in occurrences]
        for entry in entries:
            await self._remove(entry.occurrence.subject, entry.entry_id)
        async with self.store.transaction() as stored:
            for entry in entries:
                await stored.add(entry)
        return _facts(entries[0]) if entries else {}

    async def _remove(self, subject: str, entry_id: str | None = None) -> None:
        statement = "DELETE FROM entries WHERE $1 = '' OR subject = $1 OR entry_id = $2::uuid"
        await self.pool.execute(statement, subject, entry_id)


def _occurrence(params: Params) -> Occurrence:
    """Return what the parameters describe; the kind by its name in the interface, in any case.

    Raises:
        ValueError: A parameter is unknown or not of its kind.
    """
    if unknown := params.keys() - PARAMETERS:
        raise ValueError(f"unknown parameters {sorted(unknown)}; expected some of {sorted(PARAMETERS)}")
    changed, details = params.get("changed_fields", ()), params.get("details", DETAILS)
    if not isinstance(changed, Sequence) or isinstance(changed, str) or not isinstance(details, Mapping):
        raise ValueError(f"expected changed_fields as a list and details as a map, actual {changed!r} and {details!r}")
    cause = Cause(SOURCE, str(params.get("event_id", EVENT_ID)), str(params.get("request_id", REQUEST_ID)))
    return Occurrence(
        kind=EntryKind(str(params.get("kind", "user_created")).lower().removeprefix("entry_kind_")),
        subject=str(params.get("subject", SUBJECT)),
        time=datetime.fromisoformat(str(params.get("occur_time", OCCUR_TIME))),
        cause=cause,
        changed_fields=tuple(str(path) for path in changed),
        details={str(name): str(value) for name, value in details.items()},
    )


def _facts(entry: Entry) -> Mapping[str, object]:
    return {
        "entry_id": entry.entry_id,
        "subject": entry.occurrence.subject,
        "kind": f"ENTRY_KIND_{entry.occurrence.kind.name}",
        "event_id": entry.occurrence.cause.event_id,
    }
