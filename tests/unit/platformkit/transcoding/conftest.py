from __future__ import annotations

import pytest
from google.protobuf.descriptor import ServiceDescriptor

from tests.unit.platformkit.transcoding.kinds import kinds_service


@pytest.fixture(scope="session")
def kinds() -> ServiceDescriptor:
    """The service in kinds.proto."""
    return kinds_service()
