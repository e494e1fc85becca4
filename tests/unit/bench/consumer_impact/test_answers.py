"""Answers of Servanda to a part of the edits; `python -m bench.consumer_impact` asks about all."""

import pytest

from bench.consumer_impact.generated import running as elements
from bench.consumer_impact.scenario import running
from bench.consumer_impact.scenario.scenario import Scenario
from bench.consumer_impact.scenario.scoring import MISSED, mistakes


@pytest.mark.parametrize("kind", ["behavior", "events", "routes"])
def test_every_consumer_is_told_what_is_right(library: Scenario, kind: str) -> None:
    edits = [edit for edit in library.edits if edit.kind == kind]

    answered = list(running.answers(library, edits))

    assert list(mistakes(running.pairs(library, answered))) == []
    assert list(running.misjudged(answered)) == []


def test_nobody_who_breaks_is_told_unaffected(library: Scenario) -> None:
    judged = elements.pairs(library, count=50, seed=21)

    assert [line for line in mistakes(judged) if line.startswith(MISSED)] == []
