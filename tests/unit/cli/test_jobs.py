"""``servanda jobs`` and ``servanda run-job`` as somebody types them wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from servanda.cli import main
from servanda.jobs import sealed, written
from servanda.jobs.folder import ResultFolder
from tests.unit.jobs.conftest import document, result

SHOP = '[services.shop]\ncommand = ["shop"]\n[services.stock]\ncommand = ["stock"]\n'
JOBS = document()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder outside of git with a document of jobs."""
    (tmp_path / "servanda.toml").write_text(SHOP, encoding="utf-8")
    (tmp_path / "jobs.json").write_text(written(JOBS), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("verify", "--jobs", "x.json", "--broker"), "--broker cannot be part of one"),
        (("verify", "--jobs", "x.json", "shop", "--provider-url", "http://127.0.0.1:1"), "--provider-url cannot be"),
        (("versions", "--jobs", "x.json", "--shrink"), "--shrink is for a run"),
        (("verify", "--jobs", "x.json", "--prune-statements"), "--prune-statements cannot be part of one"),
        (("verify", "--on", "local", "--publish"), "--publish cannot be part of one"),
        (("verify", "--on", "local", "--rerun-failed"), "leave out --rerun-failed, or --on"),
        (("verify", "--on", "local", "--jobs", "x.json"), "--on and --jobs exclude each other"),
        (("verify", "--results", "results"), "--results is for jobs that are run"),
        (("versions", "--on", "local", "--only", "0"), "--only is for a run, and --on cuts it into jobs"),
        (("versions", "--on", "local", "--shrink"), "leave out --shrink, or --on"),
        (("versions", "--on", "local", "--dry-run"), "--dry-run is for a run"),
        (("versions", "--on", "local", "--jobs", "x.json"), "--on and --jobs exclude each other"),
        (("versions", "--on", "locl"), "did you mean 'local'?"),
        (("verify", "--on", "local", "--results", "jobs.json"), "expected a folder of results, found a file"),
        (("versions", "--workers", "2"), "--workers is for jobs that are run"),
        (("jobs", "nowhere.json"), "cannot be read"),
        (("jobs", "servanda.toml"), "is no document of jobs"),
        (("jobs", "jobs.json", "--on", "locl"), "did you mean 'local'?"),
        (("jobs", "jobs.json", "--on", "local://x"), "this machine has no address"),
        (("jobs", "jobs.json", "--on", "local"), "not a git repository"),
        (("jobs", "jobs.json", "--on", "local", "--merge", "."), "--on and --merge exclude each other"),
        (("jobs", "jobs.json", "--workers", "2"), "--workers is for jobs that are run"),
        (("jobs", "jobs.json", "--merge", "nowhere"), "there is no such folder of results"),
        (("jobs", "jobs.json", "--merge", "."), "2 of 2 jobs gave no result"),
        (("run-job", "jobs.json", "7"), "there is no job '7'"),
        (("run-job", "jobs.json"), "no job is named"),
    ],
)
def test_what_cannot_be_meant_is_told(desk: Path, arguments: tuple[str, ...], said: str) -> None:
    if arguments[-1] == ".":
        (desk / "jobs.json").rename(desk.parent / "jobs.json")
        arguments = tuple(str(desk.parent / each) if each == "jobs.json" else each for each in arguments)
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


def test_the_jobs_are_listed(desk: Path) -> None:
    one, two = JOBS.jobs
    assert run("jobs", "jobs.json").stdout.splitlines() == [
        f"   1  {one.short}       1 s  shop with web",
        f"   2  {two.short}       1 s  stock with web",
        "2 jobs of the stage providers, about 2 s one after the other",
    ]


def test_results_are_merged_into_a_verdict(desk: Path) -> None:
    folder = ResultFolder(desk / "results")
    for job in JOBS.jobs:
        folder.keep(job, sealed(result(job)), "it")
    done = run("jobs", "jobs.json", "--merge", "results")
    assert (done.exit_code, "verdict yes: providers held (2 interactions)" in done.stdout) == (0, True)


def test_the_index_of_a_pod_names_a_job(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOB_COMPLETION_INDEX", "2")
    assert "there is no job '3'" in run("run-job", "jobs.json").stderr
