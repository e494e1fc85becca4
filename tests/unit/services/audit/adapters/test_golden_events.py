"""The audit trail understands every event of every release, as that release publishes it."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

import services.audit
from platformkit.events import Record, decode
from services.audit.adapters.event_handlers import EVENTS, record_event
from services.audit.adapters.memory import MemoryEntries

GOLDEN = Path(services.audit.__file__).parents[2] / "contracts" / "events"


def record_of(path: Path) -> Record:
    golden = json.loads(path.read_text())
    headers = tuple((name, value.encode()) for name, value in golden["headers"].items())
    return Record(golden["topic"], golden["key"].encode(), base64.b64decode(golden["value"]), headers)


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*/plt.identity.*.json")), ids=lambda path: path.stem)
async def test_a_released_event_is_recorded(path: Path) -> None:
    record = record_of(path)
    entries = MemoryEntries()
    await record_event(entries, decode(record, EVENTS))
    (entry,) = entries.rows.values()
    assert entry.occurrence.subject == f"users/{(record.key or b'').decode()}"
    assert entry.occurrence.cause.event_id == dict(record.headers)["ce_id"].decode()


def test_there_are_golden_events_of_a_release() -> None:
    assert list(GOLDEN.glob("*/plt.identity.*.json"))
