"""Rules that a workspace adds to those of buf.validate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from servanda.interfaces.protobuf.schema import File, State

_RULES_PACKAGE: Final = b".buf.validate."


def predefining(state: State) -> Iterator[File]:
    """Yield the files of a state that extend the rules of buf.validate."""
    for file in (*state.files.values(), *state.imports.values()):
        if _RULES_PACKAGE in file.raw and any(
            extension.proto.extendee.startswith(_RULES_PACKAGE.decode()) for extension in file.extensions.values()
        ):
            yield file


def changed_rules(previous: State, current: State) -> frozenset[str]:
    """Return paths of files in which rules that extend those of buf.validate differ between two states."""
    before, after = ({file.path: file for file in predefining(state)} for state in (previous, current))
    return frozenset(path for path in before.keys() & after.keys() if not before[path].says(after[path]))
