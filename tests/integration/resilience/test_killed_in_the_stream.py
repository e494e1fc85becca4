"""A process that dies in the middle of a stream of writes: every event is applied once, none is lost."""

import collections
import concurrent.futures
import uuid
from functools import partial

import httpx2
import pytest

from tests.contract.consumer.web_app_client import RefusedError, WebAppClient
from tests.integration.running_platform import Platform
from tests.integration.waiting import eventually

WRITES = 500
WRITERS = 4


def create(gateway_url: str, numbers: range) -> list[str]:
    """Create users as a careful client does: repeat under the same key until there is an answer."""
    with WebAppClient(gateway_url) as web_app:
        return [eventually(partial(attempt, web_app, number), until=bool, seconds=60) for number in numbers]


def attempt(web_app: WebAppClient, number: int) -> str:
    try:
        return web_app.sign_up(f"user-{number}@example.org", f"User {number}", f"key-{number}").user_id
    except httpx2.TransportError:
        return ""
    except RefusedError as refused:
        # Away for now is worth another attempt; everything else is an answer that this test does not expect.
        if refused.http_status in {503, 504}:
            return ""
        raise


def created_entries(web_app: WebAppClient) -> collections.Counter[str]:
    """How often the audit trail says of each subject that it was created."""
    counted: collections.Counter[str] = collections.Counter()
    token = ""
    while True:
        page = web_app.entries(kind="ENTRY_KIND_USER_CREATED", page_size=200, page_token=token)
        counted.update(entry["subject"] for entry in page.get("entries", []))
        token = page.get("nextPageToken", "")
        if not token:
            return counted


def wait_for_entries(web_app: WebAppClient, number: int) -> collections.Counter[str]:
    return eventually(lambda: created_entries(web_app), until=lambda found: found.total() >= number, seconds=90)


# The relay runs within identity: with identity the relay dies too, between any two of its steps.
@pytest.mark.parametrize("victim", ["identity", "audit"])
def test_every_write_is_recorded_once_though_a_process_is_killed(platform: Platform, victim: str) -> None:
    share = WRITES // WRITERS
    with concurrent.futures.ThreadPoolExecutor(WRITERS) as pool, WebAppClient(platform.gateway_url) as web_app:
        writers = [
            pool.submit(create, platform.gateway_url, range(start, start + share)) for start in range(0, WRITES, share)
        ]
        for recorded in (WRITES // 5, WRITES * 3 // 5):
            wait_for_entries(web_app, recorded)
            platform.kill(victim)
            platform.restart(victim)
        users = {user for writer in writers for user in writer.result()}
        entries = wait_for_entries(web_app, WRITES)

    assert len(users) == WRITES
    assert entries == collections.Counter({f"users/{user}": 1 for user in users})


def test_a_client_that_never_heard_back_can_ask_again(platform: Platform) -> None:
    with WebAppClient(platform.gateway_url) as web_app:
        key = uuid.uuid4().hex
        first = web_app.sign_up("ada@example.org", "Ada", key)
        platform.kill("identity")
        platform.restart("identity")
        again = eventually(lambda: retried(web_app, key), until=bool, seconds=30)

    assert again == first.user_id


def retried(web_app: WebAppClient, key: str) -> str:
    try:
        return web_app.sign_up("ada@example.org", "Ada", key).user_id
    except (httpx2.TransportError, RefusedError):
        return ""
