"""Recordings of consumers' tests as files: where they are written, and when one is left as it is."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Final

from servanda.cache import cache_folder
from servanda.configuration import find, load, revision
from servanda.documents import Boundary, write_text
from servanda.errors import ConfigurationError
from servanda.interfaces.protobuf.usage.catalogue import Catalogue
from servanda.interfaces.protobuf.usage.proven import interface_of
from servanda.interfaces.usage.log import Noted, Recording, dump
from servanda.interfaces.usage.log import load as load_recording
from servanda.interfaces.usage.sources import usage_logs_folder
from servanda.interfaces.usage.use import Observation
from servanda.recording.usage.recorder import Recorder

USAGE_DIR: Final = "SERVANDA_USAGE_DIR"
"""Environment variable that names the folder to write to."""


class InterfaceAtHand:
    """The present interface of the repository, compiled when somebody asks for it first."""

    def __init__(self, start: Path) -> None:
        self._start = start

    def __call__(self) -> Catalogue | None:
        """The interface; ``None`` if the repository has none.

        Raises:
            ConfigurationError: There is no configuration.
            InterfaceError: It does not compile.
        """
        return self._found

    @cached_property
    def _found(self) -> Catalogue | None:
        configuration = load(find(self._start))
        if not configuration.interfaces.root.is_dir():
            return None
        present, *_ = interface_of(configuration, cache_folder(os.environ))
        return Catalogue(present)


def write(start: Path, recorders: Iterable[Recorder], *, refresh: bool) -> list[str]:
    """Write a recording for each consumer into the folder that the environment names, else beside the pacts.

    A file that says the same already keeps its date: since that day nothing changed.

    Args:
        start: Where the configuration is looked for.
        recorders: What was noted.
        refresh: Whether to date such a file anew.

    Returns:
        What became of each file.

    Raises:
        ConfigurationError: There is no configuration, or a file cannot be written.
        ContractError: The file of a consumer is no recording.
    """
    configuration = load(find(start))
    folder = Path(os.environ.get(USAGE_DIR) or usage_logs_folder(configuration))
    version, date = _version(configuration.root), dt.datetime.now(tz=dt.UTC).date().isoformat()
    told = []
    for recorder in sorted(recorders, key=lambda each: each.consumer):
        path = folder / f"{recorder.consumer}.json"
        recording = _recording(recorder, Observation(recorder.consumer, date, str(path), version))
        told.append(f"{path}: {len({read.element for read in recording.reads})} elements read")
        Boundary.around(folder, ConfigurationError).inside(path)
        if not refresh and path.is_file() and same(load_recording(path), recording):
            told[-1] += ", as before"
        else:
            write_text(path, dump(recording), Boundary.around(folder, ConfigurationError))
    return told


def same(one: Recording, other: Recording) -> bool:
    """Whether two recordings say the same, whenever and of whatever commit."""
    undated = replace(one.observation, date="", version="", document="")
    return dump(replace(one, observation=undated)) == dump(
        replace(other, observation=replace(other.observation, date="", version="", document=""))
    )


def _recording(recorder: Recorder, observation: Observation) -> Recording:
    writes = None if recorder.writes is None else _first(recorder.writes)
    return Recording(observation, _first(recorder.reads), writes)


def _first(noted: Iterable[Noted]) -> tuple[Noted, ...]:
    """Of all tests that show the same the first by name: one is proof enough, and others come and go."""
    shown = {(each.element, each.transport, each.placed): each for each in sorted(noted, reverse=True)}
    return tuple(sorted(shown.values()))


def _version(root: Path) -> str:
    try:
        state = revision(root)
    except ConfigurationError:
        return ""  # outside git a recording has a date all the same
    return f"{state.commit[:12]}{'+' if state.dirty else ''}"
