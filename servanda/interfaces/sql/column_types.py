"""Types of columns: their names in parse trees, and which of two holds everything that the other one holds."""

from __future__ import annotations

import re
from typing import Final

from servanda.interfaces.sql.tree import Node, texts_of

# Each holds everything that those before it hold, and drivers read it into the same type of the language.
_GROWING: Final = (
    ("int2", "int4", "int8"),
    ("float4", "float8"),
    ("bpchar", "varchar", "text"),
)
_SERIAL: Final = {"smallserial": "int2", "serial": "int4", "bigserial": "int8", "serial4": "int4", "serial8": "int8"}
_PARTS: Final = re.compile(r"(?P<name>[^(\[]+)(?:\((?P<sizes>[\d,-]+)\))?(?P<array>(?:\[\])*)")


def type_name(node: Node) -> str:
    """Return the name of a type: the one inside of PostgreSQL, with its sizes, and ``[]`` for an array."""
    parts = [part for part in texts_of(node.get("names")) if part not in {"", "pg_catalog"}]
    sizes = [each["A_Const"].get("ival", {}).get("ival", 0) for each in node.get("typmods", ()) if "A_Const" in each]
    held = f"({','.join(map(str, sizes))})" if sizes else ""
    name = ".".join(parts)
    return f"{_SERIAL.get(name, name)}{held}{'[]' * len(node.get('arrayBounds', ()))}"


def is_serial(node: Node) -> bool:
    """Tell whether a type counts by itself."""
    return texts_of(node.get("names"))[-1:] != () and texts_of(node.get("names"))[-1] in _SERIAL


def widens(before: str, after: str) -> bool:
    """Tell whether a type holds every value of another one, and is the same to those who read and write it."""
    old, new = _PARTS.fullmatch(before), _PARTS.fullmatch(after)
    if old is None or new is None or old["array"] != new["array"]:
        return before == after
    is_bounded = new["sizes"] is not None and not _fits(old["sizes"], new["sizes"])
    if old["name"] == new["name"]:
        return not is_bounded
    return not is_bounded and any(
        old["name"] in row and new["name"] in row and row.index(old["name"]) < row.index(new["name"])
        for row in _GROWING
    )


def narrows(before: str, after: str) -> bool:
    """Tell whether a type is of the same sort as another one, and holds less."""
    old, new = _PARTS.fullmatch(before), _PARTS.fullmatch(after)
    if old is None or new is None or widens(before, after) or old["array"] != new["array"]:
        return False
    return old["name"] == new["name"] or any(old["name"] in row and new["name"] in row for row in _GROWING)


def _fits(before: str | None, after: str) -> bool:
    if before is None:
        return False
    old, new = ([int(part) for part in sizes.split(",")] for sizes in (before, after))
    return len(old) == len(new) and old[:1] <= new[:1] and old[1:] == new[1:]
