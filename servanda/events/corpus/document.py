"""One recorded event as a document: the record, what it was understood as, and what came before it for its key."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, Final

from servanda.documents import Notation, ParsedDocument, Reader
from servanda.errors import ContractError
from servanda.topics.record import Record, from_json, to_json

FORMAT: Final = "servanda-event"
VERSION: Final = 1
SUFFIX: Final = ".event.json"
READER: Final = Reader(ContractError)
_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9._-]+")
_HINT: Final = "'servanda help event-corpus' tells what a recorded event holds"


@dataclass(frozen=True, slots=True)
class KeptEvent:
    """The event that a corpus keeps of one shape.

    Attributes:
        service: Service that published it.
        type: Full name of its message, or what its headers call it; empty if nothing does.
        shape: Name of the shape: digits of a hash of type and signature.
        signature: What the shape is: which fields are present, which values enums have, which member of a oneof is set.
        schema: Fingerprint of the definition that it was read with; empty if there is none.
        record: The record, without what nobody may read.
        history: Earlier records of the same key, on any topic, oldest first: what a consumer has seen before.
        payload: The value in words, for who reviews it; nothing reads it back.
    """

    service: str
    type: str
    shape: str
    signature: tuple[str, ...]
    schema: str
    record: Record
    history: tuple[Record, ...] = ()
    payload: Any = None

    @property
    def topic(self) -> str:
        """Return the topic that it was read from, without the namespace of a run."""
        return self.record.topic

    @property
    def identity(self) -> tuple[str, str, str]:
        """Return what no other event of a corpus has."""
        return self.service, self.topic, self.shape

    @property
    def file(self) -> str:
        """Return the path of its document in the corpus."""
        kind = _in_names(self.type.rpartition(".")[2]) or "event"
        return f"{_in_names(self.service)}/{_in_names(self.topic)}/{kind}-{self.shape}{SUFFIX}"


def shape_of(kind: str, signature: tuple[str, ...]) -> str:
    """Return the name of a shape."""
    return hashlib.sha256("\n".join((kind, *signature)).encode()).hexdigest()[:12]


def dump(event: KeptEvent) -> str:
    """Return the text of a document; the same event always gives the same text."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "service": event.service,
        "type": event.type,
        "shape": event.shape,
        "signature": list(event.signature),
        "schema": event.schema,
        "payload": event.payload,
        "record": to_json(event.record),
        "history": [to_json(each) for each in event.history],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def parse(content: bytes, path: str) -> KeptEvent:
    """Read a document.

    Raises:
        ContractError: It says what no such document says; the error names the place.
    """
    return _read(READER.parse(content, path, Notation.JSON))


def _read(document: ParsedDocument) -> KeptEvent:
    top = document.root.table()
    if (found := top.text("format", "")) != FORMAT:
        raise top.error(f"is no recorded event: expected the format '{FORMAT}', found '{found}'", _HINT)
    if (version := top.integer("version", 0)) != VERSION:
        raise top.error(f"expected version {VERSION} of a recorded event, found {version}", _HINT)
    payload = top.get("payload")
    event = KeptEvent(
        top.name("service"),
        top.text("type", ""),
        top.name("shape"),
        top.texts("signature"),
        top.text("schema", ""),
        from_json(top.table("record")),
        tuple(from_json(each.table()) for each in top.items("history")),
        None if payload is None else payload.raw,
    )
    top.close()
    if (made := shape_of(event.type, event.signature)) != event.shape:
        raise top.error(f"the shape of its signature is {made}, found {event.shape}", _HINT)
    return event


def _in_names(text: str) -> str:
    # What a topic or a type is called comes from outside, and may not lead out of the folder.
    return _NOT_IN_NAMES.sub("-", text).strip(".-")
