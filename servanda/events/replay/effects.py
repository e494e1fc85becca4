"""Accepted effects: the state that a consumer leaves after the recorded events, reviewed like any other document."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from servanda.documents import Boundary, replace_text
from servanda.errors import ContractError
from servanda.events.corpus.document import READER
from servanda.events.replay.script import Sent
from servanda.events.replay.state import State

FORMAT: Final = "servanda-event-effects"
VERSION: Final = 1
FOLDER: Final = "effects"
_HINT: Final = "review and accept the effects: servanda events replay {consumer} --accept"


@dataclass(frozen=True, slots=True)
class Effects:
    """Effects of recorded events on a consumer.

    Attributes:
        events: Hash of the records that were sent, see :func:`digest_of`.
        refused: Digests of the records that it gave up.
        state: The rows that it left, without what is made anew in every run.
    """

    consumer: str
    events: str
    refused: frozenset[str]
    state: State


def digest_of(events: Iterable[Sent]) -> str:
    """Return the hash of records, whatever their order."""
    return hashlib.sha256("\n".join(sorted(sent.record.digest for sent in events)).encode()).hexdigest()


def place_of(corpus: Path, consumer: str) -> Path:
    """Return the file of a consumer's effects."""
    return corpus / FOLDER / f"{consumer}.json"


def save(effects: Effects, corpus: Path) -> Path:
    """Write effects beside the corpus, and return the file.

    Raises:
        ContractError: It cannot be written.
    """
    content = {
        "format": FORMAT,
        "version": VERSION,
        "consumer": effects.consumer,
        "events": effects.events,
        "refused": sorted(effects.refused),
        "state": {
            table: sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))
            for table, rows in sorted(effects.state.items())
        },
    }
    place = place_of(corpus, effects.consumer)
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    replace_text(place, text, Boundary.around(corpus, ContractError))
    return place


def read(corpus: Path, consumer: str) -> Effects | None:
    """Return the accepted effects of a consumer; ``None`` if there are none.

    Raises:
        ContractError: The document cannot be read, or is of another version.
    """
    place = place_of(corpus, consumer)
    document = READER.find(place, os.fspath(place))
    if document is None:
        return None
    hint = _HINT.format(consumer=consumer)
    top = document.root.table()
    if (found := top.text("format", "")) != FORMAT:
        raise top.error(f"is no document of effects: expected the format '{FORMAT}', found '{found}'", hint)
    if (version := top.integer("version", 0)) != VERSION:
        raise top.error(f"expected version {VERSION} of a document of effects, found {version}", hint)
    state = {table: tuple(each.table().raw for each in rows.items()) for table, rows in top.table("state").entries()}
    effects = Effects(top.name("consumer"), top.name("events"), frozenset(top.texts("refused")), state)
    top.close()
    return effects
