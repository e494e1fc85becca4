from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.audit.domain.entry import Cause, Entry, EntryKind, Occurrence
from services.audit.domain.errors import InvalidEntryError

TIME = datetime(2026, 1, 2, tzinfo=UTC)
CREATED = Occurrence(EntryKind.USER_CREATED, "users/1", TIME, Cause("/plt/identity", "e-1"))


def test_the_same_event_makes_the_same_entry_whenever_it_is_recorded() -> None:
    assert Entry.of(CREATED, TIME).entry_id == Entry.of(CREATED, TIME.replace(year=2027)).entry_id


@pytest.mark.parametrize(
    "cause",
    [
        pytest.param(Cause("/plt/identity", "e-2"), id="another event"),
        pytest.param(Cause("/plt/other", "e-1"), id="another source"),
    ],
)
def test_another_event_makes_another_entry(cause: Cause) -> None:
    assert Entry.of(replace(CREATED, cause=cause), TIME).entry_id != Entry.of(CREATED, TIME).entry_id


@pytest.mark.parametrize("subject", ["", "users", "users/", "users/" + "1" * 195])
def test_an_entry_names_whom_it_is_about(subject: str) -> None:
    with pytest.raises(InvalidEntryError, match="subject must"):
        replace(CREATED, subject=subject)
