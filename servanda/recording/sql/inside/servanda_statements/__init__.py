"""Recorder of SQL statements within the process of a service: standard library only, as it runs with any service.

It writes what a process runs as JSON Lines, see ``docs/reference/sql.md``. It never fails a statement: if it cannot
note something, it says so once on stderr and notes nothing more.
"""

from __future__ import annotations

import os

from . import asyncpg_calls, psycopg_calls, sqlalchemy_calls
from .hooks import when_imported
from .notes import Notes

FOLDER = "SERVANDA_STATEMENTS"
"""Environment variable: folder into which every process writes a file of its own."""

__all__ = ["FOLDER", "Notes", "begin", "watch"]


def begin() -> None:
    """Note what this process runs, if its environment names a folder for that."""
    folder = os.environ.get(FOLDER)
    if folder:
        watch(Notes(folder))


def watch(notes: Notes) -> None:
    """Note what the drivers run, as soon as each is imported."""
    when_imported("asyncpg", lambda module: asyncpg_calls.patch(module, notes), notes.fail)
    when_imported("psycopg", lambda module: psycopg_calls.patch(module, notes), notes.fail)
    when_imported("sqlalchemy", lambda module: sqlalchemy_calls.patch(module, notes), notes.fail)
