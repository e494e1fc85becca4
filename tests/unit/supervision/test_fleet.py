"""Instances that are exchanged while others run."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from servanda.configuration import Service
from servanda.errors import SupervisionError
from servanda.supervision import Event, Fleet, Instance, Migrated, Output, Plan, Ready, Source, Started, Stopped

Server = Callable[..., Service]
Plans = Callable[..., Plan]


def of(folder: Path, service: str, version: str, python: str = "") -> Instance:
    return Instance(service, version, Source(folder, python=python))


def told(events: list[Event]) -> list[tuple[type, str]]:
    return [(type(event), event.instance) for event in events if not isinstance(event, Output)]


async def test_a_new_instance_is_ready_before_the_old_one_ends(server: Server, plan: Plans, tmp_path: Path) -> None:
    old, new = of(tmp_path, "a", "1"), of(tmp_path, "a", "2")
    events: list[Event] = []
    fleet = Fleet(plan(server("a"), instances={old: server("a"), new: server("a")}), events.append)
    try:
        assert (await fleet.become([old])).names == ("a@1",)
        assert (await fleet.become([new])).names == ("a@2",)
    finally:
        await fleet.close()
    assert told(events) == [
        (Started, "a@1"),
        (Ready, "a@1"),
        (Started, "a@2"),
        (Ready, "a@2"),
        (Stopped, "a@1"),
        (Stopped, "a@2"),
    ]


async def test_what_stays_is_not_restarted(server: Server, plan: Plans, tmp_path: Path) -> None:
    old, new = of(tmp_path, "a", "1"), of(tmp_path, "a", "2")
    fleet = Fleet(plan(server("a"), instances={old: server("a"), new: server("a")}))
    try:
        before = (await fleet.become([old])).service("a@1").pid
        running = await fleet.become([old, new])
        assert running.names == ("a@1", "a@2")
        assert running.service("a@1").pid == before
        assert running.service("a").instance == new
    finally:
        await fleet.close()


async def test_a_version_is_migrated_once(server: Server, plan: Plans, tmp_path: Path) -> None:
    migrating = server("a", migrate=("{python}", "-c", "print('migrating')"))
    old, new = of(tmp_path, "a", "1"), of(tmp_path, "a", "2")
    events: list[Event] = []
    fleet = Fleet(plan(migrating, instances={old: migrating, new: migrating}), events.append)
    await fleet.migrate([old])
    await fleet.migrate([new, old])
    await fleet.migrate([old])
    assert [event.instance for event in events if isinstance(event, Migrated)] == ["a@1", "a@2"]


async def test_the_commands_of_a_version_are_run_by_its_own_python(server: Server, plan: Plans, tmp_path: Path) -> None:
    link = tmp_path / "its-own-python"
    link.symlink_to(sys.executable)
    said = server("a", migrate=("{python}", "-c", "import sys; print(sys.orig_argv[0])"))
    events: list[Event] = []
    old = of(tmp_path, "a", "1", str(link))
    await Fleet(plan(said, instances={old: said}), events.append).migrate([old])
    assert [event.line for event in events if isinstance(event, Output)] == [str(link)]


async def test_nothing_is_left_of_an_exchange_that_fails(server: Server, plan: Plans, tmp_path: Path) -> None:
    broken = server("a", command=("{python}", "-c", "raise SystemExit(3)"))
    old, new = of(tmp_path, "a", "1"), of(tmp_path, "a", "2")
    fleet = Fleet(plan(server("a"), instances={old: server("a"), new: broken}))
    service = (await fleet.become([old])).service("a@1")
    with pytest.raises(SupervisionError):
        await fleet.become([new])
    await fleet.close()
    assert not service.alive
    assert fleet.running.names == ()
