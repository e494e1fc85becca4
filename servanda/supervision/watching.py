"""Starting services again whose files change."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

from servanda.configuration import Configuration
from servanda.errors import ConfigurationError
from servanda.extras import require
from servanda.supervision.fleet import Running
from servanda.supervision.restarts import Restarts

_MOST_NAMES = 3


def watched(configuration: Configuration) -> Mapping[str, tuple[Path, ...]]:
    """Return what is watched, by service.

    Raises:
        ConfigurationError: No service says what, or there is no such file.
        MissingExtraError: The library that watches is not installed.
    """
    require("watch", where="servanda up --watch")
    root = configuration.root.resolve()
    found = {name: tuple(root / each for each in service.watch) for name, service in configuration.services.items()}
    if not any(found.values()):
        hint = 'add watch = ["FOLDER"] to [services.NAME]'
        raise ConfigurationError("no service says which of its files are watched", hint=hint)
    for name, paths in found.items():
        for path in paths:
            if not path.exists():
                what = f"there is no file or folder '{path.relative_to(root)}'"
                raise ConfigurationError(what, where=f"services.{name}.watch")
    return found


async def watch(root: Path, paths: Mapping[str, tuple[Path, ...]], running: Running, restarts: Restarts) -> None:
    """Reload each service some of whose files changed, until this is cancelled.

    Args:
        root: Folder that the files are told from.
        paths: What is watched, see :func:`watched`.
        running: The system, which says in which order.
        restarts: Reloads.
    """
    # An extra. Changes that follow each other closely come together, and what editors and Python leave is none.
    from watchfiles import awatch  # noqa: PLC0415

    services = tuple(dict.fromkeys(instance.service for instance in running.instances))
    every = {path for service in services for path in paths.get(service, ())}
    top = await asyncio.to_thread(root.resolve)
    async for changes in awatch(*every):
        changed = sorted({Path(path) for _, path in changes})
        for service in services:
            own = [path for path in changed if any(path.is_relative_to(each) for each in paths.get(service, ()))]
            if own:
                await restarts.reload(service, _names(own, top))


def _names(changed: list[Path], root: Path) -> tuple[str, ...]:
    names = tuple(str(path.relative_to(root)) for path in changed)
    more = len(names) - _MOST_NAMES
    return (*names[:_MOST_NAMES], f"and {more} more") if more > 0 else names
