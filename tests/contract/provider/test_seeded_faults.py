"""Every one of these changes is stopped, and the consumer, transport, interaction and field are named."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from servanda.configuration import Secrets
from servanda.infra import Endpoints
from tests.contract.provider.faults import INTERFACE_FAULTS, PROVIDER_FAULTS, ROOT, Fault

Record = Callable[[str, object], None]


def gate(tree: Path, *options: str, environment: Mapping[str, str]) -> tuple[int, dict[str, Any], str]:
    """Run the gate in a copy of the repository; its exit code, its verdict and what it said."""
    report = tree / "report"
    done = subprocess.run(
        [sys.executable, "-m", "servanda", "gate", *options, "--report", str(report)],
        cwd=tree,
        env={**os.environ, **environment, "PYTHONPATH": os.pathsep.join([str(tree), str(tree / "gen")])},
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )
    talk = done.stdout + done.stderr
    assert (report / "verdict.json").is_file(), talk
    return done.returncode, json.loads((report / "verdict.json").read_text(encoding="utf-8")), talk


def external(endpoints: Endpoints) -> Mapping[str, str]:
    """The stores of this session, as an environment that names them.

    Roles belong to the server, so that all copies of the repository have to give them the same passwords.
    """
    names = re.findall(r"\{generated\.([A-Z_]+)\}", (ROOT / "servanda.toml").read_text(encoding="utf-8"))
    secrets = Secrets(ROOT, os.environ)
    return {
        **{name: secrets.fill(f"{{generated.{name}}}", name) for name in names},
        "SERVANDA_INFRA": "external",
        "POSTGRES_DSN": endpoints.postgres.dsn,
        "REDIS_URL": endpoints.redis.url,
        "KAFKA_BOOTSTRAP_SERVERS": endpoints.kafka.bootstrap,
    }


@pytest.mark.parametrize("fault", PROVIDER_FAULTS, ids=lambda fault: f"{fault.transport}: {fault.name}")
def test_a_provider_that_broke_a_promise_is_named(
    fault: Fault, servanda_endpoints: Endpoints, tmp_path: Path, record_property: Record
) -> None:
    code, verdict, talk = gate(
        fault.seed(tmp_path / "tree"), "--only", "providers", environment=external(servanda_endpoints)
    )

    broken = [
        (result["interaction"], reason)
        for result in verdict["results"]
        if (result["consumer"], result["provider"], result["transport"], result["outcome"])
        == (fault.consumer, fault.provider, fault.transport, "broken")
        for reason in result["reasons"]
    ]
    named = [r for interaction, r in broken if interaction == fault.interaction and r["path"].startswith(fault.path)]
    assert (code, verdict["verdict"]) == (1, "no"), talk
    assert named, talk
    assert fault.interaction in talk
    told = named[0]
    record_property("seeded fault", [fault.name, fault.transport, fault.consumer, fault.interaction, told["message"]])


@pytest.mark.parametrize("fault", INTERFACE_FAULTS, ids=lambda fault: f"proto: {fault.name}")
def test_an_interface_that_broke_a_promise_is_stopped_before_any_service_starts(
    fault: Fault, tmp_path: Path, record_property: Record
) -> None:
    code, verdict, talk = gate(fault.seed(tmp_path / "tree"), environment={})

    outcomes = {stage["name"]: stage["outcome"] for stage in verdict["stages"]}
    found = [f for f in verdict["findings"] if f["rule"] == fault.interaction and f["element"].startswith(fault.path)]
    assert (code, verdict["verdict"]) == (1, "no"), talk
    assert (outcomes["interfaces"], outcomes["providers"]) == ("broken", "skipped")
    assert found, talk
    place = f"{found[0]['path']}:{found[0]['start_line']}:{found[0]['start_column']}"
    assert found[0]["path"] == fault.file
    assert place in talk
    record_property(
        "seeded fault", [fault.name, fault.transport, "every", fault.interaction, f"{place} {found[0]['message']}"]
    )
