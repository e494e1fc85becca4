"""A billing that reads the orders of a shop, with the orders on a real topic."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from servanda.infra import Endpoints
from servanda.topics.cluster import Cluster
from servanda.topics.record import Record
from tests.samples.billing.orders import ORDERS

BILLING = Path(__file__).parents[2] / "samples" / "billing"
EXECUTABLE = str(Path(sys.executable).with_name("servanda"))
Servanda = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def environ(servanda_endpoints: Endpoints) -> Mapping[str, str]:
    """Stores that are started once for all runs."""
    return {
        **os.environ,
        "SERVANDA_INFRA": "external",
        "POSTGRES_DSN": servanda_endpoints.postgres.dsn,
        "REDIS_URL": servanda_endpoints.redis.url,
        "KAFKA_BOOTSTRAP_SERVERS": servanda_endpoints.kafka.bootstrap,
    }


@pytest.fixture(scope="module")
def published(servanda_endpoints: Endpoints) -> str:
    """The namespace of a deployment in which the shop has published its orders."""
    namespace, cluster = f"d{uuid.uuid4().hex[:8]}", Cluster(servanda_endpoints.kafka.bootstrap)
    cluster.make([f"orders.{namespace}"], 3)
    cluster.send(Record(**{**parts, "topic": f"orders.{namespace}"}) for parts in ORDERS)
    return namespace


@pytest.fixture(scope="module")
def accepted(tmp_path_factory: pytest.TempPathFactory, environ: Mapping[str, str], published: str) -> Path:
    """A repository whose orders are recorded, and whose effects are accepted; recorded and accepted once."""
    root = tmp_path_factory.mktemp("accepted") / "shop"
    shutil.copytree(BILLING, root, ignore=shutil.ignore_patterns("__pycache__"))
    bootstrap = environ["KAFKA_BOOTSTRAP_SERVERS"]
    for arguments in (
        ("record", "--bootstrap", bootstrap, "--namespace", published),
        ("replay", "--accept"),
    ):
        done = run(root, environ, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
    return root


@pytest.fixture
def shop(accepted: Path, tmp_path: Path) -> Path:
    """A copy of that repository."""
    root = tmp_path / "shop"
    shutil.copytree(accepted, root, ignore=shutil.ignore_patterns(".servanda"))
    return root


@pytest.fixture
def servanda(shop: Path, environ: Mapping[str, str]) -> Servanda:
    return lambda *arguments: run(shop, environ, *arguments)


def run(root: Path, environ: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = (EXECUTABLE, "events", *arguments)
    return subprocess.run(command, cwd=root, env=environ, check=False, capture_output=True, text=True, timeout=240)


def change(shop: Path, before: str, after: str) -> None:
    """Change a text of the billing."""
    file = shop / "billing.py"
    text = file.read_text()
    assert before in text
    file.write_text(text.replace(before, after))
