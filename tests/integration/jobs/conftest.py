"""Jobs that start nothing, and a small repository whose jobs do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from servanda.jobs import Job, Jobs, sealed
from servanda.jobs.inputs import tree
from servanda.jobs.running import Work
from servanda.processes import OutputBounds
from tests.unit.jobs.conftest import document, job, result

SHOP = Path(__file__).parents[2] / "samples" / "jobs"
FAKE = Path(__file__).with_name("fake_job.py")
EXECUTABLE = str(Path(sys.executable).with_name("servanda"))
Servanda = Callable[..., "subprocess.CompletedProcess[str]"]


def repository(folder: Path) -> Path:
    """Copy the sample repository, with one commit."""
    shutil.copytree(SHOP, folder, ignore=shutil.ignore_patterns("__pycache__"))
    named = ("git", "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
    for arguments in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-qm", "one")):
        subprocess.run((*named, *arguments), cwd=folder, check=True)
    return folder


@pytest.fixture(scope="session")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample repository, for who changes nothing in it."""
    return repository(tmp_path_factory.mktemp("sample") / "shop")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return repository(tmp_path / "shop")


@pytest.fixture
def servanda(shop: Path) -> Servanda:
    def run(*arguments: str, folder: Path = shop) -> subprocess.CompletedProcess[str]:
        environ = {**os.environ, "SERVANDA_INFRA": "auto"}
        return subprocess.run(
            (EXECUTABLE, *arguments), cwd=folder, env=environ, check=False, capture_output=True, text=True, timeout=300
        )

    return run


@dataclass(frozen=True)
class Desk:
    """Jobs that start nothing, and what each of them does.

    Attributes:
        folder: Tells each job what to do.
        suite: Takes the place of the suite.
    """

    folder: Path
    jobs: Jobs
    work: Work

    @property
    def suite(self) -> tuple[str, ...]:
        return (sys.executable, "-I", "-S", str(FAKE), str(self.folder))

    def kill(self, job: Job, times: int) -> None:
        (self.folder / f"{job.hash}.kills").write_text(str(times))

    def refuse(self, job: Job) -> None:
        (self.folder / f"{job.hash}.refused").touch()

    def wait(self, job: Job) -> None:
        (self.folder / f"{job.hash}.waits").touch()

    def processes(self, job: Job) -> list[int]:
        """Return the process of a job that waits, and those above it; none before it began."""
        file = self.folder / f"{job.hash}.began"
        return [int(each) for each in file.read_text().split()] if file.exists() else []

    def attempts(self, job: Job) -> int:
        file = self.folder / f"{job.hash}.attempts"
        return len(file.read_text()) if file.exists() else 0


@pytest.fixture
def desk(tmp_path: Path, unchanged: Path) -> Desk:
    """Six jobs that all have a result."""
    here = tree(unchanged)
    jobs = document(*(job(f"p{number}", seconds=float(number), tree=here) for number in range(6)))
    folder = tmp_path / "told"
    folder.mkdir()
    for each in jobs.jobs:
        (folder / f"{each.hash}.json").write_text(sealed(result(each)))
    bounds = OutputBounds(4096, 1 << 20)
    work = Work(jobs, jobs.jobs, unchanged, "servanda.toml", dict(os.environ), 2, 60.0, bounds, image="shop:1")
    return Desk(folder, jobs, work)


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """Address of a Dask cluster of two workers, started once for all."""
    from distributed import LocalCluster  # noqa: PLC0415 - it takes long, and most tests do without

    make: Any = LocalCluster  # it has no types
    with make(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", processes=True) as started:
        yield started.scheduler_address.removeprefix("tcp://")
