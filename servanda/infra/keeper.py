"""Stores that several processes use together, for as long as one of them, their owner, lives.

The owner holds a lock in a folder. The first process that needs a store starts a keeper for it: a process that brings
it up, writes its address into the folder, and waits for the owner's lock. It gets it when the owner lets go or dies,
``kill -9`` included, and then stops the store.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Self

from filelock import FileLock, Timeout

from servanda.configuration import Store
from servanda.errors import InfrastructureError, ServandaError
from servanda.extensions import STORES
from servanda.infra.endpoints import Endpoints
from servanda.infra.provision import start
from servanda.infra.selection import choose
from servanda.infra.store import store_kind
from servanda.processes import Detached, isolated_python

_OWNER = "owner.lock"
# In the folder of each store.
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
        for kept in _kept(self.folder):
            with suppress(Timeout, OSError):
                FileLock(kept / _KEEPER).acquire(timeout=_STOP_SECONDS)
        shutil.rmtree(self.folder, ignore_errors=True)


def known(folder: Path) -> Endpoints | None:
    """Return the stores that were brought up for the owner of this folder, if any were."""
    stores: dict[Store, Mapping[str, object]] = {}
    for kept in _kept(folder):
        with suppress(FileNotFoundError):
            stores |= json.loads((kept / _ENDPOINTS).read_text())
    return Endpoints.from_document({store: stores[store] for store in STORES.ordered(stores)}) if stores else None


def obtain(folder: Path, stores: Iterable[Store] | None = None, mode: str | None = None) -> Endpoints:
    """Return stores of the owner of this folder; the first who asks for one waits until it is up. Safe among processes.

    Args:
        folder: The owner's.
        stores: What is needed, and nothing else is started; by default the stores that come with the suite.
        mode: Way of providing them, see :func:`servanda.infra.choose`; the first who asks decides.

    Raises:
        InfrastructureError: One could not be brought up; everybody who asks for it is told the same.
        ExtensionError: There is no such store, or the distribution that adds it is broken.
    """
    names = STORES.built_in if stores is None else stores
    wanted = tuple(store_kind(store).name for store in STORES.ordered(names))
    with ExitStack() as starting:
        # In one order, so that two who want some of the same do not wait for each other.
        for store in wanted:
            (folder / store).mkdir(mode=0o700, exist_ok=True)
            starting.enter_context(FileLock(folder / store / _STARTING))
        missing = [store for store in wanted if not _is_decided(folder / store)]
        keepers = {store: _launch(folder, store, mode) for store in missing}
        for store, keeper in keepers.items():
            _await(folder / store, keeper)
    for store in wanted:
        if (folder / store / _ERROR).exists():
            raise InfrastructureError(**json.loads((folder / store / _ERROR).read_text()))
    found = known(folder) or Endpoints()
    return Endpoints(MappingProxyType({store: found[store] for store in wanted}))


def _kept(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(path for path in folder.iterdir() if path.is_dir())) if folder.is_dir() else ()


def _is_decided(kept: Path) -> bool:
    return (kept / _ENDPOINTS).exists() or (kept / _ERROR).exists()


def _launch(folder: Path, store: Store, mode: str | None) -> Detached:
    # It decides how the store is provided, for which it needs all that the environment says about it.
    command = isolated_python(Path(__file__), str(folder), store, mode or "")
    return Detached(command, os.environ, folder / store / _LOG)


def _await(kept: Path, keeper: Detached) -> None:
    while not _is_decided(kept):
        if keeper.ended:
            _write(kept / _ERROR, {"what": "the process that keeps the store died", "hint": keeper.said or None})
        time.sleep(_PAUSE)


def _keep(folder: Path, store: Store, mode: str) -> None:
    kept = folder / store
    with FileLock(kept / _KEEPER):
        try:
            with start([store], choose(mode or None, os.environ, stores=[store])) as endpoints:
                _write(kept / _ENDPOINTS, endpoints.to_document())
                _await_end(folder)
        except ServandaError as error:
            _write(kept / _ERROR, {"what": error.what, "where": error.where, "hint": error.hint})
            _await_end(folder)
    shutil.rmtree(kept, ignore_errors=True)
    if not _kept(folder):
        shutil.rmtree(folder, ignore_errors=True)


def _await_end(folder: Path) -> None:
    with FileLock(folder / _OWNER):
        pass  # let go of it at once: other keepers wait for it too


def _write(path: Path, document: object) -> None:
    # Endpoints hold passwords.
    draft = path.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(document))
    draft.rename(path)


if __name__ == "__main__":
    _keep(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
