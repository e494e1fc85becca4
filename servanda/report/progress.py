"""Shows on standard error how far the stores of a run are."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table

from servanda.configuration import Store
from servanda.infra import (
    Event,
    Listener,
    StoreEnded,
    StoreFailed,
    StorePreparing,
    StoreReady,
    StoreStarting,
    StoreStopped,
)
from servanda.report.console import put, styled
from servanda.report.line import Part
from servanda.supervision import describe_exit


@contextmanager
def progress(console: Console) -> Iterator[Listener]:
    """Give a listener for :func:`servanda.infra.start`.

    On a terminal a line per store changes in place; elsewhere each event is a line of its own.

    Args:
        console: Where to.
    """
    if console.is_terminal:
        with _Rows(console) as rows:
            yield rows.tell
    else:
        yield lambda event: put(console, *store_parts(event))


class _Rows:
    """A row per store that is being brought up; gone as soon as nothing happens any more."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lock = threading.Lock()
        self._rows: dict[Store, Spinner] = {}
        self._live = Live(console=console, transient=True, refresh_per_second=12)

    def __enter__(self) -> _Rows:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def tell(self, event: Event) -> None:
        with self._lock:
            if isinstance(event, StoreStarting | StorePreparing):
                self._rows[event.store] = Spinner("dots", styled(*store_parts(event)))
            else:
                self._rows.pop(event.store, None)
                put(self._live.console, *store_parts(event))
            self._live.update(self._table(), refresh=True)

    def _table(self) -> Table:
        table = Table.grid()
        for spinner in self._rows.values():
            table.add_row(spinner)
        return table


def store_parts(event: Event) -> tuple[Part, ...]:
    """Return the line that tells of an event."""
    match event:
        case StoreStarting():
            return (f"{event.store}: starting ({event.kind})",)
        case StorePreparing():
            return (f"{event.store}: preparing {event.what}",)
        case StoreReady():
            told = f" after {event.seconds:.1f} s: {event.fact.version}, {event.fact.kind}"
            return (f"{event.store}: ready", "green"), told
        case StoreFailed():
            return (f"{event.store}: failed", "red"), f": {event.reason}"
        case StoreStopped():
            return ((f"{event.store}: stopped", "dim"),)
        case StoreEnded():
            lost = "; what it held is lost; end this run and start it again"
            return (f"{event.store}: ended {describe_exit(event.code)}, unexpectedly", "bold red"), lost
