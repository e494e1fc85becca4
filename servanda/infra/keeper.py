"""Stores that several processes use together, for as long as one of them lives.

Every process that uses them, a user, holds a lock in a folder that all of them know. Who needs a store that nobody
brought up yet starts a keeper. That process brings up what is missing, writes the addresses into the folder, and waits
until no user is left. A user leaves by letting go of its lock or by dying, ``kill -9`` included; then the keeper stops
its stores. A bring-up that failed is written there, too: everybody who asks is told the same.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self
from uuid import uuid4

from filelock import FileLock, Timeout

from servanda.configuration import Store
from servanda.errors import InfrastructureError, ServandaError
from servanda.extensions import STORES
from servanda.infra.endpoints import Endpoints
from servanda.infra.events import Event, StoreFailed
from servanda.infra.provision import start
from servanda.infra.selection import choose
from servanda.infra.store import store_kind
from servanda.processes import Detached, isolated_python

_USERS = "user-*.lock"
_KEEPERS = "keeper-*.lock"
_STARTING = "starting.lock"
_PAUSE = 0.02
_STOP_SECONDS = 60


class StoreUser:
    """A process that uses the stores of a folder, from its first request until ``leave``.

    Args:
        folder: The folder that the processes of one run share; made when it is needed. Its name must not be guessable.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # Whichever thread of the process asks first, all of them hold it.
        self._lock = FileLock(folder / f"user-{uuid4().hex}.lock", thread_local=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()
        wait_for_keepers(self.folder)

    def obtain(self, stores: Iterable[Store] | None = None, mode: str | None = None) -> Endpoints:
        """Return the addresses of these stores; those that nobody asked for before are brought up, all at once.

        Args:
            stores: What is needed, and nothing else is started; by default the stores that come with the suite.
            mode: Provisioning of the stores, see :func:`servanda.infra.choose`.

        Raises:
            InfrastructureError: They could not be brought up; everybody who asks is told the same.
            ExtensionError: There is no such store, or the distribution that adds it is broken.
            ConfigurationError: The folder of what is kept between runs cannot be used.
        """
        names = STORES.built_in if stores is None else stores
        wanted = tuple(store_kind(store).name for store in STORES.ordered(names))
        with _starting(self.folder):
            if not self._lock.is_locked:
                self._lock.acquire()
            if missing := _missing(self.folder, wanted):
                _bring_up(self.folder, missing, mode)
            endpoints = known(self.folder)
        return Endpoints(MappingProxyType({store: endpoints.stores[store] for store in wanted}))

    def leave(self) -> None:
        """Let go of the stores; they are stopped when nobody else uses them."""
        self._lock.release()


@contextmanager
def _starting(folder: Path) -> Iterator[None]:
    """Hold the lock of who starts stores, in a folder that is there: until then the last keeper may remove it."""
    lock = FileLock(folder / _STARTING)
    is_held = False
    while not is_held:
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            lock.acquire()
            is_held = Path(lock.lock_file).exists()
            if not is_held:
                lock.release()
        except FileNotFoundError:
            pass
        except FileExistsError:
            # Also said of a folder that is removed while it is made.
            if folder.exists() and not folder.is_dir():
                raise
    try:
        yield
    finally:
        lock.release()


def known(folder: Path) -> Endpoints:
    """Return the stores that are up for the users of this folder."""
    found: dict[str, Any] = {}
    for store in STORES.names():
        with suppress(FileNotFoundError):
            found[store] = json.loads(_endpoint(folder, store).read_text(encoding="utf-8"))
    return Endpoints.from_document(found)


def wait_for_keepers(folder: Path) -> None:
    """Wait until the stores that nobody uses any more are gone, and remove the folder; at most a minute."""
    until = time.monotonic() + _STOP_SECONDS
    for path in folder.glob(_KEEPERS):
        with suppress(Timeout, OSError), FileLock(path, timeout=max(0.0, until - time.monotonic())):
            pass
    shutil.rmtree(folder, ignore_errors=True)


def _endpoint(folder: Path, store: Store) -> Path:
    return folder / f"{store}.json"


def _error(folder: Path, store: Store) -> Path:
    return folder / f"{store}.error.json"


def _missing(folder: Path, wanted: Iterable[Store]) -> tuple[Store, ...]:
    """Return the stores that have to be brought up; raises if one of the others could not be."""
    missing = tuple(store for store in wanted if not _endpoint(folder, store).exists())
    for store in missing:
        with suppress(FileNotFoundError):
            raise _told(json.loads(_error(folder, store).read_text(encoding="utf-8")))
    return missing


def _told(document: dict[str, Any]) -> InfrastructureError:
    return InfrastructureError(document["what"], where=document["where"], hint=document["hint"])


def _bring_up(folder: Path, stores: tuple[Store, ...], mode: str | None) -> None:
    name = uuid4().hex
    log, outcome = folder / f"keeper-{name}.log", folder / f"keeper-{name}.json"
    # It decides how stores are provided, for which it needs all that the environment says about them.
    keeper = Detached(isolated_python(Path(__file__), str(folder), name, mode or "", *stores), os.environ, log)
    while not outcome.exists():
        if keeper.ended and not outcome.exists():
            what = f"the process that keeps {', '.join(stores)} died before they were ready"
            _fail(folder, name, stores, InfrastructureError(what, hint=keeper.said or None))
        time.sleep(_PAUSE)
    error = json.loads(outcome.read_text(encoding="utf-8"))
    if error is not None:
        raise _told(error)


def _keep(folder: Path, name: str, mode: str, stores: tuple[Store, ...]) -> None:
    events: list[Event] = []
    with _listed(folder, name):
        try:
            with start(stores, choose(mode or None, os.environ, stores=stores), events.append) as endpoints:
                for store, document in endpoints.to_document().items():
                    _write(_endpoint(folder, store), document)
                _write(folder / f"keeper-{name}.json", None)
                _wait_for_users(folder, stores)
        except ServandaError as error:
            # The others were given up because of these, and can still be asked for.
            failed = [each.store for each in events if isinstance(each, StoreFailed) and each.reason == error.what]
            _fail(folder, name, failed or stores, error)
            _wait_for_users(folder, ())


def _fail(folder: Path, name: str, stores: Iterable[Store], error: ServandaError) -> None:
    document = {"what": error.what, "where": error.where, "hint": error.hint}
    for each in stores:
        _write(_error(folder, each), document)
    _write(folder / f"keeper-{name}.json", document)


def _wait_for_users(folder: Path, stores: Iterable[Store]) -> None:
    """Return when no user is left; from then on nobody is told of these stores any more."""
    while True:
        for path in folder.glob(_USERS):
            with suppress(OSError), FileLock(path):
                pass
        # Who asks while this decides waits, and then finds the stores gone.
        with FileLock(folder / _STARTING):
            if all(_free(path) for path in folder.glob(_USERS)):
                for store in stores:
                    _endpoint(folder, store).unlink(missing_ok=True)
                return


@contextmanager
def _listed(folder: Path, name: str) -> Iterator[None]:
    """Hold the lock that says that this keeper lives; the last one removes the folder."""
    own = FileLock(folder / f"keeper-{name}.lock")
    with own:
        yield
    with suppress(OSError), FileLock(folder / _STARTING):
        if all(_free(path) for pattern in (_KEEPERS, _USERS) for path in folder.glob(pattern)):
            shutil.rmtree(folder, ignore_errors=True)


def _free(path: Path) -> bool:
    with suppress(OSError):
        try:
            with FileLock(path, timeout=0):
                return True
        except Timeout:
            return False
    return True


def _write(path: Path, document: object) -> None:
    # Endpoints hold passwords.
    draft = path.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(document), encoding="utf-8")
    draft.rename(path)


if __name__ == "__main__":
    _keep(Path(sys.argv[1]), sys.argv[2], sys.argv[3], tuple(sys.argv[4:]))
