"""Every seeded fault of a consumer of events can be made, and is code."""

from __future__ import annotations

import ast

import pytest

from bench.event_replay.faults import CHANGES, Change
from bench.event_replay.trial import BILLING

CODE = (BILLING / "billing.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.name)
def test_a_change_can_be_made_and_is_code(change: Change) -> None:
    text = CODE
    for before, after in change.edits:
        assert before in text
        text = text.replace(before, after)
    assert ast.dump(ast.parse(text)) != ast.dump(ast.parse(CODE))


def test_each_change_has_a_name_of_its_own() -> None:
    assert len({change.name for change in CHANGES}) == len(CHANGES)
