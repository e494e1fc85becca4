"""Stores that several processes use together, for as long as one of them, their owner, lives.

The owner holds a lock in a folder. The first process that needs the stores starts a keeper: a process that brings them
up, writes their addresses into the folder, and waits for the owner's lock. It gets it when the owner lets go or dies,
``kill -9`` included, and then stops the stores.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from servanda.configuration import Store
from servanda.errors import InfrastructureError, ServandaError
from servanda.infra.endpoints import Endpoints
from servanda.infra.provision import start
from servanda.infra.selection import choose
from servanda.processes import Detached, isolated_python

_OWNER = "owner.lock"
_KEEPER = "keeper.lock"
_STARTING = "starting.lock"
_ENDPOINTS = "endpoints.json"
_ERROR = "error.json"
_LOG = "keeper.log"
_PAUSE = 0.02
_STOP_SECONDS = 60


class Owner:
    """Owns the stores of a session; as a context, until its end."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="servanda-session-"))
        self._lock = FileLock(self.folder / _OWNER)

    def __enter__(self) -> Self:
        self._lock.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()
        with suppress(Timeout, OSError):
            FileLock(self.folder / _KEEPER).acquire(timeout=_STOP_SECONDS)
        shutil.rmtree(self.folder, ignore_errors=True)


def known(folder: Path) -> Endpoints | None:
    """The stores that were brought up for the owner of this folder, if any were."""
    with suppress(FileNotFoundError):
        return Endpoints.from_document(json.loads((folder / _ENDPOINTS).read_text()))
    return None


def obtain(folder: Path, stores: Iterable[Store] = tuple(Store), mode: str | None = None) -> Endpoints:
    """The stores of the owner of this folder; the first who asks waits until they are up. Safe among processes.

    Args:
        folder: The owner's.
        stores: What is needed; the first who asks decides.
        mode: Way of providing them, see :func:`servanda.infra.choose`.

    Raises:
        InfrastructureError: They could not be brought up; everybody who asks is told the same.
    """
    with FileLock(folder / _STARTING):
        if not (folder / _ENDPOINTS).exists() and not (folder / _ERROR).exists():
            _await(folder, _launch(folder, stores, mode))
    endpoints = known(folder)
    if endpoints is None:
        raise InfrastructureError(**json.loads((folder / _ERROR).read_text()))
    return endpoints


def _launch(folder: Path, stores: Iterable[Store], mode: str | None) -> Detached:
    # It decides how stores are provided, for which it needs all that the environment says about them.
    return Detached(isolated_python(Path(__file__), str(folder), mode or "", *stores), os.environ, folder / _LOG)


def _await(folder: Path, keeper: Detached) -> None:
    while not (folder / _ENDPOINTS).exists() and not (folder / _ERROR).exists():
        if keeper.ended:
            _write(folder / _ERROR, {"what": "the process that keeps the stores died", "hint": keeper.said or None})
        time.sleep(_PAUSE)


def _keep(folder: Path, mode: str, stores: Iterable[Store]) -> None:
    with FileLock(folder / _KEEPER):
        try:
            with start(stores, choose(mode or None, os.environ)) as endpoints:
                _write(folder / _ENDPOINTS, endpoints.to_document())
                FileLock(folder / _OWNER).acquire()
        except ServandaError as error:
            _write(folder / _ERROR, {"what": error.what, "where": error.where, "hint": error.hint})
    shutil.rmtree(folder, ignore_errors=True)


def _write(path: Path, document: object) -> None:
    # Endpoints hold passwords.
    draft = path.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(document))
    draft.rename(path)


if __name__ == "__main__":
    _keep(Path(sys.argv[1]), sys.argv[2], [Store(name) for name in sys.argv[3:]])
