"""The configuration: its reference and its JSON Schema, from the one definition of its keys."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping

from codegen.product import ROOT, Product
from servanda.checking.levels import level_names
from servanda.configuration.reference import Row, rows, schema
from servanda.interfaces.openapi.kind import OpenApi
from servanda.interfaces.protobuf.kind import Protobuf
from servanda.interfaces.sql.kind import Sql
from servanda.interfaces.values.kind import Values

SCHEMA = "docs/reference/servanda.schema.json"
PAGE = "docs/reference/configuration.md"
_PARTS: Mapping[str, Callable[[Row], bool]] = {
    "rules": lambda row: row.path.startswith("rules."),
    "limits": lambda row: row.path.startswith("limits."),
    "others": lambda row: not row.path.startswith(("rules.", "limits.")),
}


def products() -> Iterator[Product]:
    """Return the page with its tables, and the schema."""
    yield Product(PAGE, _page((ROOT / PAGE).read_text(encoding="utf-8")).encode())
    document = json.dumps(schema(level_names([OpenApi(), Sql(), Values(), Protobuf()])), indent=2, ensure_ascii=False)
    yield Product(SCHEMA, f"{document}\n".encode())


def _page(text: str) -> str:
    """Return a page with each of its tables written anew: all lines of a table behind its mark."""
    for name, is_part in _PARTS.items():
        mark = f"<!-- keys {name} -->\n"
        before, found, after = text.partition(mark)
        rest = after.splitlines(keepends=True)
        kept = next((at for at, line in enumerate(rest) if not line.startswith("|")), len(rest))
        table = "".join(_table(filter(is_part, rows()), with_most=name == "limits")) if found else ""
        text = before + found + table + "".join(rest[kept:])
    return text


def _table(found: Iterable[Row], *, with_most: bool) -> Iterator[str]:
    yield "| key | meaning | default |" + (" at most |\n" if with_most else "\n")
    yield "|---|---|---|" + ("---|\n" if with_most else "\n")
    for row in found:
        most = f" {row.most} |" if with_most else ""
        yield f"| `{row.path}` | {row.meaning} | {row.default} |{most}\n"
