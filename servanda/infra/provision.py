"""Bringing up the stores of a run, in parallel, under one deadline."""

from __future__ import annotations

import importlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from types import MappingProxyType
from typing import cast

from servanda.configuration import Store
from servanda.errors import InfrastructureError, ServandaError
from servanda.extras import missing
from servanda.infra.bringup import AbandonedError, BringUp, Running, Starter
from servanda.infra.choice import Choice, Provisioning
from servanda.infra.endpoints import Endpoints
from servanda.infra.events import Listener, StoreEnded, StoreFailed, StoreReady, StoreStarting, StoreStopped, ignore
from servanda.infra.store import store_kind

_WATCH_SECONDS = 0.5

FindStarter = Callable[[Provisioning, Store], Starter]


@contextmanager
def start(
    stores: Iterable[Store],
    choice: Choice,
    listener: Listener = ignore,
    *,
    deadline: float = 300.0,
    find_starter: FindStarter | None = None,
) -> Iterator[Endpoints]:
    """Provide the stores of a run, for as long as the context lasts.

    Args:
        stores: What is needed; only that is started.
        choice: How each is provided, see :func:`servanda.infra.choose`.
        listener: Told about progress, possibly from several threads at once.
        deadline: Seconds for all of them together. The first run on a host also downloads and prepares within it.
        find_starter: What brings a store up in some way; see :class:`servanda.infra.StoreKind` for the default.

    Raises:
        InfrastructureError: One of them could not be brought up; the others have been stopped. The error carries the
            last 50 lines of its log.
    """
    wanted = tuple(dict.fromkeys(stores))
    abandoned = threading.Event()
    until = time.monotonic() + deadline
    tasks = [BringUp(store, choice, listener, until, abandoned) for store in wanted]
    running: dict[Store, Running] = {}
    try:
        _bring_up(tasks, running, find_starter or _starter)
        with _watched(running, listener):
            yield Endpoints(MappingProxyType({store: running[store].endpoint for store in wanted}))
    finally:
        _stop(running, choice, listener)


def _bring_up(tasks: list[BringUp], running: dict[Store, Running], find_starter: FindStarter) -> None:
    if not tasks:
        return
    with ThreadPoolExecutor(len(tasks), thread_name_prefix="servanda-infra") as pool:
        pending: dict[Future[Running], Store] = {
            pool.submit(_start_one, task, find_starter): task.store for task in tasks
        }
        try:
            wait(pending, return_when=FIRST_EXCEPTION)
        finally:
            if any(not future.done() or future.exception() for future in pending):
                tasks[0].abandoned.set()
            wait(pending)
            running |= {store: future.result() for future, store in pending.items() if not future.exception()}
    errors = [error for future in pending if (error := future.exception())]
    if errors:
        raise _first_cause(errors)


def _first_cause(errors: list[BaseException]) -> BaseException:
    return next((error for error in errors if not isinstance(error, AbandonedError)), errors[0])


def _start_one(task: BringUp, find_starter: FindStarter) -> Running:
    kind = task.choice.kinds[task.store]
    began = time.monotonic()
    task.listener(StoreStarting(task.store, kind))
    try:
        running = _checked(task, find_starter(kind, task.store))
    except ServandaError as error:
        task.abandoned.set()
        task.listener(StoreFailed(task.store, error.what))
        raise
    task.listener(StoreReady(task.store, running.endpoint.fact, time.monotonic() - began))
    return running


def _checked(task: BringUp, starter: Starter) -> Running:
    try:
        return starter(task)
    except OSError as error:
        raise InfrastructureError(
            f"{task.store} could not be started: {error.strerror or error}",
            where=error.filename,
            hint="check free space and permissions there, or set SERVANDA_CACHE to another folder",
        ) from error


def require_way(kind: Provisioning, store: Store) -> None:
    """Ask for the libraries of one way of providing a store; nothing is started.

    Raises:
        InfrastructureError: A module is not installed.
        MissingExtraError: It is one of an extra.
    """
    _starter(kind, store)


def _starter(kind: Provisioning, store: Store) -> Starter:
    # By name, so that a way's own libraries are imported only when it is used.
    row = store_kind(store)
    try:
        module = importlib.import_module(f"{row.package}.{kind}")
    except ModuleNotFoundError as error:
        what = f"{store} as {kind} needs the module {error.name}, which is not installed"
        raise missing(error.name, where=f"{store} ({kind})") or InfrastructureError(what) from error
    return cast("Starter", module.start)


@contextmanager
def _watched(running: Mapping[Store, Running], listener: Listener) -> Iterator[None]:
    """Tell once of each store that ends without having been asked to."""
    over = threading.Event()
    watched = {store: one.server for store, one in running.items() if one.server is not None}

    def watch() -> None:
        while watched and not over.wait(_WATCH_SECONDS):
            for store, server in tuple(watched.items()):
                if (code := server.poll()) is not None:
                    del watched[store]
                    listener(StoreEnded(store, code))

    watching = threading.Thread(target=watch, name="servanda-infra-watch", daemon=True)
    watching.start()
    try:
        yield
    finally:
        over.set()
        watching.join()


def _stop(running: Mapping[Store, Running], choice: Choice, listener: Listener) -> None:
    if not running:
        return
    with ThreadPoolExecutor(len(running), thread_name_prefix="servanda-infra-stop") as pool:
        done = {store: pool.submit(one.stop) for store, one in running.items()}
    for store in done:
        if choice.kinds[store] is not Provisioning.EXTERNAL:
            listener(StoreStopped(store))
    for future in done.values():
        future.result()
