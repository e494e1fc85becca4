"""The platform that the journeys go through: the one that is running already, or one of their own."""

from collections.abc import Iterator

import pytest

from tests.contract.consumer.web_app_client import WebAppClient


@pytest.fixture(scope="session")
def web_app(gateway_url: str) -> Iterator[WebAppClient]:
    with WebAppClient(gateway_url) as client:
        yield client
