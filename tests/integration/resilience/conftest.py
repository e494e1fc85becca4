from collections.abc import Iterator
from pathlib import Path

import pytest

from servanda.infra import Namespace
from tests.integration.running_platform import Platform, running_platform


@pytest.fixture
def platform(servanda_namespace: Namespace, tmp_path: Path) -> Iterator[Platform]:
    """A platform of the test's own, to be damaged."""
    with running_platform(servanda_namespace, tmp_path) as running:
        yield running
