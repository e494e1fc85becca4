"""The services of the platform answer over HTTP as they do over gRPC."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from servanda.infra import Endpoints

ROOT = Path(__file__).parents[3]
# As many as show each rpc accepted: those of auth hang on what others did before.
CALLS = {"identity": 600, "audit": 300, "auth": 1_000, "notification": 400}
# Audit and notification know of users from events alone, and here are none; nobody logs in without a password.
STATES = {
    "identity": (),
    "audit": ("audit entries exist",),
    "auth": ("a user exists", "a session exists"),
    "notification": ("a user got notifications",),
}


def test_every_service_with_both_transports_is_compared() -> None:
    services = tomllib.loads((ROOT / "servanda.toml").read_text())["services"]
    assert {name for name, each in services.items() if {"grpc", "http"} <= each["transports"].keys()} == STATES.keys()


@pytest.mark.parametrize("service", STATES)
def test_a_service_answers_alike_over_both_transports(service: str, servanda_endpoints: Endpoints) -> None:
    calls = CALLS[service]
    states = [part for name in STATES[service] for part in ("--state", name)]
    command = [sys.executable, "-m", "servanda", "parity", service, *states, "--calls", str(calls), "--format", "json"]
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
    assert sum(rpc["accepted"] for rpc in result["rpcs"].values()) >= calls * 0.1
    assert [name for name, rpc in result["rpcs"].items() if not rpc["accepted"]] == []
    assert service != "auth" or "RESOURCE_EXHAUSTED" in result["rpcs"]["plt.auth.v1.AuthService.LogIn"]["codes"]
