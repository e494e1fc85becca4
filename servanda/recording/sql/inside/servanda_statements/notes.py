"""Notes of one process: each statement once for each caller, in a file that is whole after every line."""

from __future__ import annotations

import atexit
import json
import os
import sys
import threading
import time
from typing import Any, Callable, Collection, Optional, Union

from .callers import Callers, Place
from .texts import is_query, shape

FORMAT = 1
"""Version of the format of the files."""
MOST_SHAPES = 5000
MOST_VARIANTS = 20
MOST_CHARACTERS = 100_000
_MOST_UNQUERIED = 5000


class _Entry:
    __slots__ = ("at", "caller", "count", "driver", "first", "nulls", "sql", "style", "types", "written")

    def __init__(self, sql: str, style: str, driver: str, caller: Optional[Place]) -> None:
        self.sql = sql
        self.style = style
        self.driver = driver
        self.caller = caller
        self.count = 0
        self.at = 1
        self.written = 0
        self.first = time.time()
        self.nulls: set[Union[int, str]] = set()
        self.types: Optional[list[str]] = None


class Notes:
    """Notes of the statements that a process runs.

    A line is written when a statement is seen first, with another NULL, and whenever its number has doubled: the file
    grows with what is different, not with time, and a process that is killed has written all its statements.

    Args:
        folder: Where each process makes a file of its own.
        is_left_out: Tells for the path of a caller whether nothing that it runs is noted.
    """

    def __init__(self, folder: str, is_left_out: Callable[[str], bool] = lambda _: False) -> None:
        self._folder = os.path.abspath(folder)
        self._callers = Callers(is_left_out)
        self._lock = threading.Lock()
        self._pid = os.getpid()
        self._is_over = False
        self._forget()
        atexit.register(self.close)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forked)

    def note(
        self,
        sql: str,
        style: str,
        driver: str,
        nulls: Collection[Union[int, str]] = (),
        types: Optional[Callable[[], list[str]]] = None,
    ) -> None:
        """Note that a statement runs. It raises nothing.

        Args:
            sql: Its text.
            style: How it writes parameters: ``numeric`` (``$1``) or ``format`` (``%s``, ``%(name)s``).
            driver: What runs it.
            nulls: Numbers or names of the parameters that are NULL.
            types: Called for the names of the types of its parameters, once.
        """
        if self._is_over:
            return
        try:
            self._note(sql, style, driver, nulls, types)
        except Exception as error:  # noqa: BLE001 - the statement runs whatever becomes of its note
            self.fail(error)

    def fail(self, error: Exception) -> None:
        """Say once why nothing more is noted."""
        if not self._is_over:
            self._is_over = True
            sys.stderr.write(f"servanda: no more statements are recorded: {error!r}\n")

    def close(self) -> None:
        """Write how often each statement ran in the end, and note nothing more."""
        if self._is_over or self._pid != os.getpid():
            return
        try:
            with self._lock:
                for entry in self._entries.values():
                    if entry.count != entry.written:
                        self._write_entry(entry)
                if self._left_out:
                    self._write({"left_out": self._left_out})
        except OSError as error:
            self.fail(error)
        self._is_over = True

    def _forget(self) -> None:
        self._entries: dict[tuple[str, Optional[Place]], _Entry] = {}
        self._variants: dict[Any, int] = {}
        self._unqueried: set[str] = set()
        self._left_out = 0
        self._file: Optional[int] = None

    def _forked(self) -> None:
        # The file and the counts are those of the parent.
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._forget()

    def _note(
        self,
        sql: str,
        style: str,
        driver: str,
        nulls: Collection[Union[int, str]],
        types: Optional[Callable[[], list[str]]],
    ) -> None:
        if sql in self._unqueried:
            return
        caller = self._callers.caller()
        entry = self._entries.get((sql, caller))
        if entry is None:
            entry = self._new(sql, style, driver, caller)
            if entry is None:
                return
        entry.count += 1
        if entry.count >= entry.at or (nulls and not entry.nulls.issuperset(nulls)):
            self._grown(entry, nulls, types)

    def _grown(
        self, entry: _Entry, nulls: Collection[Union[int, str]], types: Optional[Callable[[], list[str]]]
    ) -> None:
        with self._lock:
            entry.nulls.update(nulls)
            while entry.at <= entry.count:
                entry.at *= 2
            if entry.types is None and types is not None:
                entry.types = types()
            self._write_entry(entry)

    def _new(self, sql: str, style: str, driver: str, caller: Optional[Place]) -> Optional[_Entry]:
        if caller is not None and self._callers.is_left_out(caller):
            return None
        if not is_query(sql):
            if len(self._unqueried) < _MOST_UNQUERIED:
                self._unqueried.add(sql)
            return None
        with self._lock:
            key = (shape(sql), caller) if len(sql) <= MOST_CHARACTERS else None
            known = self._variants.get(key, 0)
            if key is None or known >= MOST_VARIANTS or (not known and len(self._variants) >= MOST_SHAPES):
                # One of many that differ in values only says nothing new; all else is told as left out.
                self._left_out += known < MOST_VARIANTS
                return None
            self._variants[key] = known + 1
            entry = self._entries[sql, caller] = _Entry(sql, style, driver, caller)
            return entry

    def _write_entry(self, entry: _Entry) -> None:
        entry.written = entry.count
        line: dict[str, Any] = {"sql": entry.sql, "style": entry.style, "driver": entry.driver, "count": entry.count}
        if entry.caller is not None:
            line["file"], line["line"] = entry.caller
        if entry.nulls:
            line["nulls"] = sorted(entry.nulls, key=str)
        if entry.types:
            line["types"] = entry.types
        line["first"], line["last"] = round(entry.first, 3), round(time.time(), 3)
        self._write(line)

    def _write(self, line: dict[str, Any]) -> None:
        if self._file is None:
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
            path = os.path.join(self._folder, f"{self._pid}-{time.time_ns()}.jsonl")
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0), 0o600)
            version = ".".join(map(str, sys.version_info[:3]))
            self._put(self._file, {"format": FORMAT, "kind": "statements", "pid": self._pid, "python": version})
        self._put(self._file, line)

    def _put(self, file: int, line: dict[str, Any]) -> None:
        # One call for each line: a process that is killed leaves whole lines.
        content = json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        if os.write(file, content) != len(content):
            raise OSError(f"a line was not written whole into {self._folder}")
