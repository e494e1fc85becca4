"""Bringing the schemas of services up to date, before any of them is started."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable

from servanda.supervision.events import Listener, Migrated, Output, describe_exit
from servanda.supervision.instance import Instance
from servanda.supervision.launch import Command, migration
from servanda.supervision.plan import Plan, make_folders
from servanda.supervision.process import Process
from servanda.supervision.tasks import at_once


async def migrate(plan: Plan, instances: Iterable[Instance], listener: Listener) -> None:
    """Run the migrations of these instances: services side by side, those of one service one after the other.

    Raises:
        ConfigurationError: A migration names a placeholder that has no value.
        SupervisionError: A migration failed or took too long.
    """
    commands: dict[str, list[Command]] = {}
    for instance in instances:
        if plan.service_of(instance).migrate:
            commands.setdefault(instance.service, []).append(migration(plan, instance))
    if not commands:
        return
    make_folders(plan, "logs", "logs/migrations")
    seconds = plan.configuration.limits.migrate_seconds
    await at_once({service: _migrate_in_turn(turns, seconds, listener) for service, turns in commands.items()})


async def _migrate_in_turn(commands: Iterable[Command], seconds: float, listener: Listener) -> None:
    for command in commands:
        await _migrate(command, seconds, listener)


async def _migrate(command: Command, seconds: float, listener: Listener) -> None:
    name = command.instance.name
    command.log.unlink(missing_ok=True)  # a log tells of one run
    started = time.monotonic()
    process = await Process.spawn(command, lambda line: listener(Output(name, line)))
    try:
        done, _ = await asyncio.wait([process.exited], timeout=seconds)
    finally:
        await process.kill()
    if not done:
        raise process.failed(f"its migration did not end within {seconds:g} s (limits.migrate_seconds)")
    if code := process.exited.result():
        raise process.failed(f"its migration ended {describe_exit(code)}")
    listener(Migrated(name, time.monotonic() - started))
