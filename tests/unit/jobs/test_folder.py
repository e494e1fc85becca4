"""Results on disk: kept by content, and refused by name where one is not as it should be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from servanda.errors import JobError
from servanda.jobs import sealed
from servanda.jobs.folder import ResultFolder, collected
from servanda.verdict import Outcome
from tests.unit.jobs.conftest import document, interaction, job, result

JOBS = document()
ONE, TWO = JOBS.jobs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the results of all jobs."""
    kept = ResultFolder(tmp_path / "results")
    for each in JOBS.jobs:
        kept.keep(each, sealed(result(each)), "it")
    return tmp_path / "results"


def test_all_results_are_collected_from_several_folders(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "artifacts" / "of-job-2"
    other.mkdir(parents=True)
    (folder / f"{TWO.hash}.json").rename(other / "any-name.json")
    assert collected(JOBS, [folder, tmp_path / "artifacts"]) == {each.hash: result(each) for each in JOBS.jobs}


def missing(folder: Path) -> None:
    (folder / f"{TWO.hash}.json").unlink()


def doubled(folder: Path) -> None:
    (folder / "copy.json").write_bytes((folder / f"{ONE.hash}.json").read_bytes())


def foreign(folder: Path) -> None:
    (folder / "other.json").write_text(sealed(result(job("elsewhere"))))


def damaged(folder: Path) -> None:
    file = folder / f"{ONE.hash}.json"
    file.write_text(file.read_text().replace("held", "hold"))


def gone(folder: Path) -> None:
    folder.rename(folder.with_name("moved"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (missing, r"1 of 2 jobs gave no result: job 2 \(stock with web\)"),
        (doubled, r"the result of job 1 \(shop with web\) is there twice"),
        (foreign, "which is not among these jobs"),
        (damaged, "is damaged"),
        (gone, "there is no such folder of results"),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_results_that_cannot_be_judged_are_told_by_name(
    folder: Path, change: Callable[[Path], None], said: str
) -> None:
    change(folder)
    with pytest.raises(JobError, match=said):
        collected(JOBS, [folder])


def test_the_result_of_another_job_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="the result is that of job"):
        ResultFolder(tmp_path).keep(ONE, sealed(result(TWO)), "job 1")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_or_uncertain_result_is_obtained_again(folder: Path) -> None:
    kept = ResultFolder(folder)
    damaged(folder)
    assert set(kept.certain(JOBS.jobs)) == {TWO.hash}
    kept.keep(TWO, sealed(result(TWO, interaction("stock", outcome=Outcome.UNKNOWN))), "it")
    assert kept.certain(JOBS.jobs) == {}
