"""Diagnoses of an installation and of a configuration: one line each, or JSON."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence, Sized
from dataclasses import dataclass
from typing import Final

from rich.console import Console

from servanda.escaping.documents import json_text
from servanda.report.console import put, put_folded
from servanda.report.line import Line


class Health(enum.StrEnum):
    """Weight of a diagnosis for the one who asks."""

    FINE = "fine"
    """It works."""
    UNNEEDED = "unneeded"
    """It is missing, and nothing here needs it."""
    MISSING = "missing"
    """The configuration needs it, or is wrong."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that was looked at.

    Attributes:
        area: What it belongs to, such as ``stores``.
        name: What it is.
        health: What it means.
        what: What was found, without a full stop.
        hint: What to do; empty if nothing is.
    """

    area: str
    name: str
    health: Health
    what: str
    hint: str = ""


_MARKS: Final = {
    Health.FINE: ("ok     ", "green"),
    Health.UNNEEDED: ("-      ", "dim"),
    Health.MISSING: ("missing", "red"),
}


def counted(things: Sized, noun: str, nouns: str = "") -> str:
    """Say how many there are."""
    count = len(things)
    return f"{count} {noun if count == 1 else nouns or f'{noun}s'}"


def is_healthy(found: Iterable[Diagnosis]) -> bool:
    """Tell whether nothing that is needed is missing."""
    return all(each.health is not Health.MISSING for each in found)


def print_diagnoses(found: Sequence[Diagnosis], console: Console) -> None:
    """Print a line for each, under its area."""
    # Whoever reads it line by line finds each whole; on a terminal a long one goes on below.
    folded = console.is_terminal
    width = max((len(each.name) for each in found), default=0)
    area = ""
    for each in found:
        if each.area != area:
            area = each.area
            put(console, (area, "bold"))
        hint = f"; {each.hint}" if each.hint else ""
        line: Line = ("  ", _MARKS[each.health], f"  {each.name:<{width}}  {each.what}{hint}")
        if folded:
            put_folded(console, [line])
        else:
            put(console, *line)


def diagnoses_document(found: Sequence[Diagnosis]) -> str:
    """Render them as JSON."""
    parts = [
        {"area": each.area, "name": each.name, "health": str(each.health), "what": each.what, "hint": each.hint}
        for each in found
    ]
    return json_text({"healthy": is_healthy(found), "diagnoses": parts})
