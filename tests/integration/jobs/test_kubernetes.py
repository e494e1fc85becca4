"""Jobs on Kubernetes, as docs/how-to/scale-out.md tells of them; the API server is a fake."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest

from servanda.errors import ConfigurationError, JobError, LimitError
from servanda.jobs.folder import ResultFolder
from servanda.jobs.running import gather
from servanda.jobs.running.kubernetes import Kubernetes
from servanda.jobs.running.manifest import config_map, indexed_job
from tests.integration.jobs.conftest import EXECUTABLE, Desk, Servanda
from tests.integration.jobs.kubernetes_api import VERSION, Api, serving
from tests.integration.waiting import until
from tests.unit.jobs.conftest import job


@pytest.fixture
async def api(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Api]:
    async with serving(tmp_path, desk.suite, tmp_path) as started:
        monkeypatch.setenv("KUBECONFIG", str(started.kubeconfig))
        yield started


@pytest.mark.parametrize("version", ["1.31", VERSION, "1.37"])
def test_manifests_are_as_the_published_schema_says(desk: Desk, version: str) -> None:
    for manifest in (indexed_job("servanda-1", desk.work), config_map("servanda-1", desk.work)):
        kubernetes_validate.validate(manifest, version, strict=True)


def test_a_manifest_starts_one_pod_for_each_job_without_any_right(desk: Desk) -> None:
    made: dict[str, Any] = dict(indexed_job("servanda-1", replace(desk.work, workers=0)))
    spec, pod = made["spec"], made["spec"]["template"]["spec"]
    assert (spec["completionMode"], spec["completions"], spec["parallelism"]) == ("Indexed", 6, 6)
    assert (spec["backoffLimitPerIndex"], pod["restartPolicy"]) == (3, "Never")
    assert pod["automountServiceAccountToken"] is False


def test_what_a_config_map_cannot_hold_is_refused(desk: Desk) -> None:
    one = job("p" * 400_000)
    with pytest.raises(LimitError, match="more than the 1,000,000 of a ConfigMap"):
        config_map("servanda-1", replace(desk.work, document=desk.jobs.with_only([one]), jobs=(one,)))


async def test_only_jobs_without_a_result_are_sent(desk: Desk, api: Api, tmp_path: Path) -> None:
    folder = ResultFolder(tmp_path / "results")
    await gather(desk.work, Kubernetes(pause=0.05), folder)
    folder.path(desk.jobs.jobs[4]).unlink()
    await gather(desk.work, Kubernetes(pause=0.05), folder)
    assert api.created["Job"]["spec"]["completions"] == 1
    assert desk.attempts(desk.jobs.jobs[4]) == 2


async def test_a_log_without_a_whole_result_is_none(desk: Desk, api: Api, tmp_path: Path) -> None:
    file = desk.folder / f"{desk.jobs.jobs[1].hash}.json"
    file.write_text(file.read_text().replace("held", "hold"))
    (desk.folder / f"{desk.jobs.jobs[2].hash}.json").write_text("rotated away\n")
    with pytest.raises(JobError, match=r"2 of 6 jobs gave no result: job 2 .*, job 3") as caught:
        await gather(desk.work, Kubernetes(pause=0.05), ResultFolder(tmp_path / "results"))
    assert "is damaged" in str(caught.value.hint)


async def test_a_cluster_that_goes_away_is_told_and_what_it_finished_is_kept(
    desk: Desk, api: Api, tmp_path: Path
) -> None:
    waiting, folder = desk.jobs.jobs[5], ResultFolder(tmp_path / "results")
    desk.wait(waiting)
    running = asyncio.create_task(gather(desk.work, Kubernetes(pause=0.05), folder))

    async def has_all_but_one() -> bool:
        return len(folder.certain(desk.jobs.jobs)) == 5

    await until(has_all_but_one, 60)
    await api.go_away()
    with pytest.raises(JobError, match="the cluster refused or went away") as caught:
        await running
    assert caught.value.where == api.url


async def test_a_run_that_is_cancelled_removes_what_it_created(desk: Desk, api: Api, tmp_path: Path) -> None:
    for each in desk.jobs.jobs:
        desk.wait(each)
    running = asyncio.create_task(gather(desk.work, Kubernetes(pause=0.05), ResultFolder(tmp_path / "results")))

    async def has_begun() -> bool:
        return any(desk.processes(each) for each in desk.jobs.jobs)

    await until(has_begun, 60)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert api.deleted == ["Job", "ConfigMap"]


async def test_pods_without_an_image_are_refused_before_anything_is_created(desk: Desk, api: Api) -> None:
    with pytest.raises(ConfigurationError, match="pods need an image"):
        await Kubernetes().run(replace(desk.work, image=""), lambda _: None)
    assert api.created == {}


async def test_a_context_that_is_not_there_is_told(desk: Desk, api: Api) -> None:
    with pytest.raises(ConfigurationError, match="Context 'elsewhere' not found"):
        await Kubernetes("elsewhere").run(desk.work, lambda _: None)


async def test_a_machine_without_a_configuration_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    with pytest.raises(ConfigurationError, match="no cluster is configured"):
        await Kubernetes().run(desk.work, lambda _: None)


async def test_the_verdict_of_pods_is_that_of_this_machine_to_the_byte(
    shop: Path, servanda: Servanda, tmp_path: Path
) -> None:
    assert servanda("verify", "--jobs", "jobs.json").returncode == 0
    here = servanda("jobs", "jobs.json", "--on", "local", "--format", "json")
    assert here.returncode == 0, here.stderr
    place = ("--on", "kubernetes", "--image", "shop:1", "--results", str(tmp_path / "results"), "--format", "json")
    async with serving(tmp_path, (sys.executable, "-P", "-m", "servanda"), shop) as api:
        process = await asyncio.create_subprocess_exec(
            *(EXECUTABLE, "jobs", "jobs.json", *place),
            cwd=shop,
            env={**os.environ, "SERVANDA_INFRA": "auto", "KUBECONFIG": str(api.kubeconfig)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        output, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()
    assert output.decode() == here.stdout
