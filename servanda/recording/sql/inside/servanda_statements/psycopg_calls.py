"""Statements that psycopg (3) runs."""

from __future__ import annotations

from typing import Any, Collection, Optional, Union

from .hooks import wrap
from .notes import Notes

_DRIVER = "psycopg"
_MOST_ROWS = 1000


def patch(psycopg: Any, notes: Notes) -> None:
    """Have everything noted that cursors run, those of the server included."""
    kinds = ("Cursor", "AsyncCursor", "ServerCursor", "AsyncServerCursor")
    raw = tuple(
        getattr(psycopg, name)
        for name in ("RawCursor", "AsyncRawCursor", "RawServerCursor", "AsyncRawServerCursor")
        if hasattr(psycopg, name)
    )
    sight = _Sight(notes, psycopg, raw)
    for kind in kinds:
        holder = getattr(psycopg, kind, None)
        if holder is not None:
            for name in ("execute", "stream", "copy"):
                wrap(holder, name, sight.of_query)
            wrap(holder, "executemany", sight.of_rows)


class _Sight:
    def __init__(self, notes: Notes, psycopg: Any, raw: tuple[Any, ...]) -> None:
        self._notes = notes
        self._composable = psycopg.sql.Composable
        self._raw = raw

    def of_query(self, cursor: Any, args: Any, kwargs: Any) -> None:
        self._note(cursor, args, kwargs, _nulls(_second(args, kwargs, "params")))

    def of_rows(self, cursor: Any, args: Any, kwargs: Any) -> None:
        rows = _second(args, kwargs, "params_seq")
        found: set[Union[int, str]] = set()
        # What can be read once only is for the driver.
        for row in rows[:_MOST_ROWS] if isinstance(rows, (list, tuple)) else ():
            found.update(_nulls(row))
        self._note(cursor, args, kwargs, found, has_values=True)

    def _note(
        self, cursor: Any, args: Any, kwargs: Any, nulls: Collection[Union[int, str]], *, has_values: bool = False
    ) -> None:
        try:
            text = self._text(cursor, args[0] if args else kwargs.get("query", kwargs.get("statement")))
        except Exception:  # noqa: BLE001 - the driver refuses it too, and says why
            return
        values = has_values or _second(args, kwargs, "params") is not None
        style = "format" if values and not isinstance(cursor, self._raw) else "numeric"
        if text is not None:
            self._notes.note(text, style, _DRIVER, nulls)

    def _text(self, cursor: Any, query: Any) -> Optional[str]:
        if isinstance(query, self._composable):
            return str(query.as_string(cursor))
        if isinstance(query, bytes):
            return query.decode("utf-8", "replace")
        return query if isinstance(query, str) else None


def _second(args: Any, kwargs: Any, name: str) -> Any:
    return args[1] if len(args) > 1 else kwargs.get(name)


def _nulls(values: Any) -> Collection[Union[int, str]]:
    if isinstance(values, dict):
        return [name for name, value in values.items() if value is None]
    if isinstance(values, (list, tuple)):
        return [number for number, value in enumerate(values, 1) if value is None]
    return ()
