"""Texts of statements: which are worth a note, and which differ in values only."""

from __future__ import annotations

import re

_COMMENT = re.compile(r"/\*.*?\*/|--[^\n]*", re.DOTALL)
_FIRST = re.compile(r"\s*\(*\s*([A-Za-z]+)")
_VALUE = re.compile(r"'(?:[^']|'')*'|\$\d+|%\(\w+\)[sbt]|%[sbt]|\b\d+(?:\.\d+)?\b")
_LIST = re.compile(r"(\?(?:::\w+(?: \w+)*)?)(?:\s*,\s*\1)+")
_ROWS = re.compile(r"(\([^()]*\))(?:\s*,\s*\1)+")
_QUERIES = frozenset(
    ("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "VALUES", "TABLE", "COPY", "DECLARE", "PREPARE")
)


def is_query(sql: str) -> bool:
    """Tell whether a text may read or write tables: no command of a transaction or a session, no definition."""
    plain = _COMMENT.sub(" ", sql) if "--" in sql or "/*" in sql else sql
    return any(found.group(1).upper() in _QUERIES for found in map(_FIRST.match, plain.split(";")) if found)


def shape(sql: str) -> str:
    """Return what is left of a statement without comments, values, and the length of lists."""
    plain = " ".join(_VALUE.sub("?", _COMMENT.sub(" ", sql)).split())
    return _ROWS.sub(r"\1", _LIST.sub(r"\1", plain))
