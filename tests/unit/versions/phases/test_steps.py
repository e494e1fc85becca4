"""What concerns a step: instances, contracts and callers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

import pytest

from servanda.configuration import Limits, load
from servanda.errors import ConfigurationError, InfrastructureError
from servanda.supervision import Source
from servanda.verification import ProviderCode
from servanda.versions.phases.contracts import Contracts
from servanda.versions.phases.journeys import callers
from servanda.versions.phases.ready import Ready, instances_of, live_in, overrides_of, read_ready
from servanda.versions.phases.stores import require_stores
from servanda.versions.plan import Phase, Step, Version

CONFIGURATION = """
[contracts]
pacts = "pacts"
[end-to-end]
command = ["true"]
[services.edge]
command = ["true"]
[services.users]
command = ["true"]
"""
OLD, NEW = ("old",), ("new",)


@pytest.fixture
def version(tmp_path: Path) -> Callable[..., Ready]:
    def make(name: str, configuration: str = CONFIGURATION, **statuses: int) -> Ready:
        folder = tmp_path / name
        (folder / "pacts").mkdir(parents=True)
        (folder / "servanda.toml").write_text(configuration)
        for parties, status in statuses.items():
            consumer, _, provider = parties.partition("_")
            pact = {
                "consumer": {"name": consumer},
                "provider": {"name": provider},
                "interactions": [
                    {
                        "description": "a",
                        "request": {"method": "GET", "path": "/"},
                        "response": {"status": status},
                    }
                ],
                "metadata": {"pactSpecification": {"version": "3.0.0"}},
            }
            (folder / "pacts" / f"{consumer}-{provider}.json").write_text(json.dumps(pact))
        return Ready(Version(name), Source(folder), load(folder / "servanda.toml"))

    return make


def step(phase: Phase, edge: tuple[str, ...], users: tuple[str, ...]) -> Step:
    return Step(1, phase, MappingProxyType({"users": users, "edge": edge}))


def owed(step: Step, *versions: Ready) -> set[tuple[str, str]]:
    contracts = Contracts({ready.version.name: ready for ready in versions}, ProviderCode(Limits()))
    return {(f"{each.file.consumer}-{each.file.provider}", each.version) for each in contracts._owed(step)}


def test_a_live_consumer_brings_the_contract_of_its_version(version: Callable[..., Ready]) -> None:
    both = version("old", edge_users=200), version("new", edge_users=201)
    assert owed(step(Phase.ROLLING, OLD, ("old", "new")), *both) == {("edge-users", "old")}
    assert owed(step(Phase.ROLLING, ("old", "new"), NEW), *both) == {("edge-users", "old"), ("edge-users", "new")}
    assert owed(step(Phase.NEW, NEW, NEW), *both) == {("edge-users", "new")}


def test_callers_outside_are_old_until_all_services_are_new(version: Callable[..., Ready]) -> None:
    both = version("old", web_edge=200), version("new", web_edge=201)
    assert owed(step(Phase.ROLLING, ("old", "new"), NEW), *both) == {("web-edge", "old")}
    assert owed(step(Phase.NEW, NEW, NEW), *both) == {("web-edge", "old"), ("web-edge", "new")}
    assert [caller.version for caller in callers(step(Phase.ROLLED_BACK, OLD, OLD), _by_name(*both))] == ["old"]
    assert [caller.version for caller in callers(step(Phase.FORWARD, NEW, NEW), _by_name(*both))] == ["old", "new"]


def test_the_same_contract_of_two_versions_is_one(version: Callable[..., Ready]) -> None:
    both = version("old", web_edge=200), version("new", web_edge=200)
    assert owed(step(Phase.NEW, NEW, NEW), *both) == {("web-edge", "old")}


def test_a_version_that_does_not_have_a_service_yet_has_no_instance_of_it(version: Callable[..., Ready]) -> None:
    old, new = version("old", "[services.users]\ncommand = ['true']\n"), version("new")
    live = live_in(step(Phase.ROLLING, OLD, ("old", "new")), _by_name(old, new))
    assert [instance.name for instance in live] == ["users@old", "users@new"]


def test_each_of_two_instances_of_a_version_has_a_name_of_its_own(version: Callable[..., Ready]) -> None:
    ready = version("old")
    live = [each.name for each in live_in(step(Phase.ROLLING, OLD, ("old", "old")), {"old": ready})]
    assert live == ["users@old", "users@old#2", "edge@old"]
    assert set(live) <= {each.name for each in instances_of({"old": ready}, ["old"], 2)}


def test_a_version_that_names_no_variables_for_a_run_gets_those_of_the_candidate(version: Callable[..., Ready]) -> None:
    shorter = CONFIGURATION + '[services.users.versions_environment]\nRETRY = "1s"\n'
    longer = shorter.replace("1s", "2s")
    versions = {"older": version("older"), "old": version("old", longer), "new": version("new", shorter)}
    found = overrides_of(versions)
    assert [found[f"users@{name}"] for name in versions] == [{"RETRY": "1s"}, {"RETRY": "2s"}, {"RETRY": "1s"}]
    assert found["edge@old"] == {}


def test_a_version_from_before_the_configuration_is_refused(version: Callable[..., Ready], tmp_path: Path) -> None:
    here = version("here")
    (tmp_path / "here" / "then").mkdir()
    with pytest.raises(ConfigurationError, match="the version has no configuration"):
        read_ready(Version("then", "c"), Source(tmp_path / "here" / "then"), here.configuration)


def test_a_store_that_died_is_told_as_such() -> None:
    with pytest.raises(InfrastructureError, match="postgres died during the run"):
        require_stores({"postgres.host": "127.0.0.1", "postgres.port": "9", "redis.url": "redis://127.0.0.1:9"})


def _by_name(*versions: Ready) -> dict[str, Ready]:
    return {ready.version.name: ready for ready in versions}
