"""The templates of pipelines are valid, and their commands do what they are copied for."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import metadata, version
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from packaging.requirements import Requirement

from servanda.cli import main
from servanda.report.markdown import MARKERS
from tests.unit.interfaces.conftest import ORDER, WITHOUT_QUANTITY, Desk

TEMPLATES = Path(__file__).parents[3] / "templates"
GITHUB = TEMPLATES / "github" / "servanda.yml"
GITLAB = TEMPLATES / "gitlab" / "servanda.gitlab-ci.yml"
GITHUB_FILES = sorted((TEMPLATES / "github").glob("*.yml"))
GITLAB_FILES = sorted((TEMPLATES / "gitlab").glob("*.yml"))
TOX = TEMPLATES / "tox" / "tox.ini"
EVERY = pytest.mark.parametrize("template", [*GITHUB_FILES, *GITLAB_FILES, TOX], ids=lambda path: path.name)
OF_GITHUB = pytest.mark.parametrize("template", GITHUB_FILES, ids=lambda path: path.name)
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


def schema_options(template: Path) -> tuple[str, ...]:
    forge = template.parent.name
    return (
        (f"vendor.{forge}-workflows",) if forge == "github" else ("vendor.gitlab-ci", "--data-transform", "gitlab-ci")
    )


@pytest.mark.parametrize("template", [*GITHUB_FILES, *GITLAB_FILES], ids=lambda path: path.name)
def test_a_template_has_the_form_that_its_forge_reads(template: Path) -> None:
    options = ("--builtin-schema", *schema_options(template), str(template))
    command = [sys.executable, "-m", "check_jsonschema", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_documentation_has_the_form_that_its_host_reads() -> None:
    file = TEMPLATES.parent / ".readthedocs.yaml"
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.readthedocs", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@OF_GITHUB
def test_a_linter_of_workflows_has_nothing_to_object_to(template: Path) -> None:
    program = shutil.which("actionlint")
    if program is None:
        pytest.skip("no actionlint on this host")
    done = subprocess.run([program, str(template)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@EVERY
def test_a_template_installs_a_version_that_has_what_it_asks_for(template: Path) -> None:
    wanted = re.findall(r"servanda(?:\[\w+\])?>=[\d.]+,<\d+", template.read_text())
    offered = set(metadata("servanda").get_all("Provides-Extra", []))
    assert wanted
    for each in map(Requirement, wanted):
        assert version("servanda") in each.specifier
        assert each.extras <= offered


@EVERY
def test_every_command_of_a_template_is_understood(template: Path) -> None:
    lines = re.findall(r"^\s*(?:- |run: |commands = )?(servanda [a-z].*)$", template.read_text(), re.MULTILINE)
    lines = [re.sub(r"\{posargs:(.*)\}", r"\1", line) for line in lines]
    assert lines or template == GITLAB
    for line in lines:
        name, *arguments = shlex.split(line)[1:]
        command = main.get_command(click.Context(main), name)
        assert command is not None
        command.make_context(name, arguments)


@pytest.mark.parametrize("folder", ["github", "gitlab", "tox"])
def test_there_are_templates_that_check_verify_and_decide(folder: str) -> None:
    text = "\n".join(path.read_text() for path in (TEMPLATES / folder).iterdir())

    assert set(re.findall(r"^[^#\n]*\bservanda (check|verify|gate)\b", text, re.MULTILINE)) == {
        "check",
        "verify",
        "gate",
    }


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


def workflow(template: Path) -> dict[Any, Any]:
    found = yaml.safe_load(template.read_text())
    assert isinstance(found, dict)
    return found


@OF_GITHUB
def test_a_pull_request_gets_neither_secrets_nor_a_token_that_may_write_contents(template: Path) -> None:
    # YAML takes the key "on" for a boolean.
    events, told = workflow(template)[True], workflow(template)
    granted = {job: each.get("permissions", {}) for job, each in told["jobs"].items()}

    assert told["permissions"] == {"contents": "read"}
    assert all(each.get("contents", "read") == "read" for each in granted.values())
    assert "pull_request_target" not in events
    assert "secrets." not in template.read_text() or "pull_request" not in events


@OF_GITHUB
def test_what_runs_the_code_of_a_pull_request_may_write_nothing(template: Path) -> None:
    for job in workflow(template)["jobs"].values():
        commands = "\n".join(step.get("run", "") for step in job["steps"])
        if re.search(r"^servanda (gate|verify)", commands, re.MULTILINE):
            assert job.get("permissions") is None
        writes = {name for name, right in job.get("permissions", {}).items() if right == "write"}
        if "pull-requests" in writes:
            assert "servanda" not in re.findall(r"^\s*(\w+)", commands, re.MULTILINE)
            assert not any(step.get("uses", "").startswith("actions/checkout") for step in job["steps"])


COMMENTING = pytest.mark.parametrize("template", [GITHUB, GITHUB.with_name("servanda-gate.yml")], ids=["check", "gate"])
GH = """#!{python}
import json, pathlib, sys
arguments, kept = sys.argv[1:], pathlib.Path({kept!r})
comments = json.loads(kept.read_text())
address = next(each for each in arguments if each.startswith("repos/"))
if "--method" not in arguments:
    print(json.dumps(comments))
    sys.exit()
body = pathlib.Path(arguments[arguments.index("-F") + 1].removeprefix("body=@")).read_text(encoding="utf-8")
if arguments[arguments.index("--method") + 1] == "POST":
    comments.append({{"id": len(comments) + 1, "user": {{"login": "github-actions[bot]"}}, "body": body}})
else:
    comments[int(address.rpartition("/")[2]) - 1]["body"] = body
kept.write_text(json.dumps(comments))
"""


@pytest.fixture
def comments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The comments of a pull request, behind a program ``gh`` that keeps them in a file."""
    if shutil.which("jq") is None:
        pytest.skip("no jq on this host: apt-get install jq")
    kept, programs = tmp_path / "comments.json", tmp_path / "programs"
    programs.mkdir()
    (programs / "gh").write_text(GH.format(python=sys.executable, kept=str(kept)))
    (programs / "gh").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    kept.write_text(json.dumps([{"id": 1, "user": {"login": "somebody"}, "body": "<!-- servanda --> mine"}]))
    return kept


def comment(template: Path, folder: Path, body: str) -> None:
    """Run the step that comments, with this report."""
    (step,) = [each for each in workflow(template)["jobs"]["comment"]["steps"] if "MARKER" in each.get("env", {})]
    (folder / "servanda-report").mkdir(exist_ok=True)
    (folder / "servanda-report" / "verdict.md").write_text(f"{step['env']['MARKER']}\n{body}\n", encoding="utf-8")
    environment = {**os.environ, "MARKER": step["env"]["MARKER"], "REPOSITORY": "shop/shop", "NUMBER": "7"}
    subprocess.run(["bash", "-e", "-o", "pipefail", "-c", step["run"]], cwd=folder, env=environment, check=True)


@COMMENTING
def test_the_second_run_writes_the_comment_of_the_first_one_anew(
    template: Path, comments: Path, tmp_path: Path
) -> None:
    comment(template, tmp_path, "broken")
    comment(template, tmp_path, "held")

    told = [each["body"] for each in json.loads(comments.read_text())]
    assert told[0] == "<!-- servanda --> mine"
    assert [text.splitlines()[1] for text in told[1:]] == ["held"]


def test_check_and_gate_have_a_comment_each(comments: Path, tmp_path: Path) -> None:
    for template in (GITHUB, GITHUB.with_name("servanda-gate.yml")):
        comment(template, tmp_path, "held")

    assert len(json.loads(comments.read_text())) == 3


def test_a_report_that_is_too_long_for_a_comment_is_cut_between_characters(comments: Path, tmp_path: Path) -> None:
    comment(GITHUB, tmp_path, "é" * 70_000)

    (_, told) = json.loads(comments.read_text())
    assert 50_000 < len(told["body"].encode()) <= 60_000


@COMMENTING
def test_a_comment_is_found_by_the_first_line_that_the_report_has(template: Path) -> None:
    marker = workflow(template)["jobs"]["comment"]["steps"][1]["env"]["MARKER"]

    assert marker == MARKERS[0 if template == GITHUB else 1]
