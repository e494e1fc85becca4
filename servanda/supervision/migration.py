"""Bringing the schemas of services up to date, before any of them is started."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable

from servanda.configuration import Service
from servanda.processes import make_private_folder
from servanda.supervision.events import Listener, Migrated, Output, describe_exit
from servanda.supervision.launch import Command, migration
from servanda.supervision.plan import Plan
from servanda.supervision.process import Process
from servanda.supervision.tasks import at_once


async def migrate(plan: Plan, services: Iterable[Service], listener: Listener) -> None:
    """Run the migrations of these services side by side.

    Raises:
        ConfigurationError: A migration names a placeholder that has no value.
        SupervisionError: A migration failed or took too long.
    """
    for folder in (plan.folder, plan.folder / "logs"):
        make_private_folder(folder)
    commands = {service.name: migration(plan, service) for service in services if service.migrate}
    await at_once({name: _migrate(command, plan.ready_seconds, listener) for name, command in commands.items()})


async def _migrate(command: Command, seconds: float, listener: Listener) -> None:
    name = command.service.name
    command.log.unlink(missing_ok=True)  # a log tells of one run
    started = time.monotonic()
    process = await Process.spawn(command, lambda line: listener(Output(name, line)))
    try:
        done, _ = await asyncio.wait([process.exited], timeout=seconds)
    finally:
        await process.kill()
    if not done:
        raise process.failed(f"its migration did not end within {seconds:g} s")
    if code := process.exited.result():
        raise process.failed(f"its migration ended {describe_exit(code)}")
    listener(Migrated(name, time.monotonic() - started))
