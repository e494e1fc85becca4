"""Two versions of one service, side by side from two checkouts, on the same stores."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio

from servanda.configuration import Secrets, load
from servanda.pact import PactFile
from servanda.pact import load as load_pact
from servanda.supervision import Instance, Plan, Running, Source, attach, configured, start
from servanda.verdict import Outcome
from servanda.verification import verify

pytestmark = pytest.mark.asyncio(loop_scope="module")

SHOP = Path(__file__).parents[2] / "samples" / "versions"


def checkout(folder: Path, version: str) -> Instance:
    shutil.copytree(SHOP, folder)
    (folder / "VERSION").write_text(version)
    return Instance("shop", version, Source(folder, f"commit-of-{version}"))


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    folder = tmp_path_factory.mktemp("versions")
    instances = [checkout(folder / "old", "1.2.0"), checkout(folder / "new", "2.0.0")]
    (folder / "shelf").mkdir()
    configuration = load(folder / "new" / "servanda.toml")
    environ = {**os.environ, "SHELF": f"{folder}/shelf"}
    return Plan(configuration, folder / "run", environ, instances=configured(instances, configuration))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(plan: Plan) -> AsyncIterator[Running]:
    async with start(plan) as system:
        yield system


async def answer(running: Running, name: str) -> dict[str, object]:
    async with httpx2.AsyncClient(trust_env=False) as client:
        answered: dict[str, object] = (await client.get(f"http://{running.address(name, 'http')}/")).json()
        return answered


def expects(folder: Path, version: str) -> PactFile:
    response = {"status": 200, "body": {"version": version, "books": [f"put there by {version}"]}}
    interaction = {
        "description": "a book",
        "providerStates": [{"name": "a book exists"}],
        "request": {"method": "GET", "path": "/"},
        "response": response,
    }
    document = {
        "consumer": {"name": "reader"},
        "provider": {"name": "shop"},
        "interactions": [interaction],
        "metadata": {"pactSpecification": {"version": "3.0.0"}},
    }
    (folder / "pact.json").write_text(json.dumps(document))
    return load_pact(folder / "pact.json")


async def test_each_version_runs_the_code_of_its_own_checkout(running: Running, plan: Plan) -> None:
    answers = {name: await answer(running, name) for name in running.names}
    assert {name: (told["version"], Path(str(told["folder"])).name) for name, told in answers.items()} == {
        "shop@1.2.0": ("1.2.0", "old"),
        "shop@2.0.0": ("2.0.0", "new"),
    }


async def test_the_name_of_the_service_is_that_of_its_current_version(running: Running) -> None:
    assert running.address("shop", "http") == running.address("shop@2.0.0", "http")
    filled = running.fill(
        {"NEW": "{shop.port.http}", "OLD": "{shop@1.2.0.port.http}"}, "end-to-end.environment", Secrets(Path(), {})
    )
    ports = [running.address(name, "http").partition(":")[2] for name in ("shop@2.0.0", "shop@1.2.0")]
    assert list(filled.values()) == ports


async def test_versions_are_migrated_in_the_order_in_which_they_were_deployed(running: Running, plan: Plan) -> None:
    assert Path(plan.environ["SHELF"]).with_name("migrations").read_text() == "1.2.0\n2.0.0\n"


async def test_each_version_has_a_log_of_its_own(running: Running, plan: Plan) -> None:
    logs = {path.name: path.read_text() for path in (plan.folder / "logs").glob("*.log")}
    assert logs == {f"shop@{version}.log": f"serving version {version}\n" for version in ("1.2.0", "2.0.0")}


async def test_the_state_file_names_the_instances_by_which_they_are_found(running: Running, plan: Plan) -> None:
    path = plan.folder / "state.json"
    entries = json.loads(path.read_text())["instances"]
    assert [(entry["service"], entry["version"], entry["source"]["commit"]) for entry in entries] == [
        ("shop", "1.2.0", "commit-of-1.2.0"),
        ("shop", "2.0.0", "commit-of-2.0.0"),
    ]
    attached = attach(path, plan.configuration, plan.environ)
    assert tuple(attached.instances) == tuple(running.instances)
    assert [attached.address(name, "http") for name in attached.names] == [
        running.address(name, "http") for name in running.names
    ]


@pytest.mark.parametrize(("version", "other"), [("1.2.0", "2.0.0"), ("2.0.0", "1.2.0")])
async def test_both_versions_are_verified_each_with_its_own_states(
    running: Running, plan: Plan, tmp_path: Path, version: str, other: str
) -> None:
    results = await verify([expects(tmp_path, version)], running, plan.configuration)
    assert {result.version: result.outcome for result in results} == {version: Outcome.HELD, other: Outcome.BROKEN}
    assert [result.version for result in results] == ["1.2.0", "2.0.0"]


@pytest.mark.parametrize(("killed", "left"), [("shop@1.2.0", "shop@2.0.0"), ("shop@2.0.0", "shop@1.2.0")])
async def test_the_end_of_one_version_is_not_that_of_the_other(running: Running, killed: str, left: str) -> None:
    await running.service(killed).kill()
    assert not running.service(killed).alive
    assert (await answer(running, left))["version"] == left.partition("@")[2]
    await running.service(killed).restart()
    assert (await answer(running, killed))["version"] == killed.partition("@")[2]


async def test_the_death_of_a_version_leaves_its_own_results_unknown(
    running: Running, plan: Plan, tmp_path: Path
) -> None:
    await running.service("shop@1.2.0").kill()
    old, new = await verify([expects(tmp_path, "2.0.0")], running, plan.configuration)
    await running.service("shop@1.2.0").restart()
    assert (old.outcome, new.outcome) == (Outcome.UNKNOWN, Outcome.HELD)
    assert "the provider 'shop@1.2.0' ended" in old.reasons[0].message


async def test_one_version_stops_while_the_other_serves(running: Running) -> None:
    await running.service("shop@2.0.0").stop()
    assert (await answer(running, "shop@1.2.0"))["version"] == "1.2.0"
    await running.service("shop@2.0.0").start()
