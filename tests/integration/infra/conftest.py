import socket
from collections.abc import Callable

import pytest

from tests.integration.waiting import eventually


@pytest.fixture
def until() -> Callable[[Callable[[], object]], None]:
    """Waits until a condition holds, and fails if it does not within a minute."""

    def wait(condition: Callable[[], object]) -> None:
        eventually(condition, until=bool, seconds=60)

    return wait


@pytest.fixture
def listens() -> Callable[[int], bool]:
    """Tells whether somebody listens on a port of 127.0.0.1."""

    def probe(port: int) -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", port)) == 0

    return probe
