"""A large OpenAPI document in two states, and the time that its comparison takes; all of it follows from a seed.

``python -m bench.compatibility.large_document --schemas 2000 --edits 100`` prints the processor time of reading and of
comparing; ``--folder FOLDER`` keeps ``previous.json`` and ``current.json``.
"""

from __future__ import annotations

import argparse
import copy
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any, Final

from servanda.interfaces.openapi.check import check_document
from servanda.interfaces.openapi.document import Document

_REFERENCE: Final = "#/components/schemas/"
_SCALARS: Final[tuple[dict[str, Any], ...]] = (
    {"type": "string", "maxLength": 500},
    {"type": "integer", "format": "int32"},
    {"type": "boolean"},
    {"type": "string", "format": "date-time"},
    {"type": "number", "minimum": 0},
    {"type": "string", "enum": ["open", "paid", "sent", "lost"]},
)


def document(schemas: int) -> dict[str, Any]:
    """Return a document: every schema has an operation that writes it and one that reads it."""
    components = {f"Thing{number}": _thing(number, schemas) for number in range(schemas)}
    choices = {f"Choice{number}": _choice(number, schemas) for number in range(0, schemas, 10)}
    paths = {f"/things{number}/{{id}}": _path(number) for number in range(schemas)}
    info = {"title": "A large one", "version": "1"}
    return {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": {**components, **choices}}}


def _thing(number: int, schemas: int) -> dict[str, Any]:
    properties: dict[str, Any] = {
        f"part_{index}": {"description": f"Part {index} of thing {number}.", **_SCALARS[(number + index) % 6]}
        for index in range(8)
    }
    properties["other"] = {"anyOf": [{"$ref": f"{_REFERENCE}Thing{(number * 7 + 1) % schemas}"}, {"type": "null"}]}
    properties["several"] = {"type": "array", "items": {"$ref": f"{_REFERENCE}Thing{(number + 1) % schemas}"}}
    properties["chosen"] = {"$ref": f"{_REFERENCE}Choice{number - number % 10}"}
    required = [f"part_{index}" for index in range(3)]
    return {"type": "object", "title": f"Thing{number}", "required": required, "properties": properties}


def _choice(number: int, schemas: int) -> dict[str, Any]:
    names = [f"Thing{(number + step) % schemas}" for step in range(0, 50, 10)]
    kinds = [{"type": "object", "properties": {"kind": {"const": name}}, "required": ["kind"]} for name in names]
    return {"oneOf": [{"allOf": [{"$ref": _REFERENCE + name}, kind]} for name, kind in zip(names, kinds, strict=True)]}


def _path(number: int) -> dict[str, Any]:
    schema = {"$ref": f"{_REFERENCE}Thing{number}"}
    content = {"content": {"application/json": {"schema": schema}}}
    place = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    errors = {str(status): {"description": "Refused."} for status in (400, 401, 404)}
    asked = [{"name": name, "in": "query", "schema": {"type": "integer"}} for name in ("limit", "offset", "depth")]
    return {
        "parameters": [place],
        "get": {"parameters": asked, "responses": {"200": {"description": "Fine.", **content}, **errors}},
        "put": {"requestBody": content, "responses": {"200": {"description": "Fine.", **content}, **errors}},
    }


def edited(before: dict[str, Any], edits: int, random: Random) -> dict[str, Any]:
    """Return a document with edits of different schemas."""
    after = copy.deepcopy(before)
    named = after["components"]["schemas"]
    for name in random.sample([name for name in named if name.startswith("Thing")], edits):
        random.choice(_EDITS)(named[name], random)
    return after


def _delete(schema: dict[str, Any], random: Random) -> None:
    del schema["properties"][random.choice(["part_5", "part_6", "part_7"])]


def _require(schema: dict[str, Any], random: Random) -> None:
    schema["required"].append(random.choice(["part_4", "part_5"]))


def _retype(schema: dict[str, Any], random: Random) -> None:
    schema["properties"][random.choice(["part_2", "part_3"])] = {"type": "array", "items": {"type": "string"}}


def _add(schema: dict[str, Any], random: Random) -> None:
    schema["properties"][f"more_{random.randrange(9)}"] = {"type": "string"}


def _tighten(schema: dict[str, Any], random: Random) -> None:
    schema["properties"]["part_1"] = {"type": "string", "maxLength": random.randrange(10, 50)}


_EDITS: Final[tuple[Callable[[dict[str, Any], Random], None], ...]] = (_delete, _require, _retype, _add, _tighten)


def seconds(states: tuple[Path, Path]) -> Iterator[tuple[str, float]]:
    """Yield the steps of a comparison, each with the seconds of processor time that it took."""
    start = time.process_time()
    previous, current = (Document(each.read_bytes(), each.name) for each in states)
    read = time.process_time()
    found = check_document(previous, current)
    yield "reading", read - start
    yield f"comparing ({len(found)} findings)", time.process_time() - read


def main() -> None:
    """Write both states, compare them and print the time of each step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schemas", type=int, default=1500)
    parser.add_argument("--edits", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="large-document-") as scratch:
        folder = options.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        before = document(options.schemas)
        after = edited(before, options.edits, Random(options.seed))
        states = (folder / "previous.json", folder / "current.json")
        for path, state in zip(states, (before, after), strict=True):
            path.write_text(json.dumps(state, indent=1), encoding="utf-8")
        size = states[0].stat().st_size / 1e6
        print(f"{size:.1f} MB, {options.schemas} schemas, {options.edits} edits, seed {options.seed}")
        for step, took in seconds(states):
            print(f"{step}: {took:.2f} s")


if __name__ == "__main__":
    main()
