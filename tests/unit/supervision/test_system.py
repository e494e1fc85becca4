from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from servanda.configuration import Secrets, Service
from servanda.errors import ConfigurationError, SupervisionError
from servanda.supervision import Instance, Plan, Source, attach, start

Server = Callable[..., Service]
Plans = Callable[..., Plan]


def modes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mode & 0o777 for path in (folder, *folder.rglob("*"))}


async def test_another_command_finds_a_running_system_by_its_state_file(server: Server, plan: Plans) -> None:
    planned = plan(server("a"), namespace="n1")
    async with start(planned) as running:
        attached = attach(planned.folder / "state.json", planned.configuration, planned.environ)
        assert attached.address("a", "http") == running.address("a", "http")
        assert attached.service("a").environment == running.service("a").environment
        assert attached.service("a").alive
        assert attached.placeholders.values == running.placeholders.values


async def test_the_state_file_is_for_its_owner_only_and_goes_with_the_system(server: Server, plan: Plans) -> None:
    planned = plan(server("a"))
    async with start(planned):
        kept = {"run": 0o700, "logs": 0o700, "state.json": 0o600, "a.log": 0o600}
        assert modes(planned.folder).items() >= kept.items()
        assert set(modes(planned.folder)) == {*kept, ".gitignore"}
    with pytest.raises(SupervisionError, match="no platform is running\nhint: start it with: servanda up"):
        attach(planned.folder / "state.json", planned.configuration, planned.environ)


async def test_the_state_file_names_the_variables_of_a_service_and_holds_no_value(server: Server, plan: Plans) -> None:
    planned = plan(server("a"), environ={**os.environ, "API_TOKEN": "open-sesame"})
    async with start(planned) as running:
        attached = attach(planned.folder / "state.json", planned.configuration, planned.environ)
        text = (planned.folder / "state.json").read_text()
        assert "API_TOKEN" in text
        assert "open-sesame" not in f"{text} {planned} {running} {attached} {running.service('a')._launch}"


async def test_attaching_to_a_system_whose_service_died_is_refused(server: Server, plan: Plans) -> None:
    planned = plan(server("a"))
    async with start(planned) as running:
        await running.service("a").kill()
        with pytest.raises(SupervisionError, match="service 'a' is no longer running"):
            attach(planned.folder / "state.json", planned.configuration, planned.environ)


@pytest.mark.parametrize("text", ["", "[]", '{"instances": [{}]}', '{"instances": [{"service": "a", "pid": "x"}]}'])
def test_a_malformed_state_file_is_refused(server: Server, plan: Plans, text: str) -> None:
    planned = plan(server("a"))
    planned.folder.mkdir()
    path = planned.folder / "state.json"
    path.write_text(text)
    with pytest.raises(SupervisionError, match=r"is not a state file of this configuration|invalid JSON"):
        attach(path, planned.configuration, planned.environ)


async def test_journeys_learn_the_ports_of_services(server: Server, plan: Plans) -> None:
    async with start(plan(server("a"), server("b"))) as running:
        filled = running.fill({"URL": "http://127.0.0.1:{b.port.http}"}, "end-to-end.environment", Secrets(Path(), {}))
        assert filled == {"URL": f"http://{running.address('b', 'http')}"}
        with pytest.raises(ConfigurationError, match=r"unknown placeholder '\{c\.port\.http\}'"):
            running.fill({"URL": "{c.port.http}"}, "end-to-end.environment", Secrets(Path(), {}))


async def test_asking_for_what_does_not_run_is_refused(server: Server, plan: Plans) -> None:
    async with start(plan(server("a"))) as running:
        with pytest.raises(SupervisionError, match="service 'b' is not running\nhint: running services: a"):
            running.address("b", "http")
        with pytest.raises(SupervisionError, match="has no port 'grpc'\nhint: its ports: http"):
            running.address("a", "grpc")


async def test_a_process_is_given_the_secrets_that_its_environment_names(server: Server, plan: Plans) -> None:
    planned = plan(server("a", environment={"HTTP_PORT": "{port.http}", "A_TOKEN": "x-{env.A}-{file.token}"}))
    (planned.configuration.root / "token").write_text("of-a-file\n", encoding="utf-8")
    planned = replace(planned, environ={**planned.environ, "A": "1"})

    async with start(planned) as running:
        attached = attach(planned.folder / "state.json", planned.configuration, planned.environ)
        written = (planned.folder / "state.json").read_text(encoding="utf-8")

        assert running.service("a").environment["A_TOKEN"] == "x-1-of-a-file"
        assert attached.service("a").environment["A_TOKEN"] == "x-1-of-a-file"
        assert "of-a-file" not in written


async def test_versions_of_other_sources_have_the_generated_secrets_of_the_project(
    tmp_path_factory: pytest.TempPathFactory, server: Server, plan: Plans
) -> None:
    service = server("a", environment={"HTTP_PORT": "{port.http}", "PASSWORD": "{generated.A_PASSWORD}"})
    older = Instance("a", "1.0", Source(tmp_path_factory.mktemp("older")))
    planned = plan(service)
    newer = Instance("a", "2.0", Source(planned.configuration.root))

    async with start(replace(planned, instances={older: service, newer: service})) as running:
        passwords = {instance.environment["PASSWORD"] for instance in running.of_service("a")}

        assert passwords == {Secrets(planned.configuration.root, {}).fill("{generated.A_PASSWORD}", "here")}
