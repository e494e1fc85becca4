"""Jobs of a small repository, as docs/how-to/scale-out.md shows them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.integration.jobs.conftest import Servanda


@pytest.fixture
def jobs(shop: Path, servanda: Servanda) -> Path:
    """The document of jobs."""
    done = servanda("verify", "--jobs", "jobs.json")
    assert done.returncode == 0, done.stderr
    return shop / "jobs.json"


def test_the_verdict_is_the_same_however_the_jobs_are_run(
    shop: Path, jobs: Path, servanda: Servanda, tmp_path: Path
) -> None:
    told = []
    for workers in ("1", "2"):
        place = ("--on", "local", "--workers", workers, "--results", str(tmp_path / workers))
        done = servanda("jobs", "jobs.json", *place, "--format", "json")
        assert done.returncode == 0, done.stderr
        told.append(done.stdout)
    # Somewhere else: another checkout of the commit, one job after the other.
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(shop, elsewhere, ignore=shutil.ignore_patterns(".servanda"))
    for job in ("1", "2"):
        assert servanda("run-job", "jobs.json", job, "--results", "results", folder=elsewhere).returncode == 0
    told.append(servanda("jobs", "jobs.json", "--merge", str(elsewhere / "results"), "--format", "json").stdout)
    assert told[0] == told[1] == told[2]
    assert len(json.loads(told[0])["results"]) == 4


def test_a_second_run_starts_nothing_and_says_so(jobs: Path, servanda: Servanda, shop: Path) -> None:
    first = servanda("jobs", "jobs.json", "--on", "local")
    second = servanda("jobs", "jobs.json", "--on", "local")
    assert (first.returncode, second.returncode, first.stdout) == (0, 0, second.stdout)
    assert second.stderr.count("reused: an earlier run has its result") == 2
    # Whatever is found out of how long a job takes is no part of what it is.
    hashes = [job["hash"] for job in json.loads(jobs.read_text())["jobs"]]
    servanda("verify", "--jobs", "jobs.json")
    assert [job["hash"] for job in json.loads(jobs.read_text())["jobs"]] == hashes


def test_a_broken_contract_breaks_the_verdict_of_all_jobs(shop: Path, servanda: Servanda) -> None:
    service = shop / "service.py"
    service.write_text(service.read_text().replace('"count": 3', '"count": 4'))
    assert servanda("verify", "--jobs", "jobs.json").returncode == 0
    done = servanda("jobs", "jobs.json", "--on", "local")
    assert (done.returncode, "expected 3" in done.stdout) == (1, True), done.stdout


def test_a_job_of_another_tree_is_refused_by_name(jobs: Path, shop: Path, servanda: Servanda) -> None:
    (shop / "notes.txt").write_text("new")
    for command in (("run-job", "jobs.json", "1"), ("jobs", "jobs.json", "--on", "local")):
        done = servanda(*command)
        assert done.returncode == 2
        assert "job 1 (shop with app, web) was made for another tree" in done.stderr
        assert "notes.txt" in done.stderr


def test_a_service_that_does_not_start_gives_no_verdict(shop: Path, servanda: Servanda) -> None:
    text = (shop / "servanda.toml").read_text()
    broken = text.replace(
        '[services.stock]\ncommand = ["{python}", "service.py"]', '[services.stock]\ncommand = ["false"]'
    )
    (shop / "servanda.toml").write_text(broken)
    assert servanda("verify", "--jobs", "jobs.json").returncode == 0
    done = servanda("jobs", "jobs.json", "--on", "local")
    assert (done.returncode, done.stdout) == (2, "")
    assert "1 of 2 jobs gave no result: job 2 (stock with app, web)" in done.stderr
    assert "job 1 (shop with app, web) held" in done.stderr


def test_a_verification_that_is_run_as_jobs_gives_their_verdict(jobs: Path, servanda: Servanda, tmp_path: Path) -> None:
    by_file = servanda("jobs", "jobs.json", "--on", "local", "--results", str(tmp_path / "one"), "--format", "json")
    place = ("--on", "local", "--workers", "2", "--results", str(tmp_path / "two"))
    at_once = servanda("verify", *place, "--format", "json")
    assert (at_once.returncode, at_once.stdout) == (0, by_file.stdout)
    assert at_once.stderr.count(" held after ") == 2
    assert servanda("verify", *place).stderr.count("reused: an earlier run has its result") == 2


def test_a_report_in_the_tree_of_an_earlier_run_is_no_part_of_the_next_one(shop: Path, servanda: Servanda) -> None:
    command = ("verify", "stock", "--on", "local", "--report", "report.html")
    first, second = servanda(*command), servanda(*command)
    assert (first.returncode, second.returncode) == (0, 0), second.stderr
    assert second.stderr.count("reused: ") == 1
    assert (shop / "report.html").is_file()


def test_what_did_not_hold_in_jobs_is_known_to_the_next_verification(shop: Path, servanda: Servanda) -> None:
    service = shop / "service.py"
    service.write_text(service.read_text().replace('"count": 3', '"count": 4'))
    broken = servanda("verify", "--on", "local", "--format", "json")
    again = servanda("verify", "--rerun-failed", "--format", "json")
    assert (broken.returncode, again.returncode) == (1, 1), again.stderr
    told = json.loads(broken.stdout)["results"]
    failed = {each["interaction"] for each in told if each["outcome"] == "broken"}
    assert {each["interaction"] for each in json.loads(again.stdout)["results"]} == failed
    assert 0 < len(failed) < len(told)
