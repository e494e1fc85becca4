"""Additions to protobuf interfaces."""

from __future__ import annotations

from collections.abc import Iterable

from servanda.interfaces.protobuf.schema import File, State
from servanda.verdict import Bump


def growth(previous: State, current: State) -> Bump:
    """Return minor if a new name is declared, patch for any other edit, none if both states say the same."""
    before, after = _differing(previous, current), _differing(current, previous)
    # Of two compilers each may write the same definition in its own order.
    if [file.proto for file in before] == [file.proto for file in after]:
        return Bump.NONE
    return Bump.MINOR if _names(after) - _names(before) else Bump.PATCH


def _differing(state: State, other: State) -> list[File]:
    """Return the files that do not say the same in the other state: nothing new can be in the rest."""
    return [file for path, file in state.files.items() if path not in other.files or not file.says(other.files[path])]


def _names(files: Iterable[File]) -> frozenset[str]:
    return frozenset(
        name
        for file in files
        for name in (
            *(element.full_name for element in file.messages.values()),
            *(f"{m.full_name}.{field.name}" for m in file.messages.values() for field in m.proto.field),
            *(element.full_name for element in file.enums.values()),
            *(f"{e.full_name}.{value.name}" for e in file.enums.values() for value in e.proto.value),
            *(element.full_name for element in file.services.values()),
            *(f"{s.full_name}.{method.name}" for s in file.services.values() for method in s.proto.method),
            *(element.full_name for element in file.extensions.values()),
        )
    )
