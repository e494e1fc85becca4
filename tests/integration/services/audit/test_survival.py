"""What becomes of a stream of writes when processes die in the middle of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

import asyncpg
import httpx2
import pytest

from servanda.infra import Endpoints
from tests.integration.services.service_process import ServiceProcess
from tests.integration.services.service_stores import service_environs
from tests.integration.waiting import until

WRITES = 500
AT_ONCE = 8
# After so many writes; with identity dies the relay of its outbox.
KILLS = {100: "identity", 250: "audit", 400: "identity"}
SECONDS = 90.0

Environs = Mapping[str, Mapping[str, str]]


@pytest.fixture
def environs(servanda_endpoints: Endpoints) -> Iterator[Environs]:
    with service_environs(servanda_endpoints, ["identity", "audit"]) as environs:
        yield environs


@asynccontextmanager
async def running(environs: Environs, folder: Path) -> AsyncIterator[Mapping[str, ServiceProcess]]:
    services = {name: ServiceProcess(name, environ, folder / f"{name}.log") for name, environ in environs.items()}
    async with AsyncExitStack() as stack:
        for service in services.values():
            stack.callback(service.stop)
            await service.start()
        yield services


async def write(client: httpx2.AsyncClient, number: int) -> str:
    """Creates a user, as often as it takes; the idempotency key makes it one user all the same."""
    document = {"user": {"email": f"user-{number}@example.com", "profile": {"displayName": f"User {number}"}}}
    while True:
        try:
            response = await client.post("/v1/users", json={**document, "idempotencyKey": f"write-{number}"})
        except httpx2.TransportError:
            await asyncio.sleep(0.05)
            continue
        if response.status_code == 503:
            await asyncio.sleep(0.05)
            continue
        assert response.status_code == 200, response.text
        return f"users/{response.json()['user']['userId']}"


async def recorded(client: httpx2.AsyncClient) -> Counter[str]:
    """How many entries say that a subject was created, read through the interface."""
    subjects: Counter[str] = Counter()
    token = ""
    while True:
        query = {"kind": "ENTRY_KIND_USER_CREATED", "pageSize": "200", "pageToken": token}
        response = await client.get("/v1/audit/entries", params=query)
        response.raise_for_status()
        page = response.json()
        subjects.update(entry["subject"] for entry in page.get("entries", []))
        token = page.get("nextPageToken", "")
        if not token:
            return subjects


async def stream(services: Mapping[str, ServiceProcess], disturb: Mapping[int, str]) -> list[str]:
    """Writes the users, and kills and restarts a service when as many writes are done as `disturb` says."""
    done, kills, turns = 0, 0, asyncio.Semaphore(AT_ONCE)

    async def one(client: httpx2.AsyncClient, number: int) -> str:
        nonlocal done, kills
        async with turns:
            subject = await write(client, number)
        done += 1
        if done in disturb:
            victim = services[disturb[done]]
            victim.kill()
            victim.begin()
            kills += 1
        return subject

    async with httpx2.AsyncClient(base_url=services["identity"].url, timeout=30) as client:
        subjects = await asyncio.gather(*(one(client, number) for number in range(WRITES)))
    await asyncio.gather(*(service.ready() for service in services.values()))
    assert kills == len(disturb)
    return list(subjects)


@pytest.mark.timeout(300)
async def test_every_event_is_applied_once_and_none_is_lost_whoever_is_killed(
    environs: Environs, tmp_path: Path
) -> None:
    async with running(environs, tmp_path) as services:
        subjects = await stream(services, KILLS)
        assert len(set(subjects)) == WRITES
        async with httpx2.AsyncClient(base_url=services["audit"].url, timeout=30) as audit:

            async def complete() -> bool:
                return len(await recorded(audit)) >= WRITES

            # The comparison says more than that it took too long.
            with suppress(TimeoutError):
                await until(complete, SECONDS)
            assert await recorded(audit) == Counter(subjects)
    connection = await asyncpg.connect(environs["audit"]["POSTGRES_ADMIN_DSN"])
    try:
        assert await connection.fetchval("SELECT count(*) FROM identity.outbox") == 0
        assert await connection.fetchval("SELECT count(*) FROM audit.inbox") == WRITES
    finally:
        await connection.close()
