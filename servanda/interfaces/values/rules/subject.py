"""Handlers of the rules: each finds among changes what its rule objects to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from servanda.interfaces.rule import Handler, Objection
from servanda.interfaces.values.change import Change, Edit

VALUES: Final = "VALUES"
"""The category of every rule about cached values."""
CHANGES: Final = "changes"
"""The subject of every rule about cached values."""


@dataclass(frozen=True, slots=True)
class ValueObjection(Objection):
    """An objection, with the change that it is about.

    Attributes:
        change: The change; ``None`` for none.
    """

    change: Change | None = None


def changed(edit: Edit) -> Handler:
    """Return the handler that objects to changes of this sort."""

    def handler(changes: Iterable[Change]) -> Iterator[Objection]:
        for each in changes:
            if each.edit is edit:
                path, span = ("", None) if each.is_gone else (each.span.path, each.span)
                told = (each.element, f"{each.told}.", each.span.path)
                yield ValueObjection(path, span, *told, example=each.example, change=each)

    return handler
