"""Filling a running platform with data."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from servanda.configuration import Secrets, Service, Up
from servanda.errors import ConfigurationError, SupervisionError
from servanda.supervision import Plan, seed, start

Server = Callable[..., Service]
Plans = Callable[..., Plan]


async def seeded(planned: Plan, command: tuple[str, ...], environment: Mapping[str, str]) -> str:
    """Seed a running system, and return the port of its service."""
    configuration = replace(planned.configuration, up=Up(command, environment))
    async with start(planned) as running:
        await seed(configuration, running, os.environ)
        return running.address("a", "http").rpartition(":")[2]


async def test_a_seed_runs_in_the_folder_of_the_configuration_with_ports_and_secrets(
    server: Server, plan: Plans
) -> None:
    planned = plan(server("a"))
    program = "import os; open('found', 'w').write(os.environ['PORT'] + ' ' + os.environ['PASSWORD'])"

    port = await seeded(
        planned, ("{python}", "-c", program), {"PORT": "{a.port.http}", "PASSWORD": "{generated.DEMO_PASSWORD}"}
    )

    root = planned.configuration.root
    assert (root / "found").read_text() == f"{port} {Secrets(root, {}).fill('{generated.DEMO_PASSWORD}', 'here')}"


async def test_without_a_seed_nothing_runs(server: Server, plan: Plans) -> None:
    await seeded(plan(server("a")), (), {"PORT": "{no.such.placeholder}"})


async def test_a_seed_that_fails_is_told_with_its_last_lines(server: Server, plan: Plans) -> None:
    with pytest.raises(SupervisionError, match="the seed ended with code 1") as raised:
        await seeded(plan(server("a")), ("{python}", "-c", "import sys; sys.exit('no such table')"), {})

    assert raised.value.hint == "the last lines of its output:\n  no such table"


async def test_a_seed_whose_program_is_not_there_is_told(server: Server, plan: Plans) -> None:
    with pytest.raises(SupervisionError, match="the program 'no-such' cannot be found"):
        await seeded(plan(server("a")), ("no-such",), {})


async def test_a_seed_with_an_unknown_placeholder_is_refused_at_its_key(server: Server, plan: Plans) -> None:
    with pytest.raises(ConfigurationError, match=r"up\.environment\.PORT: unknown placeholder '\{b\.port\.http\}'"):
        await seeded(plan(server("a")), ("{python}",), {"PORT": "{b.port.http}"})
