"""Usage logs as files: written beside the contracts, and left as they are while they say the same."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from servanda.cache import cache_folder
from servanda.configuration import Configuration, revision
from servanda.documents import Boundary, write_text
from servanda.errors import ConfigurationError
from servanda.interfaces.protobuf.usage.catalogue import Catalogue
from servanda.interfaces.protobuf.usage.proven import interface_of
from servanda.interfaces.usage.log import Noted, UsageLog, dump, load
from servanda.interfaces.usage.use import Observation
from servanda.pact.file_names import encoded
from servanda.recording.targets import usage_folder
from servanda.recording.usage.recorder import UsageRecorder


class InterfaceAtHand:
    """The present interface of the repository, compiled when somebody asks for it first."""

    def __init__(self, configuration: Callable[[], Configuration]) -> None:
        self._configuration = configuration

    def __call__(self) -> Catalogue | None:
        """Return the interface; ``None`` if the repository has none.

        Raises:
            ConfigurationError: There is no configuration.
            InterfaceError: It does not compile.
        """
        return self._found

    @cached_property
    def _found(self) -> Catalogue | None:
        configuration = self._configuration()
        if not configuration.interfaces.root.is_dir():
            return None
        present, *_ = interface_of(configuration, cache_folder(os.environ))
        return Catalogue(present)


def write(configuration: Configuration, recorders: Iterable[UsageRecorder], *, refresh: bool) -> list[str]:
    """Write a usage log for each consumer into the folder that the environment names, else beside the pacts.

    A file that says the same already keeps its date: since that day nothing changed.

    Args:
        configuration: The configuration of the repository.
        recorders: What was noted.
        refresh: Whether to date such a file anew.

    Returns:
        What became of each file.

    Raises:
        ConfigurationError: A file cannot be written.
        ContractError: The file of a consumer is no usage log.
    """
    folder = usage_folder(configuration)
    version, date = _version(configuration.root), dt.datetime.now(tz=dt.UTC).date().isoformat()
    told = []
    for recorder in sorted(recorders, key=lambda each: each.consumer):
        path = folder / f"{encoded(recorder.consumer)}.json"
        log = _log(recorder, Observation(recorder.consumer, date, str(path), version))
        told.append(f"{path}: {len({read.element for read in log.reads})} elements read")
        Boundary.around(folder, ConfigurationError).inside(path)
        if not refresh and path.is_file() and same(load(path), log):
            told[-1] += ", as before"
        else:
            write_text(path, dump(log), Boundary.around(folder, ConfigurationError))
    return told


def same(one: UsageLog, other: UsageLog) -> bool:
    """Tell whether two usage logs say the same, whenever and of whatever commit."""
    undated = replace(one.observation, date="", version="", document="")
    return dump(replace(one, observation=undated)) == dump(
        replace(other, observation=replace(other.observation, date="", version="", document=""))
    )


def _log(recorder: UsageRecorder, observation: Observation) -> UsageLog:
    writes = None if recorder.writes is None else _first(recorder.writes)
    return UsageLog(observation, _first(recorder.reads), writes)


def _first(noted: Iterable[Noted]) -> tuple[Noted, ...]:
    """Of all tests that show the same the first by name: one is proof enough, and others come and go."""
    shown = {(each.element, each.transport, each.placed): each for each in sorted(noted, reverse=True)}
    return tuple(sorted(shown.values()))


def _version(root: Path) -> str:
    try:
        state = revision(root)
    except ConfigurationError:
        return ""  # outside git a usage log has a date all the same
    return f"{state.commit[:12]}{'+' if state.dirty else ''}"
