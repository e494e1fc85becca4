"""The library: what its edits say is true is what a replay shows."""

import pytest

from bench.consumer_impact.scenario import running
from bench.consumer_impact.scenario.scenario import Scenario
from bench.consumer_impact.scenario.scoring import MISSED, NOISE, OVERCLAIMED, VAGUE, WEAK, WRONG, Pair


def test_every_edit_can_be_done(library: Scenario) -> None:
    assert all(edit.apply(library.files) != library.files for edit in library.edits)


def test_no_two_edits_have_the_same_name(library: Scenario) -> None:
    assert len({(edit.kind, edit.name) for edit in library.edits}) == len(library.edits)


# All kinds take a minute: python -m bench.consumer_impact scenario --replay
@pytest.mark.parametrize("kind", ["openapi_fees", "openapi_rooms", "events"])
def test_the_truth_is_what_a_replay_shows(library: Scenario, kind: str) -> None:
    edits = [edit for edit in library.edits if edit.kind == kind]

    assert list(running.contradictions(library, edits)) == []


@pytest.mark.parametrize(
    ("right", "told", "mistake"),
    [
        (["broken"], "broken", ""),
        (["broken"], "unaffected", MISSED),
        (["broken"], "unknown", WEAK),
        (["unknown"], "broken", WRONG),
        (["unknown"], "unaffected", OVERCLAIMED),
        (["unknown"], "potentially-affected", VAGUE),
        (["unaffected"], "unknown", NOISE),
        (["unaffected", "unknown"], "unknown", ""),
    ],
)
def test_a_mistake_has_a_name(right: list[str], told: str, mistake: str) -> None:
    assert Pair("kind", "edit", "consumer", "http", frozenset(right), told, "").mistake == mistake
