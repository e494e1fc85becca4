"""A small shop with a version that is live, and the command that runs it beside the working tree."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from servanda.infra import Endpoints

SHOP = Path(__file__).parents[2] / "samples" / "rollout"
Servanda = Callable[..., "subprocess.CompletedProcess[str]"]
ORDER = ("--order", "provider-first")
EXECUTABLE = str(Path(sys.executable).with_name("servanda"))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository with one commit: the version that is live."""
    root = tmp_path / "shop"
    shutil.copytree(SHOP, root, ignore=shutil.ignore_patterns("__pycache__"))
    for arguments in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-qm", "one"), ("tag", "v1")):
        named = ("git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
        subprocess.run((*named, *arguments), cwd=root, check=True)
    return root


@pytest.fixture
def environ(servanda_endpoints: Endpoints) -> Mapping[str, str]:
    """Stores that are started once for all runs."""
    return {
        **os.environ,
        "SERVANDA_INFRA": "external",
        "POSTGRES_DSN": servanda_endpoints.postgres.dsn,
        "REDIS_URL": servanda_endpoints.redis.url,
        "KAFKA_BOOTSTRAP_SERVERS": servanda_endpoints.kafka.bootstrap,
    }


@pytest.fixture
def servanda(shop: Path, environ: Mapping[str, str]) -> Servanda:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        is_another = arguments[:1] in (("gate",), ("jobs",))
        command = (EXECUTABLE, *arguments) if is_another else (EXECUTABLE, "versions", *ORDER, *arguments)
        return subprocess.run(command, cwd=shop, env=environ, check=False, capture_output=True, text=True, timeout=300)

    return run
