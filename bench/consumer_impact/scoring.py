"""Precision and recall of answers against the ground truth."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

BROKEN, UNAFFECTED = "broken", "unaffected"
Answers = dict[tuple[str, str], str]


@dataclass(frozen=True)
class Judgement:
    """One consumer of one case: what is true, and what was answered."""

    case: str
    kind: str
    consumer: str
    broken: bool
    complete: bool
    because: str
    answer: str


@dataclass(frozen=True)
class Score:
    """Counts of right and wrong alarms, and of breaks that were told and missed."""

    right: int
    wrong: int
    missed: int
    silent: int

    @property
    def precision(self) -> float:
        """Return the share of correct alarms; 1 if there is none."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Return the share of reported breaks; 1 if there is none."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0


def judgements(folder: Path, answers: Path) -> list[Judgement]:
    """Return every consumer of every case, with its answer; no answer counts as ``unknown``."""
    told: Answers = {}
    for line in answers.read_text(encoding="utf-8").splitlines():
        answer = json.loads(line)
        told[answer["case"], answer["consumer"]] = answer["impact"]
    return [judgement for case in sorted(folder.glob("*/truth.json")) for judgement in _judged(case, told)]


def _judged(truth: Path, told: Answers) -> Iterator[Judgement]:
    document, case = json.loads(truth.read_text(encoding="utf-8")), truth.parent.name
    for entry in document["consumers"]:
        answer = told.get((case, entry["consumer"]), "unknown")
        facts = (bool(entry["broken"]), bool(entry["complete"]), str(entry["because"]))
        yield Judgement(case, document["kind"], entry["consumer"], *facts, answer)


def score(judged: list[Judgement], alarm: Callable[[str], bool]) -> Score:
    """Return the score if these answers count as an alarm."""
    pairs = [(each.broken, alarm(each.answer)) for each in judged]
    return Score(
        right=pairs.count((True, True)),
        wrong=pairs.count((False, True)),
        missed=pairs.count((True, False)),
        silent=pairs.count((False, False)),
    )
