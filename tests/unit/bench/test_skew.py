"""The changes of the shop that a mixed-version run is measured with."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from bench.skew.change import Change, stock, write_shop
from bench.skew.faults import CHANGES
from bench.skew.summary import shares_hold, totals
from bench.skew.trial import Trial


@pytest.mark.parametrize("change", [pytest.param(change, id=change.name) for change in CHANGES])
def test_a_change_can_be_made_to_the_shop(change: Change, tmp_path: Path) -> None:
    write_shop(tmp_path / "shop", change.edits)
    for file in (tmp_path / "shop").rglob("*.py"):
        ast.parse(file.read_text())


def test_a_text_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"warehouse/stock\.py has no 'no such text'"):
        write_shop(tmp_path / "shop", (stock("no such text", ""),))


def test_changes_have_names_of_their_own() -> None:
    assert [name for name, times in Counter(change.name for change in CHANGES).items() if times > 1] == []


def test_there_are_enough_of_both_sorts() -> None:
    assert Counter(change.is_fault for change in CHANGES) >= Counter({True: 40, False: 20})


FAULTS = tuple(Change(f"fault-{number}", "cache", (), ("step",)) for number in range(20))
SAFE = Change("safe", "cache", ())


def trial(change: Change, *, is_right: bool, alone: str = "") -> Trial:
    return Trial(change.name, "rolling" if is_right else "", "answer", (), is_right, alone, 1.0)


def test_one_fault_of_twenty_may_be_missed_but_no_safe_change_may_raise_an_alarm() -> None:
    right = [trial(change, is_right=True) for change in (*FAULTS[2:], SAFE)]
    second, first = trial(FAULTS[1], is_right=True), trial(FAULTS[0], is_right=False)
    assert shares_hold((*FAULTS, SAFE), [first, second, *right])
    assert not shares_hold((*FAULTS, SAFE), [first, trial(FAULTS[1], is_right=False), *right])
    assert not shares_hold((*FAULTS, SAFE), [first, second, *right[:-1], trial(SAFE, is_right=False)])


def test_totals_tell_what_a_test_of_one_version_does_not_find() -> None:
    changes = (*FAULTS[:2], SAFE)
    trials = [trial(FAULTS[0], is_right=True), trial(FAULTS[1], is_right=True, alone="x"), trial(SAFE, is_right=True)]
    assert list(totals(changes, {each.change: each for each in trials})) == [
        "2 faults: 2 caught, 2 caught and named",
        "1 of these are found by no test of the candidate alone",
        "1 safe changes: 0 false alarms",
    ]
