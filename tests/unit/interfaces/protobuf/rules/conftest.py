"""Changes of small files, written down in a line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from types import MappingProxyType

import pytest

from codegen.image import image_of
from servanda.interfaces.protobuf.comparison import compare
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


def state(source: str, *, with_imports: bool = True, beside: Mapping[str, str] = NOTHING) -> State:
    """The state of one file with this source, which may import others beside it."""
    files = image_of({"shop.proto": HEAD + source, **beside}).file
    whole = State(File(file.SerializeToString(), imported=file.name != "shop.proto") for file in files)
    return whole if with_imports else State(whole.files.values())


@pytest.fixture
def found() -> Found:
    """The identifiers of the rules beyond buf that object when one source becomes another."""

    def compared(before: str, after: str) -> set[str]:
        conventions = Conventions(today=dt.date(2026, 11, 22))
        return {breach.rule.id for breach in compare(state(before), state(after), BEYOND_BUF, conventions)}

    return compared
