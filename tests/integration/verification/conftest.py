from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from servanda.infra import Endpoints

LIBRARY = Path(__file__).parents[2] / "samples" / "library"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A copy of the sample repository, with an empty folder for its contracts."""
    root = tmp_path / "library"
    shutil.copytree(LIBRARY, root, ignore=shutil.ignore_patterns("__pycache__"))
    for folder in ("pacts", "shelf"):
        (root / folder).mkdir()
    return root


@pytest.fixture
def environ(repository: Path, servanda_endpoints: Endpoints) -> dict[str, str]:
    """The environment in which commands run on the sample repository: its books, and the Kafka of this session."""
    return {
        **os.environ,
        "SHELF": str(repository / "shelf"),
        "FAULT": str(repository / "fault"),
        "SERVANDA_INFRA": "external",
        "POSTGRES_DSN": servanda_endpoints.postgres.dsn,
        "REDIS_URL": servanda_endpoints.redis.url,
        "KAFKA_BOOTSTRAP_SERVERS": servanda_endpoints.kafka.bootstrap,
    }


@pytest.fixture
def servanda(repository: Path) -> Callable[[Sequence[str]], list[str]]:
    """The command line of the suite on the sample repository."""
    executable = Path(sys.executable).with_name("servanda")
    return lambda arguments: [str(executable), "--config", str(repository / "servanda.toml"), *arguments]
