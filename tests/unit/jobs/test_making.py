"""Cutting: everything is in one job, and equal work makes equal jobs."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from servanda.configuration import Configuration, load
from servanda.errors import ConfigurationError, ContractError, JobError
from servanda.jobs import Job, jobs_of_contracts, jobs_of_plan
from servanda.jobs.inputs import inputs_of, require_same, tree
from servanda.verdict import DeployOrder
from servanda.verification import load_contracts
from servanda.versions.builds import named_version
from servanda.versions.plan import Plan, Version, make_plan
from tests.samples.wheels import write_wheel

SHOP = Path(__file__).parents[2] / "samples" / "jobs"


def git(folder: Path, *arguments: str) -> None:
    named = ("git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
    subprocess.run((*named, *arguments), cwd=folder, check=True)


@pytest.fixture
def shop(tmp_path: Path) -> Configuration:
    """The sample repository with one commit."""
    root = tmp_path / "shop"
    shutil.copytree(SHOP, root, ignore=shutil.ignore_patterns("__pycache__"))
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-qm", "one")
    return load(root / "servanda.toml")


def cut(shop: Configuration) -> tuple[Job, ...]:
    return jobs_of_contracts(load_contracts(shop), shop).jobs


def titles(shop: Configuration) -> list[str]:
    return [job.title for job in cut(shop)]


def test_each_provider_is_a_job(shop: Configuration) -> None:
    assert titles(shop) == ["shop with app, web", "stock with app, web"]
    assert [job.services for job in cut(shop)] == [("shop",), ("stock",)]


def test_a_provider_of_many_interactions_is_several_jobs_with_whole_consumers(shop: Configuration) -> None:
    found = load_contracts(shop)
    many = tuple(replace(file, interactions=file.interactions * 60) for file in found.files)
    jobs = jobs_of_contracts(replace(found, files=many), shop).jobs
    assert [job.title for job in jobs] == ["shop with app", "shop with web", "stock with app", "stock with web"]


def test_a_time_that_was_measured_is_expected_and_changes_no_hash(shop: Configuration) -> None:
    jobs = jobs_of_contracts(load_contracts(shop), shop, times={"shop with app, web": 42.0}).jobs
    assert [job.expected_seconds for job in jobs] == [42.0, 10.2]
    assert [job.hash for job in jobs] == [job.hash for job in cut(shop)]


def test_a_contract_that_changes_makes_another_job_of_its_provider_only(shop: Configuration) -> None:
    # What git ignores is no part of the tree, and a contract is read all the same.
    git(shop.root, "rm", "-q", "--cached", "-r", "pacts")
    (shop.root / ".gitignore").write_text("pacts\n")
    git(shop.root, "add", ".gitignore")
    git(shop.root, "commit", "-qm", "two")
    before = cut(shop)
    contract = shop.root / "pacts" / "web-stock.json"
    contract.write_text(contract.read_text().replace("3", "4"))
    assert [one.hash == other.hash for one, other in zip(before, cut(shop), strict=True)] == [True, False]


def test_a_contract_that_cannot_be_read_belongs_to_a_job(shop: Configuration) -> None:
    (shop.root / "pacts" / "web-stock.json").write_text("{")
    assert titles(shop) == ["shop with app, web", "stock with app, web"]
    assert "contract pacts/web-stock.json" in cut(shop)[1].inputs


def test_contracts_of_which_none_can_be_read_make_no_jobs(shop: Configuration) -> None:
    for contract in (shop.root / "pacts").iterdir():
        contract.unlink()
    (shop.root / "pacts" / "odd.json").write_text("{")
    with pytest.raises(ContractError, match="no contract can be read"):
        cut(shop)


def test_files_of_jobs_and_ignored_files_are_no_part_of_a_tree(shop: Configuration) -> None:
    clean = tree(shop.root)
    (shop.root / "jobs.json").write_text('{"format": "servanda-jobs", "version": 1}')
    assert tree(shop.root) == clean
    (shop.root / "new.py").touch()
    added = tree(shop.root)
    (shop.root / "service.py").chmod(0o755)
    assert len({clean, added, tree(shop.root)}) == 3
    (shop.root / "service.py").unlink()
    assert tree(shop.root).startswith(f"{clean}+")


def test_a_job_of_another_tree_is_refused_with_the_files_that_differ(shop: Configuration) -> None:
    first, *_ = cut(shop)
    (shop.root / "new.py").touch()
    with pytest.raises(JobError, match="job 1 was made for another tree") as caught:
        require_same(first, inputs_of(first.task, shop), "job 1", shop.root)
    assert "nor ignored by git: new.py" in str(caught.value.hint)


def plan(order: DeployOrder) -> Plan:
    live = [Version("one", "c" * 40), Version("two", "d" * 40)]
    return make_plan(live, Version("three"), ["shop", "stock"], order)


@pytest.mark.parametrize("order", [DeployOrder.PROVIDER_FIRST, DeployOrder.ANY])
def test_every_step_of_a_plan_is_in_a_job_that_can_be_taken_alone(shop: Configuration, order: DeployOrder) -> None:
    whole = plan(order)
    jobs = jobs_of_plan(whole, shop).jobs
    plans = [job.task.plan for job in jobs]
    assert {step.number for each in plans if each for step in each} == {step.number for step in whole}
    for each in plans:
        assert each is not None
        (run,) = each.runs
        assert [version.name for version in each.live] == [run.old]
        assert [step.number for step in run.steps] == sorted(step.number for step in run.steps)
        assert run.steps[0].title == "all old"


def test_a_rollback_is_a_job_with_what_it_rolls_back(shop: Configuration) -> None:
    jobs = jobs_of_plan(plan(DeployOrder.PROVIDER_FIRST), shop).jobs
    assert [job.title for job in jobs[:3]] == [
        "one to three: step 2 rolling: shop",
        "one to three: step 3 rolling: stock",
        "one to three: step 6 all new, rolled back, forward again",
    ]


def test_a_version_that_other_machines_do_not_have_is_refused(shop: Configuration) -> None:
    made = make_plan([Version("old", folder="./old")], Version("new"), ["shop"], DeployOrder.ANY)
    with pytest.raises(ConfigurationError, match="is a folder"):
        jobs_of_plan(made, shop)


def test_a_wheel_is_an_input_by_what_it_holds(shop: Configuration) -> None:
    (shop.root / ".gitignore").write_text("dist\n")
    write_wheel(shop.root / "dist", "shop", "1.0", {"shop.py": ""})
    live = named_version("./dist/shop-1.0-py3-none-any.whl", shop)
    made = make_plan([Version("old", "1" * 40), live], Version("new"), ["shop"], DeployOrder.ANY)
    jobs = jobs_of_plan(made, shop).jobs
    for each in jobs:
        require_same(each, inputs_of(each.task, shop), "it", shop.root)
    job = jobs[-1]
    assert job.inputs["wheel ./dist/shop-1.0-py3-none-any.whl"] == live.digest
    write_wheel(shop.root / "dist", "shop", "1.0", {"shop.py": "import os\n"})
    with pytest.raises(JobError, match=r"was made for another wheel \./dist/\S+: expected sha256:"):
        require_same(job, inputs_of(job.task, shop), "it", shop.root)
