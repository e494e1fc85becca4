"""Mistakes of answers, counted by transport."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MISSED = "missed"
WRONG = "wrong broken"
OVERCLAIMED = "overclaimed"
WEAK = "weaker than the proof"
VAGUE = "vague"
NOISE = "noise"
COLUMNS = (MISSED, WRONG, OVERCLAIMED, WEAK, VAGUE, NOISE)
PROVIDER = "provider only"
"""In place of the transport of somebody who only provides."""
NO_CONTRACT = "no contract"
_RANK = ("broken", "potentially-affected", "unknown", "unaffected")


@dataclass(frozen=True)
class Pair:
    """One edit and one consumer, with what is right and what was told.

    Attributes:
        right: All right answers.
        because: What the answer rests on.
    """

    kind: str
    edit: str
    consumer: str
    transport: str
    right: frozenset[str]
    told: str
    because: str

    @property
    def mistake(self) -> str:
        """Kind of mistake; empty if the answer is right."""
        if self.told in self.right:
            return ""
        if self.told == "broken":
            return WRONG
        if self.right == {"broken"}:
            return MISSED if self.told == "unaffected" else WEAK
        if self.told == "unaffected":
            return OVERCLAIMED
        return NOISE if "unaffected" in self.right else VAGUE


def table(pairs: Iterable[Pair]) -> Iterator[str]:
    """Yield a table of mistakes by transport."""
    rows: dict[str, list[Pair]] = {}
    for pair in pairs:
        rows.setdefault(pair.transport or NO_CONTRACT, []).append(pair)
    yield f"{'transport':<16}{'pairs':>7}{'right':>7}" + "".join(f"{column:>23}" for column in COLUMNS)
    everything = [pair for chosen in rows.values() for pair in chosen]
    for name, chosen in [*sorted(rows.items()), ("all", everything)]:
        right = sum(not pair.mistake for pair in chosen)
        counts = (sum(pair.mistake == column for pair in chosen) for column in COLUMNS)
        yield f"{name:<16}{len(chosen):>7}{right:>7}" + "".join(f"{count:>23}" for count in counts)


def mistakes(pairs: Iterable[Pair]) -> Iterator[str]:
    """Yield every mistake as a line, the gravest first."""
    wrong = [pair for pair in pairs if pair.mistake]
    for pair in sorted(wrong, key=lambda each: (COLUMNS.index(each.mistake), each.kind, each.edit, each.consumer)):
        right = " or ".join(sorted(pair.right, key=_RANK.index))
        where = f"{pair.consumer} ({pair.transport or 'no contract'})"
        yield f"{pair.mistake}: {pair.kind}: {pair.edit}: {where}: told {pair.told}, right is {right}; {pair.because}"
