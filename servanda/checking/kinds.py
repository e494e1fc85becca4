"""The kinds of interfaces that a check examines."""

from __future__ import annotations

from servanda.interfaces.kind import Kind
from servanda.interfaces.openapi.kind import OpenApi
from servanda.interfaces.protobuf.kind import Protobuf


def kinds() -> tuple[Kind, ...]:
    """Return the kinds; of several that claim an input, the first one takes it."""
    return (OpenApi(), Protobuf())
