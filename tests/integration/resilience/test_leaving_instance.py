"""One of two instances is asked to end under load: no call fails, not even one that may not be repeated."""

from __future__ import annotations

import concurrent.futures
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from servanda.infra import Namespace
from tests.contract.consumer.web_app_client import WebAppClient
from tests.integration.running_platform import Platform, running_platform

CLIENTS = 6
MORE = 10


@pytest.fixture
def platform(servanda_namespace: Namespace, tmp_path: Path) -> Iterator[Platform]:
    with running_platform(servanda_namespace, tmp_path, copies={"identity": 2}) as running:
        yield running


def create_until(gateway_url: str, client: int, gone: threading.Event) -> int:
    """Create users without a key, until some more after the instance has gone; any failure is raised."""
    count = left = MORE
    with WebAppClient(gateway_url) as web_app:
        while left:
            count += 1
            left -= gone.is_set()
            web_app.sign_up(f"user-{client}-{count}@example.org", "Ada", "")
    return count


def test_an_instance_that_is_asked_to_end_costs_no_call(platform: Platform) -> None:
    gone = threading.Event()
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(create_until, platform.gateway_url, client, gone) for client in range(CLIENTS)]
        platform.drain("identity@2")
        gone.set()
        assert all(client.result() > MORE for client in clients)
