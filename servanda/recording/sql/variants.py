"""Statements that differ in values and in the length of lists only: one of them says what all of them say."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from servanda.errors import InterfaceError
from servanda.interfaces.sql.document import Recorded
from servanda.interfaces.sql.statement import highest_parameter
from servanda.interfaces.sql.tree import parse
from servanda.recording.sql.texts import tokens

MOST: Final = 8
"""Statements at most that differ in the texts and numbers that the code writes into them."""

_CONSTANTS: Final = frozenset({"ICONST", "FCONST", "SCONST", "USCONST", "BCONST", "XCONST"})
_ITEMS: Final = re.compile(r"(\$(?: :: \w+(?: \w+)*)?)(?: , \1)+")
_ROWS: Final = re.compile(r"(\( [^()]* \))(?: , \1)+")


def one_of_each(kept: Iterable[Recorded], found: Iterable[Recorded]) -> tuple[Recorded, ...]:
    """Return all statements, but one only of those that differ in the length of lists, and few that differ in values.

    Args:
        kept: Statements that were known before: they stay as they are.
        found: Statements that are added, if they say something new.
    """
    known = {each.sql: each for each in kept}
    lists = {_form(sql): sql for sql in sorted(known, reverse=True)}
    for each in sorted(found, key=lambda one: (len(one.sql), one.sql)):
        sql = each.sql if each.sql in known else lists.get(_form(each.sql)) or _in(known, without_values(each.sql))
        if sql is None:
            known[each.sql] = each
            lists[_form(each.sql)] = each.sql
        else:
            known[sql] = _joined(known[sql], each)
    return tuple(sorted(_fewer(known).values()))


def _in(known: dict[str, Recorded], sql: str | None) -> str | None:
    return sql if sql in known else None


def _joined(one: Recorded, other: Recorded) -> Recorded:
    # Numbers of parameters are those of the text.
    nulls = {*one.nulls, *(other.nulls if one.sql == other.sql else ())}
    return replace(one, callers=tuple(sorted({*one.callers, *other.callers})), nulls=tuple(sorted(nulls)))


def _fewer(known: dict[str, Recorded]) -> dict[str, Recorded]:
    groups: dict[str, list[Recorded]] = defaultdict(list)
    for each in known.values():
        groups[_form(each.sql, values=False)].append(each)
    fewer = dict(known)
    for group in groups.values():
        general = without_values(min(each.sql for each in group)) if len(group) > MOST else None
        if general is not None:
            for each in (one for one in group if one.sql != general):
                joined = _joined(fewer.get(general, replace(each, sql=general, nulls=())), each)
                del fewer[each.sql]
                fewer[general] = joined
    return fewer


def without_values(sql: str) -> str | None:
    """Return a statement with parameters in the place of the values in it; ``None`` where PostgreSQL takes none."""
    number = highest_parameter(sql, "statement")
    text = ""
    for at, (kind, written, is_apart) in enumerate(tokens(sql)):
        if kind in _CONSTANTS:
            number += 1
            written = f"${number}"  # noqa: PLW2901 - what stands there
        text += f" {written}" if at and is_apart else written
    try:
        parse(text, "statement")
    except InterfaceError:
        return None
    return text


def _form(sql: str, *, values: bool = True) -> str:
    words = ("$" if kind == "PARAM" or (kind in _CONSTANTS and not values) else text for kind, text, _ in tokens(sql))
    return _ROWS.sub(r"\1", _ITEMS.sub(r"\1", " ".join(words)))
