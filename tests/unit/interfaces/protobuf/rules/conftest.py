"""Changes of small files, written down in a line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from servanda.interfaces.protobuf.comparison import compare
from servanda.interfaces.protobuf.rules.subject import Conventions
from servanda.interfaces.protobuf.rules.table import BEYOND_BUF
from servanda.interfaces.protobuf.schema import State
from tests.unit.interfaces.conftest import state_of

HEAD = """syntax = "proto3";
package shop.v1;
import "buf/validate/validate.proto";
import "google/api/annotations.proto";
import "google/api/field_behavior.proto";
"""

Found = Callable[[str, str], set[str]]


def state(source: str, *, with_imports: bool = True) -> State:
    """The state of one file with this source."""
    whole = state_of({"shop.proto": HEAD + source})
    return whole if with_imports else State(whole.files.values())


@pytest.fixture
def found() -> Found:
    """The identifiers of the rules beyond buf that object when one source becomes another."""

    def compared(before: str, after: str) -> set[str]:
        conventions = Conventions(today=dt.date(2026, 11, 22))
        return {breach.rule.id for breach in compare(state(before), state(after), BEYOND_BUF, conventions)}

    return compared
