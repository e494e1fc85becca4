"""A rollout that is run as jobs, in one command and by a file; docs/how-to/scale-out.md tells of both."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.versions.test_rollouts import change

Servanda = Callable[..., "subprocess.CompletedProcess[str]"]


def evidence(shop: Path) -> dict[str, Any]:
    """Return the evidence, without when it was obtained and how to repeat it."""
    found: dict[str, Any] = json.loads((shop / ".servanda" / "versions" / "evidence.json").read_text())
    assert found.pop("date")
    assert found.pop("report")
    return found


# Each of its jobs starts all services, on hosts of whatever load.
@pytest.mark.timeout(400)
def test_a_rollout_that_is_run_as_jobs_gives_their_verdict_and_evidence(
    shop: Path, servanda: Servanda, tmp_path: Path
) -> None:
    change(shop, "stock.py", 'STATUSES[row["status"]]}', 'STATUSES[row["status"]], "unit": row.get("unit")}')
    told = ("--results", str(tmp_path / "results"), "--format", "json")
    at_once = servanda("--live", "v1", "--on", "local", *told)
    of_one = evidence(shop)
    # The plan is kept before anything starts, as that of a run in one piece is.
    assert "step 2" in at_once.stderr
    assert json.loads((shop / ".servanda" / "versions" / "plan.json").read_text())["seed"] == 1
    assert servanda("--live", "v1", "--jobs", "jobs.json").returncode == 0
    count = len(json.loads((shop / "jobs.json").read_text())["jobs"])
    by_file = servanda("jobs", "jobs.json", "--on", "local", *told)
    assert (at_once.returncode, by_file.returncode) == (0, 0), at_once.stderr
    # The jobs are the same ones: each has its result already.
    assert (at_once.stderr.count("reused: "), by_file.stderr.count("reused: ")) == (0, count)
    assert at_once.stdout == by_file.stdout
    assert evidence(shop) == of_one
