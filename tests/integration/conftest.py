"""The platform under test: the one that runs already, or one that is started for the session."""

import os
from collections.abc import Iterator

import pytest

from servanda.infra import isolate
from tests.integration.running_platform import running_platform

GATEWAY_URL = "GATEWAY_URL"


@pytest.fixture(scope="session")
def gateway_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where outside traffic enters; ``GATEWAY_URL`` names a platform that runs already."""
    if given := os.environ.get(GATEWAY_URL):
        yield given
        return
    endpoints = request.getfixturevalue("servanda_endpoints")
    with (
        isolate(endpoints) as namespace,
        running_platform(namespace, tmp_path_factory.mktemp("platform")) as platform,
    ):
        yield platform.gateway_url
