"""Workspaces that are large in one dimension each, in two states: files, values, messages, routes.

What is asked of each: that the time of a check grows no faster than the dimension.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from google.api import annotations_pb2

from bench.compatibility.large import Size, path_of
from bench.compatibility.large import write as write_files

_STATES = ("previous", "current")
_ROUTES = 20
_DELETED = 10
_HTTP = 'import "google/api/annotations.proto";\n'


@dataclass(frozen=True, slots=True)
class Shape:
    """One dimension in which workspaces grow.

    Attributes:
        what: What is counted.
        sizes: How many of it the table has, in rising order.
        write: Writes ``previous`` and ``current`` of so many into a folder.
    """

    what: str
    sizes: tuple[int, ...]
    write: Callable[[Path, int], None]


def _write(folder: Path, states: Mapping[str, Mapping[str, str]]) -> None:
    for state, files in states.items():
        shutil.rmtree(folder / state, ignore_errors=True)
        for path, text in files.items():
            file = folder / state / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")


def _add_http(folder: Path) -> None:
    """Put the definition of the option into both states: buf has none of its own."""
    installed = Path(annotations_pb2.__file__).parent
    for state in _STATES:
        place = folder / state / "google/api"
        place.mkdir(parents=True)
        for name in ("annotations.proto", "http.proto"):
            shutil.copy(installed / name, place / name)


def _files(folder: Path, count: int) -> None:
    write_files(folder, Size(count), max(1, count // 10), 0)


def _files_with_routes(folder: Path, count: int) -> None:
    _files(folder, count)
    _add_http(folder)
    for state in _STATES:
        for number in range(count):
            file = folder / state / path_of(number)
            file.write_text(_routed(file.read_text(encoding="utf-8"), number), encoding="utf-8")
    # Every tenth file has a new route, and so each of them is held against all others.
    for number in range(0, count, 10):
        file = folder / "current" / path_of(number)
        file.write_text(file.read_text(encoding="utf-8").replace("/items/0/", "/items/{m0_field_1}/"), encoding="utf-8")


def _routed(text: str, number: int) -> str:
    lines = []
    for line in text.replace('syntax = "proto3";\n', f'syntax = "proto3";\n{_HTTP}', 1).splitlines():
        if line.startswith("  rpc "):
            rpc = line.split("(")[0].split()[1]
            path = f"/v1/p{number // 10}/files{number}/items/{rpc[-1]}/{{m{rpc[-1]}_field_0}}"
            lines.append(f'{line.removesuffix(";")} {{ option (google.api.http) = {{ get: "{path}" }}; }}')
        else:
            lines.append(line)
    return "\n".join([*lines, ""])


def _values(folder: Path, count: int) -> None:
    def source(values: range, gone: frozenset[int]) -> str:
        rows = "\n".join(f"  KIND_{number} = {number};" for number in values if number not in gone)
        return f'syntax = "proto3";\npackage acme.v1;\nenum Kind {{\n{rows}\n}}\n'

    gone = frozenset(range(1, count, max(1, count // _DELETED))[:_DELETED])
    values = range(count)
    _write(
        folder,
        {"previous": {"kind.proto": source(values, frozenset())}, "current": {"kind.proto": source(values, gone)}},
    )


def _chain(folder: Path, count: int) -> None:
    def source(kind: str) -> str:
        rows = [f"message M{number} {{\n  M{number + 1} next = 1;\n}}" for number in range(count)]
        rpc = "service S {\n  rpc Get(M0) returns (M0);\n}"
        last = f"message M{count} {{\n  {kind} end = 1;\n}}"
        return "\n".join(['syntax = "proto3";', "package acme.v1;", *rows, last, rpc, ""])

    _write(folder, {"previous": {"chain.proto": source("string")}, "current": {"chain.proto": source("int64")}})


def _services(folder: Path, count: int) -> None:
    def source(number: int, items: tuple[str, str]) -> str:
        rpcs = "\n".join(
            f"  rpc Do{each}(M{number}) returns (M{number}) "
            f'{{ option (google.api.http) = {{ get: "/v1/{items[each % 2]}/{{id}}/things{number}/{each}" }}; }}'
            for each in range(_ROUTES)
        )
        return (
            f'syntax = "proto3";\npackage acme.v1;\n{_HTTP}'
            f"message M{number} {{\n  string id = 1;\n  string item = 2;\n}}\n"
            f"service S{number} {{\n{rpcs}\n}}\n"
        )

    previous = {f"acme/v1/s{number}.proto": source(number, ("items", "items")) for number in range(count)}
    current = {f"acme/v1/s{number}.proto": source(number, ("items", "{item}")) for number in range(count)}
    _write(folder, {"previous": previous, "current": current})
    _add_http(folder)


SHAPES: Mapping[str, Shape] = MappingProxyType(
    {
        "files": Shape("files", (10, 200, 1200, 2000), _files),
        "routes": Shape("files with google.api.http", (10, 200, 1200, 2000), _files_with_routes),
        "values": Shape("values of one enum, 10 deleted", (2_000, 10_000, 20_000), _values),
        "chain": Shape("messages in a chain", (300, 1_500, 3_000), _chain),
        "services": Shape(f"services with {_ROUTES} routes, half of them new", (20, 100, 200), _services),
    }
)
"""Every dimension by the name that the command line takes."""
