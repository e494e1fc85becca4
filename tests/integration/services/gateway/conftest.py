from collections.abc import Iterator, Mapping

import pytest

from servanda.infra import Endpoints
from tests.integration.running_platform import OPEN
from tests.integration.services.identity_stores import identity_environ


@pytest.fixture
def environ(servanda_endpoints: Endpoints) -> Iterator[Mapping[str, str]]:
    """The environment of an identity process, and of the gateway in front of it, but for the ports."""
    with identity_environ(servanda_endpoints) as environ:
        yield {**environ, **OPEN}
