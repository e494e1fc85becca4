"""Records, events and corpora for tests."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from servanda.configuration import Events
from servanda.events.corpus import Corpus, KeptEvent, open_corpus
from servanda.events.formats import Formats
from servanda.events.recording.selection import Seen
from servanda.topics.cluster import Placed
from servanda.topics.record import Record

TOPIC = "orders"
DAY = dt.date(2026, 3, 1)
NOON = int(dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC).timestamp() * 1000)
JSON = Formats(Events(redact=("$.email",), enums=("$.status",)), None)


def record(body: Any, key: str = "k1", number: int = 0, **headers: str) -> Record:
    value = None if body is None else json.dumps(body).encode()
    pairs = tuple((name, text.encode()) for name, text in {"ce_id": f"e{number}", **headers}.items())
    return Record(TOPIC, key.encode(), value, pairs, NOON + number * 1000)


def seen(*records: Record, formats: Formats = JSON) -> Seen:
    found = Seen()
    found.add((Placed(each, 0, number) for number, each in enumerate(records)), "shop", TOPIC, formats)
    return found


def events(*records: Record, formats: Formats = JSON) -> tuple[KeptEvent, ...]:
    return seen(*records, formats=formats).chosen(())


def corpus(folder: Path, *records: Record) -> Corpus:
    found = seen(*records)
    return open_corpus(folder).with_events(found.chosen(()), found.days, {TOPIC: 48})
