"""One of two instances stops where it is, as under a host that hangs: outsiders notice nothing."""

from __future__ import annotations

import concurrent.futures
from collections.abc import Iterator
from pathlib import Path

import pytest

from servanda.infra import Namespace
from tests.contract.consumer.web_app_client import WebAppClient
from tests.integration.running_platform import Platform, running_platform

CLIENTS = 6
ROUNDS = 25


@pytest.fixture
def platform(servanda_namespace: Namespace, tmp_path: Path) -> Iterator[Platform]:
    with running_platform(servanda_namespace, tmp_path, copies={"identity": 2}) as running:
        yield running


def sign_up_and_read(gateway_url: str, client: int, rounds: range) -> set[str]:
    """Create users, read each back, and give their addresses as they were read.

    The client waits for less time than the gateway does for an instance that hangs.
    """
    with WebAppClient(gateway_url) as web_app:
        emails = [f"user-{client}-{number}@example.org" for number in rounds]
        return {web_app.person(web_app.sign_up(email, "Ada", email).user_id).email for email in emails}


def test_calls_do_not_wait_for_an_instance_that_hangs(platform: Platform) -> None:
    def all_clients(rounds: range) -> int:
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
            done = [pool.submit(sign_up_and_read, platform.gateway_url, client, rounds) for client in range(CLIENTS)]
            return len(set().union(*(users.result() for users in done)))

    assert all_clients(range(ROUNDS)) == CLIENTS * ROUNDS
    with platform.frozen("identity@2"):
        assert all_clients(range(ROUNDS, 2 * ROUNDS)) == CLIENTS * ROUNDS
    assert all_clients(range(2 * ROUNDS, 3 * ROUNDS)) == CLIENTS * ROUNDS
