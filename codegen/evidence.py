"""The JSON Schema of evidence, from the facts that it consists of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec

from codegen.product import Product
from servanda.policy.evidence import FORMAT, VERSION, Evidence

SCHEMA = "docs/reference/evidence.schema.json"


def products() -> Iterator[Product]:
    """Return the schema."""
    described: dict[str, Any] = msgspec.json.schema(Evidence, ref_template="#/$defs/{name}")
    definition = described["$defs"]["Evidence"]
    definition["properties"] = {"format": {"const": FORMAT}, "version": {"const": VERSION}, **definition["properties"]}
    definition["required"] = ["format", "version", *definition["required"]]
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema", **described}
    yield Product(SCHEMA, f"{json.dumps(document, indent=2, ensure_ascii=False)}\n".encode())
