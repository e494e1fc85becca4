"""Changes of small files, written down in a line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from servanda.interfaces.protobuf.comparison import compare
from servanda.interfaces.protobuf.compiler import compile_workspace
from servanda.interfaces.protobuf.rules.subject import Conventions
from servanda.interfaces.protobuf.rules.table import BEYOND_BUF
from servanda.interfaces.protobuf.schema import File, State

HEAD = """syntax = "proto3";
package shop.v1;
import "buf/validate/validate.proto";
import "google/api/annotations.proto";
import "google/api/field_behavior.proto";
"""

NOTHING: Mapping[str, str] = MappingProxyType({})
Found = Callable[[str, str], set[str]]


def state(folder: Path, source: str, *, with_imports: bool = True, beside: Mapping[str, str] = NOTHING) -> State:
    """The state of one file with this source, which may import others beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in beside.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "shop.proto").write_text(HEAD + source, encoding="utf-8")
    files = (
        File(file.SerializeToString(), imported=file.name != "shop.proto") for file in compile_workspace(folder).file
    )
    return State(file for file in files if with_imports or not file.imported)


@pytest.fixture
def found(tmp_path: Path) -> Found:
    """The identifiers of the rules beyond buf that object when one source becomes another."""

    def compared(before: str, after: str) -> set[str]:
        conventions = Conventions(today=dt.date(2026, 11, 22))
        states = state(tmp_path / "before", before), state(tmp_path / "after", after)
        return {breach.rule.id for breach in compare(*states, BEYOND_BUF, conventions)}

    return compared
