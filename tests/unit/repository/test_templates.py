"""The templates of pipelines are valid, and their commands do what they are copied for."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

from tests.unit.interfaces.conftest import ORDER, WITHOUT_QUANTITY, Desk

TEMPLATES = Path(__file__).parents[3] / "templates"
GITHUB = TEMPLATES / "github" / "servanda.yml"
GITLAB = TEMPLATES / "gitlab" / "servanda.gitlab-ci.yml"
PROTO = "proto/shop/v1/shop.proto"
Variables = Callable[[Desk, str], dict[str, str]]


def steps() -> list[dict[str, Any]]:
    found = yaml.safe_load(GITHUB.read_text())["jobs"]["interfaces"]["steps"]
    assert isinstance(found, list)
    return found


def commands(template: Path) -> list[str]:
    """What a template runs, apart from the installation."""
    if template == GITHUB:
        lines = [step["run"] for step in steps() if "run" in step]
    else:
        lines = yaml.safe_load(template.read_text())["servanda"]["script"]
    return [line for line in lines if "pip install" not in line]


def run(
    template: Path, desk: Desk, environment: dict[str, str] | None = None
) -> list[subprocess.CompletedProcess[str]]:
    """The commands of a template, each in a shell as a runner starts it."""
    return [
        subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", command],
            cwd=desk.folder,
            env={**os.environ, **(environment or {})},
            capture_output=True,
            text=True,
            check=False,
        )
        for command in commands(template)
    ]


@pytest.fixture
def summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file to which a step of GitHub's writes what people read."""
    path = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    return path


@pytest.fixture
def branched(desk: Desk) -> Desk:
    """On ``breaking`` a field is gone; ``main`` got another one since, which that branch does not have."""
    desk.write({PROTO: ORDER})
    desk.commit("one")
    desk.git("switch", "--quiet", "--create", "harmless")
    desk.write({"README.md": "# Shop\n"})
    desk.commit("readme")
    desk.git("switch", "--quiet", "--create", "breaking", "main")
    desk.write({PROTO: WITHOUT_QUANTITY})
    desk.commit("without quantity")
    desk.git("switch", "--quiet", "main")
    desk.write({"proto/shop/v1/item.proto": 'syntax = "proto3";\npackage shop.v1;\nmessage Item {}\n'})
    desk.commit("items")
    return desk


def merged(desk: Desk, branch: str) -> None:
    """Check out the branch merged into main, as runners do for pull requests."""
    desk.git("switch", "--quiet", "--detach", "main")
    desk.git("merge", "--quiet", "--no-edit", branch)


def shallow(desk: Desk, tmp_path: Path) -> Desk:
    desk.git("clone", "--quiet", "--depth=1", f"file://{desk.folder}", str(tmp_path / "shallow"))
    return Desk(tmp_path / "shallow")


def of_a_merge_request(desk: Desk, branch: str) -> dict[str, str]:
    """The variables of a merge request whose branch is checked out as it is."""
    desk.git("switch", "--quiet", "--detach", branch)
    return {"CI_MERGE_REQUEST_DIFF_BASE_SHA": desk.git("merge-base", "main", branch)}


def of_merged_results(desk: Desk, branch: str) -> dict[str, str]:
    """The variables of a merge request that is checked out merged into its target."""
    variables = of_a_merge_request(desk, branch)
    merged(desk, branch)
    return {**variables, "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": desk.git("rev-parse", "main")}


KINDS = pytest.mark.parametrize("variables", [of_a_merge_request, of_merged_results])


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(("vendor.github-workflows", str(GITHUB)), id="github"),
        pytest.param(("vendor.gitlab-ci", "--data-transform", "gitlab-ci", str(GITLAB)), id="gitlab"),
    ],
)
def test_a_template_has_the_form_that_its_forge_reads(options: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("template", [GITHUB, GITLAB], ids=["github", "gitlab"])
def test_a_template_installs_a_version_that_has_what_it_asks_for(template: Path) -> None:
    (wanted,) = re.findall(r"pip install '([^']+)'", template.read_text())
    assert Requirement(wanted).name == "servanda"
    assert version("servanda") in Requirement(wanted).specifier


def test_github_tells_of_a_break_although_the_check_failed() -> None:
    told = steps()[[step.get("run", "").startswith("servanda check") for step in steps()].index(True) + 1 :]

    assert told
    assert [step["name"] for step in told if "!cancelled()" not in step["if"]] == []


def test_github_puts_no_command_together_from_what_somebody_wrote() -> None:
    assert [command for command in commands(GITHUB) if "${{" in command] == []


def test_github_asks_a_fork_for_no_right_to_write() -> None:
    (writing,) = [step for step in steps() if "upload-sarif" in step.get("uses", "")]

    assert "github.event.pull_request.head.repo.full_name == github.repository" in writing["if"]


def test_github_shows_a_break_at_its_line_and_fails(branched: Desk, summary: Path) -> None:
    merged(branched, "breaking")

    check, told = run(GITHUB, branched)

    assert check.returncode == 1
    assert f"::error file={PROTO},line=3," in check.stdout
    assert told.returncode == 0
    assert "FIELD_NO_DELETE" in summary.read_text()


def test_github_passes_a_change_that_breaks_nothing(branched: Desk, summary: Path) -> None:
    merged(branched, "harmless")

    assert [done.returncode for done in run(GITHUB, branched)] == [0, 0]


def test_github_says_how_to_fetch_a_history_that_is_missing(branched: Desk, summary: Path, tmp_path: Path) -> None:
    merged(branched, "breaking")

    check, _ = run(GITHUB, shallow(branched, tmp_path))

    assert (check.returncode, check.stdout) == (2, "")
    assert "'fetch-depth: 0'" in check.stderr


@KINDS
def test_gitlab_fails_a_change_that_breaks(branched: Desk, variables: Variables) -> None:
    (check,) = run(GITLAB, branched, variables(branched, "breaking"))

    assert check.returncode == 1
    assert re.findall(r"^(\S+): error: (\S+)\n  FIELD_NO_DELETE ", check.stdout, re.MULTILINE) == [
        (f"{PROTO}:3:1", "shop.v1.Order.quantity")
    ]
    assert "Item" not in check.stdout


@KINDS
def test_gitlab_passes_a_change_that_breaks_nothing(branched: Desk, variables: Variables) -> None:
    (check,) = run(GITLAB, branched, variables(branched, "harmless"))

    assert check.returncode == 0, check.stderr


@KINDS
def test_gitlab_says_how_to_fetch_a_history_that_is_missing(
    branched: Desk, variables: Variables, tmp_path: Path
) -> None:
    environment = variables(branched, "breaking")

    (check,) = run(GITLAB, shallow(branched, tmp_path), environment)

    assert (check.returncode, check.stdout) == (2, "")
    assert "'GIT_DEPTH: 0'" in check.stderr


@pytest.mark.parametrize("template", [GITHUB, GITLAB], ids=["github", "gitlab"])
def test_what_a_template_takes_from_the_report_is_in_it(branched: Desk, summary: Path, template: Path) -> None:
    environment = of_merged_results(branched, "breaking")

    run(template, branched, environment)

    taken = set(re.findall(r"servanda-report/[\w./-]+", template.read_text()))
    assert taken
    assert [path for path in taken if not (branched.folder / path).is_file()] == []


def test_a_pull_request_gets_neither_secrets_nor_a_token_that_may_write_contents() -> None:
    workflow = yaml.safe_load(GITHUB.read_text())

    # YAML takes the key "on" for a boolean.
    assert set(workflow[True]) == {"pull_request", "merge_group"}
    assert workflow["permissions"] == {"contents": "read"}
    assert "secrets." not in GITHUB.read_text()
