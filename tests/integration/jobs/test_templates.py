"""The templates of docs/how-to/scale-out.md cut, carry out and merge, as GitHub and GitLab run them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

TEMPLATES = Path(__file__).parents[3] / "templates"


def script(command: str, folder: Path, **variables: str) -> None:
    """Run a command of a template in a shell."""
    programs = Path(sys.executable).parent
    environ = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", **variables}
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", command],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def commands(steps: list[dict[str, Any]]) -> list[str]:
    return [step["run"] for step in steps if "servanda" in step.get("run", "") and "pip" not in step["run"]]


def test_github_cuts_carries_out_and_merges(shop: Path) -> None:
    jobs = yaml.safe_load((TEMPLATES / "github" / "servanda-jobs.yml").read_text())["jobs"]
    told, summary = shop.parent / "output", shop.parent / "summary"
    for command in commands(jobs["cut"]["steps"]):
        script(command, shop, GITHUB_OUTPUT=str(told))
    entries = json.loads(told.read_text().removeprefix("matrix="))["include"]
    for entry in entries:
        for command in commands(jobs["work"]["steps"]):
            script(command, shop, SERVANDA_JOBS=entry["jobs"])
    for command in commands(jobs["verdict"]["steps"]):
        script(command, shop, GITHUB_STEP_SUMMARY=str(summary))
    assert [entry["jobs"] for entry in entries] == ["1", "2"]
    assert "4 interactions" in summary.read_text()


def test_gitlab_cuts_carries_out_and_merges(shop: Path) -> None:
    first = yaml.safe_load((TEMPLATES / "gitlab" / "servanda-jobs.gitlab-ci.yml").read_text())
    child = TEMPLATES / "gitlab" / "servanda-job.gitlab-ci.yml"
    included = yaml.safe_load(child.read_text())
    for command in first["servanda-cut"]["script"][1:]:
        script(command, shop)
    pipeline = yaml.safe_load((shop / "servanda-jobs.yml").read_text())
    assert pipeline["include"] == [{"local": child.name}]
    assert pipeline["servanda-jobs"]["extends"] in included
    for entry in pipeline["servanda-jobs"]["parallel"]["matrix"]:
        for command in included[".servanda-job"]["script"][1:]:
            script(command, shop, **entry)
    for command in included["servanda-verdict"]["script"][1:]:
        script(command, shop)
    assert json.loads((shop / "servanda-report" / "verdict.json").read_text())["verdict"] == "yes"
