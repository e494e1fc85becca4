"""Texts of statements in one form: numbered parameters, one space, no comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from servanda.errors import InterfaceError
from servanda.interfaces.sql.tree import Parsed, parse, texts_of

if TYPE_CHECKING:
    from servanda.interfaces.sql.schema import Schema

Numbers: TypeAlias = Mapping[int | str, int]
"""Number of a parameter by its place or its name."""

_QUERIES: Final = frozenset({"SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"})
_COMMENTS: Final = frozenset({"SQL_COMMENT", "C_COMMENT"})
_PLACEHOLDER: Final = re.compile(r"%(?:(%)|\(([^)]+)\)[sbt]|[sbt])")


def numbered(sql: str, style: str) -> tuple[str, Numbers]:
    """Return a statement with ``$1`` for a parameter, and the number that each parameter has.

    Args:
        sql: The statement as the driver got it.
        style: ``numeric``, or ``format`` as PEP 249 has it: ``%s``, ``%(name)s`` and ``%%``.
    """
    if style != "format":
        return sql, {}
    numbers: dict[int | str, int] = {}

    def numbers_of(found: re.Match[str]) -> str:
        percent, name = found.groups()
        if percent:
            return "%"
        return f"${numbers.setdefault(name or len(numbers) + 1, len(numbers) + 1)}"

    return _PLACEHOLDER.sub(numbers_of, sql), numbers


def tokens(sql: str) -> list[tuple[str, str, bool]]:
    """Return the tokens of a text without comments: kind, text, and whether something stood before it."""
    from pglast import parser  # noqa: PLC0415 - of an extra, whose absence parsing told

    found, end = list[tuple[str, str, bool]](), 0
    for token in parser.scan(sql):
        if token.name not in _COMMENTS:
            found.append((token.name, sql[token.start : token.end + 1], token.start > end))
            end = token.end + 1
    return found


def plain(sql: str) -> str:
    """Return a text without comments, and with one space where there was more."""
    return "".join(f" {text}" if at and is_apart else text for at, (_, text, is_apart) in enumerate(tokens(sql)))


def queries(sql: str, schema: Schema, where: str) -> Iterator[str]:
    """Yield the queries in a text, each in its plain form; what COPY moves as the query that moves the same.

    Args:
        sql: The text, with numbered parameters.
        schema: The schema, for the columns of a table that is copied whole.
        where: What it is, for errors.

    Raises:
        InterfaceError: It cannot be parsed.
    """
    for each in parse(sql, where):
        if each.type in _QUERIES:
            yield plain(each.text)
        elif each.type == "DeclareCursorStmt":
            yield plain(_after(each.text, "FOR"))
        elif each.type == "PrepareStmt":
            yield plain(_after(each.text, "AS"))
        elif each.type == "CopyStmt":
            yield from _copied(each, schema, where)


def _after(text: str, word: str) -> str:
    found = tokens(text)
    at = next(number for number, (name, _, _) in enumerate(found) if name == word)
    return " ".join(text for _, text, _ in found[at + 1 :])


def _copied(copy: Parsed, schema: Schema, where: str) -> Iterator[str]:
    relation: Any = copy.node.get("relation")
    if relation is None:
        query = plain(copy.text[copy.text.index("(") + 1 : _closing(copy.text)])
        yield from (query for _ in parse(query, where))
        return
    names = [relation["schemaname"]] if "schemaname" in relation else []
    table = ".".join(map(_quoted, [*names, relation["relname"]]))
    columns = texts_of(copy.node.get("attlist"))
    if not copy.node.get("is_from"):
        yield f"SELECT {', '.join(map(_quoted, columns)) or '*'} FROM {table}"  # noqa: S608 - nobody runs it here
        return
    known = schema.relations.get(schema.name((*names, relation["relname"])))
    width = len(columns) or (len(known.columns) if known is not None else 0)
    if width:
        listed = f" ({', '.join(map(_quoted, columns))})" if columns else ""
        values = ", ".join(f"${number}" for number in range(1, width + 1))
        yield f"INSERT INTO {table}{listed} VALUES ({values})"  # noqa: S608 - the same


def _closing(text: str) -> int:
    """Return where the bracket closes that a text opens first, brackets in quotes left out."""
    from pglast import parser  # noqa: PLC0415 - see above

    depth = 0
    for token in parser.scan(text):
        depth += {"(": 1, ")": -1}.get(text[token.start : token.end + 1], 0)
        if depth == 0 and text[token.start] == ")":
            return int(token.start)
    raise InterfaceError("a bracket that is not closed", where=text)


def _quoted(name: str) -> str:
    return name if re.fullmatch(r"[a-z_][a-z0-9_]*", name) else '"' + name.replace('"', '""') + '"'
