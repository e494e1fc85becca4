"""SQL as a tree: the parse trees of PostgreSQL, as pglast reads them.

A node is a table of its fields under the one key that names its type, as libpg_query writes it in JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from servanda.errors import InterfaceError
from servanda.extras import naming_extra

Node: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Parsed:
    """One statement of a text.

    Attributes:
        type: Type of the node, such as ``SelectStmt``.
        node: Its fields.
        text: The statement as it is written, without what is around it.
        line: Line on which it begins, counted from 1.
    """

    type: str
    node: Node
    text: str
    line: int = 1


def parse(sql: str, where: str) -> tuple[Parsed, ...]:
    """Parse a text of statements.

    Args:
        sql: The text.
        where: What it is, for the error.

    Raises:
        InterfaceError: PostgreSQL could not parse it either.
        MissingExtraError: The parser is not installed.
    """
    with naming_extra(where):
        from pglast import parser  # noqa: PLC0415 - of an extra

    try:
        tree = json.loads(parser.parse_sql_json(sql))
    except parser.ParseError as error:
        what, *place = error.args
        line = sql.count("\n", 0, place[0] if place else 0) + 1
        raise InterfaceError(
            f"SQL that cannot be parsed: {what}",
            where=f"{where}:{line}",
            hint="write it as PostgreSQL reads it; commands of psql, which begin with a backslash, are none",
        ) from None
    return tuple(_statements(tree, sql.encode()))


def _statements(tree: Node, content: bytes) -> Iterator[Parsed]:
    for each in tree.get("stmts", ()):
        start = int(each.get("stmt_location", 0))
        length = int(each.get("stmt_len", 0)) or len(content) - start
        written = content[start : start + length]
        begin = start + _before(written)
        kind, node = next(iter(each["stmt"].items()))
        text = content[begin : start + length].decode("utf-8", "replace").strip()
        yield Parsed(kind, node, text, content.count(b"\n", 0, begin) + 1)


def _before(written: bytes) -> int:
    """Return the length of the space and the comments in front of a statement."""
    at = 0
    while at < len(written):
        rest = written[at:]
        if rest[:1].isspace():
            at += 1
        elif rest.startswith(b"--"):
            at += len(rest.partition(b"\n")[0]) + 1
        elif rest.startswith(b"/*"):
            at += rest.find(b"*/") + 2 if b"*/" in rest else len(rest)
        else:
            break
    return at


def nodes(value: Any) -> Iterator[tuple[str, Node]]:
    """Yield every typed node of a tree with its type, outer ones first."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key[:1].isupper() and isinstance(inner, Mapping):
                yield key, inner
            yield from nodes(inner)
    elif isinstance(value, list):
        for each in value:
            yield from nodes(each)


def text_of(node: Any) -> str:
    """Return the text of a ``String`` node."""
    return str(node["String"].get("sval", "")) if isinstance(node, Mapping) and "String" in node else ""


def texts_of(listed: Sequence[Any] | None) -> tuple[str, ...]:
    """Return the texts of a list of ``String`` nodes; empty in the place of any other."""
    return tuple(text_of(each) for each in listed or ())
