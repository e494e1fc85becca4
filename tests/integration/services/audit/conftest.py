from collections.abc import AsyncIterator, Iterator, Mapping

import pytest

from platformkit.events import Pool
from platformkit.postgres import create_pool
from servanda.infra import Endpoints
from tests.integration.services.service_stores import service_environs


@pytest.fixture
def environ(servanda_endpoints: Endpoints) -> Iterator[Mapping[str, str]]:
    """The environment of an audit process, but for its ports."""
    with service_environs(servanda_endpoints, ["audit"]) as environs:
        yield environs["audit"]


@pytest.fixture
async def pool(environ: Mapping[str, str]) -> AsyncIterator[Pool]:
    async with await create_pool(environ["POSTGRES_DSN"]) as pool:
        yield pool
