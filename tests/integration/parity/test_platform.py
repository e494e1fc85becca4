"""The services of the platform answer over HTTP as they do over gRPC."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from servanda.infra import Endpoints

ROOT = Path(__file__).parents[3]
CALLS = 1_500


# Notification knows users from events alone, and here are none.
@pytest.mark.parametrize(
    ("service", "states"), [("identity", []), ("audit", []), ("notification", ["--state", "a user got notifications"])]
)
def test_a_service_answers_alike_over_both_transports(
    service: str, states: list[str], servanda_endpoints: Endpoints
) -> None:
    command = [sys.executable, "-m", "servanda", "parity", service, *states, "--calls", str(CALLS), "--format", "json"]
    environment = {
        **os.environ,
        "SERVANDA_INFRA": "external",
        "POSTGRES_DSN": servanda_endpoints.postgres.dsn,
        "REDIS_URL": servanda_endpoints.redis.url,
        "KAFKA_BOOTSTRAP_SERVERS": servanda_endpoints.kafka.bootstrap,
    }
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    result = json.loads(ran.stdout)
    assert [each for each in result["differences"] if not each["accepted"]] == []
    assert {kind for rpc in result["rpcs"].values() for kind in rpc["beside"]} == {
        "unknown field",
        "expired deadline",
        "short deadline",
    }
    assert sum(rpc["accepted"] for rpc in result["rpcs"].values()) >= CALLS * 0.1
    assert states == [] or all(rpc["accepted"] for rpc in result["rpcs"].values())
