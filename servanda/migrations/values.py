"""Values for columns and parameters, made from their types: the same type and number always make the same value."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

NONE: Final = 0
"""Number of the value that is nothing, as far as the type has one: zero, or an empty text."""
FIRST: Final = 1
"""Number of the value in the first row of each table."""
LARGE: Final = 2
"""Number of the value in the second row: as long as a text may be, and a number that no smaller type holds."""
FRESH: Final = 3
"""Number of a value that no row holds."""
STRANGE: Final = 9
"""Number of another one, in a column that no other value was made for."""
NEGATIVE: Final = -1
"""Number of the value below zero, as far as the type has one."""
_LONG: Final = 300

_Make: TypeAlias = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Type:
    """A type of PostgreSQL.

    Attributes:
        name: Its name in ``pg_type``.
        labels: The values of an enum, in order.
        element: The type of the elements of an array, or what a domain is made of; ``None`` for any other.
        is_array: Whether it is an array.
    """

    name: str
    labels: tuple[str, ...] = ()
    element: Type | None = None
    is_array: bool = False


def value_of(type: Type, number: int, *, length: int = 0, known: tuple[str, ...] = ()) -> str | None:  # noqa: A002
    """Return a value as PostgreSQL reads it from a text; ``None`` where nobody knows one.

    Args:
        type: Its type.
        number: Which value; see the constants.
        length: The longest text that the column holds; 0 for any.
        known: Values that a constraint names; one of them is taken.
    """
    if known or type.labels:
        choice = known or type.labels
        return choice[number % len(choice)]
    if type.element is not None:
        inner = value_of(type.element, number, length=length)
        return _array(inner, number) if type.is_array else inner
    make = _MAKERS.get(type.name)
    value = make(number) if make is not None else None
    if value is None or type.name not in _TEXTS:
        return value
    if number == LARGE:
        return value.ljust(length or _LONG, "x")
    return value[:length] if length else value


def _array(inner: str | None, number: int) -> str:
    if inner is None or number == NONE:
        return "{}"
    escaped = inner.replace("\\", "\\\\").replace('"', '\\"')
    return f'{{"{escaped}"}}'


def _text(number: int) -> str:
    return "" if number == NONE else f"{number}v"


def _whole(bits: int) -> _Make:
    # More than the next smaller type holds, and not so much that doubling it overflows.
    return lambda number: str(2**bits if number == LARGE else number)


_TEXTS: Final = frozenset({"text", "varchar", "bpchar", "citext"})
_MAKERS: Final[Mapping[str, _Make]] = MappingProxyType(
    {
        **dict.fromkeys(_TEXTS, _text),
        "name": _text,
        "char": lambda number: str(number % 10),
        "bool": lambda number: "true" if number % 2 else "false",
        "int2": _whole(13),
        "int4": _whole(20),
        "int8": _whole(40),
        "float4": str,
        "float8": str,
        "numeric": str,
        "money": str,
        "oid": lambda number: str(abs(number)),
        "uuid": lambda number: str(uuid.UUID(int=abs(number) + 1)),
        "date": lambda number: f"2026-01-{abs(number) + 10}",
        "time": lambda number: f"0{abs(number) % 10}:00",
        "timetz": lambda number: f"0{abs(number) % 10}:00+00",
        "timestamp": lambda number: f"2026-01-{abs(number) + 10} 00:00",
        "timestamptz": lambda number: f"2026-01-{abs(number) + 10} 00:00+00",
        "interval": lambda number: f"{number} hours",
        "bytea": lambda number: f"\\x{abs(number):02x}",
        "json": lambda number: f'{{"v": {number}}}',
        "jsonb": lambda number: f'{{"v": {number}}}',
        "inet": lambda number: f"10.0.0.{abs(number)}",
        "cidr": lambda number: f"10.0.{abs(number)}.0/24",
        "macaddr": lambda number: f"08:00:2b:01:02:{abs(number):02x}",
        "xml": lambda number: f"<v>{number}</v>",
        "tsvector": _text,
        "bit": lambda number: str(number % 2),
        "varbit": lambda number: str(number % 2),
        **dict.fromkeys(("int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange"), lambda _: "empty"),
    }
)
