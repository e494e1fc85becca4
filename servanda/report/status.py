"""Status screen of a running platform: a row for each store and each instance, which change in place."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from rich.console import Console
from rich.live import Live
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from servanda import infra
from servanda.report.console import put, styled
from servanda.report.progress import store_parts
from servanda.report.running import follow
from servanda.supervision import Changed, Event, Exited, Migrated, Output, Ready, Restarting, Started, Stopped, Waiting

_PER_SECOND: Final = 4
_LAST_LINES: Final = 5
_MINUTE: Final = 60
_HOUR: Final = 3600
# What loggers call the text of a line that is an object in JSON.
_TEXT_OF_A_LINE: Final = ("event", "message", "msg")

_BECOMES: Final[Mapping[type[Event], tuple[str, str]]] = MappingProxyType(
    {
        Started: ("starting", "yellow"),
        Exited: ("ended", "bold red"),
        Changed: ("reloads", "yellow"),
        Waiting: ("waits for a change", "bold red"),
        Stopped: ("stopped", "dim"),
    }
)


@dataclass(slots=True)
class _Row:
    version: str = ""
    ports: str = ""
    health: str = "waiting"
    style: str = "dim"
    restarts: int | None = None
    since: float | None = None
    line: str = ""

    def became(self, health: str, style: str, since: float | None = None) -> None:
        self.health, self.style, self.since = health, style, since


class StatusScreen:
    """A table below what is printed; it may be told from several threads at once.

    Args:
        console: Where to.
        versions: Version that each instance runs, by its name, in the order of their rows.
        hint: Said below the table.
        clock: Gives seconds that never go back.
    """

    def __init__(
        self, console: Console, versions: Mapping[str, str], hint: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stores: dict[str, _Row] = {}
        self._services = {name: _Row(version, restarts=0) for name, version in versions.items()}
        self._hint = hint
        self._clock = clock
        self._lock = threading.RLock()
        self._print = follow(versions, console, output=False)
        self._console = console
        self._live = self._drawing()

    def __enter__(self) -> StatusScreen:
        """Show it."""
        self._live.start(refresh=True)
        return self

    def __exit__(self, *_: object) -> None:
        """Take it away; what was printed stays."""
        self._live.stop()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Take it away for as long as something else is printed."""
        self._live.stop()
        try:
            yield
        finally:
            # Anew: the one before would erase as many lines as it had drawn.
            self._live = self._drawing()
            self._live.start(refresh=True)

    def store(self, event: infra.Event) -> None:
        """Note what happened to a store."""
        with self._lock:
            row = self._stores.setdefault(event.store, _Row())
            match event:
                case infra.StoreStarting():
                    row.version = str(event.kind)
                    row.became("starting", "yellow")
                case infra.StorePreparing():
                    row.line = f"preparing {event.what}"
                case infra.StoreReady():
                    row.line = event.fact.version
                    row.became("ready", "green", self._clock())
                case infra.StoreStopped():
                    row.became("stopped", "dim")
                case infra.StoreFailed() | infra.StoreEnded():
                    row.became("ended", "bold red")
        # Without the lock, because what draws the table holds a lock of its own when it asks for this one.
        if isinstance(event, infra.StoreFailed | infra.StoreEnded):
            put(self._console, *store_parts(event))

    def service(self, event: Event) -> None:
        """Note what happened to an instance."""
        with self._lock:
            row = self._services[event.instance]
            match event:
                case Migrated():
                    row.line = f"schema up to date after {event.seconds:.1f} s"
                case Output():
                    row.line = _text(event.line) or row.line
                case Ready():
                    row.ports = ", ".join(f"{name} {port}" for name, port in event.ports.items())
                    row.became("ready", "green", self._clock())
                case Restarting():
                    row.restarts = (row.restarts or 0) + 1
                    row.became(f"starts again in {event.seconds:g} s", "yellow")
                case _:
                    row.became(*_BECOMES[type(event)])
        if isinstance(event, Exited | Waiting):
            self._print(replace(event, lines=event.lines[-_LAST_LINES:]))
        elif isinstance(event, Changed | Restarting | Stopped):
            self._print(event)

    def health(self, name: str, unready: str) -> None:
        """Note what a look at a running instance saw: what keeps it from being ready; empty if it is."""
        with self._lock:
            row = self._services[name]
            # Of one that ended meanwhile the end is what counts.
            if row.since is not None:
                row.became(unready or "ready", "yellow" if unready else "green", row.since)

    def table(self) -> Padding:
        """Return the table as it is now, apart from what is above it."""
        with self._lock:
            table = Table(box=None, pad_edge=False, expand=True, caption=self._hint, caption_justify="left")
            for heading in ("service", "version", "ports", "health"):
                table.add_column(heading, no_wrap=True, overflow="ellipsis")
            table.add_column("restarts", no_wrap=True, justify="right")
            table.add_column("up", no_wrap=True, justify="right")
            table.add_column("last line", no_wrap=True, overflow="ellipsis", ratio=1)
            for name, row in (*self._stores.items(), *self._services.items()):
                table.add_row(*self._cells(name, row))
            return Padding(table, (1, 0, 0, 0))

    def _drawing(self) -> Live:
        # What is data goes past it, so that it never ends on the stream of what is talk.
        return Live(
            console=self._console,
            get_renderable=self.table,
            refresh_per_second=_PER_SECOND,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def _cells(self, name: str, row: _Row) -> tuple[Text, ...]:
        restarts = "" if row.restarts is None else str(row.restarts)
        up = "" if row.since is None else duration(self._clock() - row.since)
        texts = (name, row.version, row.ports, (row.health, row.style), (restarts, "red" if row.restarts else ""), up)
        return (*(styled(text) for text in texts), styled((row.line, "dim")))


def duration(seconds: float) -> str:
    """Return a time in two units at most, for example ``2 h 5 min``."""
    whole = int(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    minutes = whole // _MINUTE
    return f"{minutes} min" if whole < _HOUR else f"{minutes // _MINUTE} h {minutes % _MINUTE} min"


def _text(line: str) -> str:
    """Return what a line of a log says; of an object in JSON its text alone."""
    if line.startswith("{"):
        try:
            found = json.loads(line)
        except ValueError:
            return line
        return next((str(found[key]) for key in _TEXT_OF_A_LINE if key in found), line)
    return line.strip()
