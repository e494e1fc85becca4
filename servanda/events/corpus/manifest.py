"""The manifest of a corpus: its events with their hashes and the days on which they were seen, and what was dropped."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from servanda.documents import Notation, Table
from servanda.errors import ContractError
from servanda.events.corpus.document import READER

FORMAT: Final = "servanda-event-corpus"
VERSION: Final = 1
NAME: Final = "manifest.json"
FOREVER: Final = -1
"""Retention of a topic that deletes nothing by age."""
_HINT: Final = "'servanda help event-corpus' tells what the manifest of a corpus holds"


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """An event of the corpus.

    Attributes:
        type: Full name of its message; empty if nothing says it.
        file: Path of its document in the corpus.
        sha256: Hash of that document.
        first: Day on which an event of this shape was first published, as far as anybody recorded.
        last: Day on which one was last published, as far as anybody recorded.
    """

    service: str
    topic: str
    shape: str
    type: str
    file: str
    sha256: str
    first: dt.date
    last: dt.date

    @property
    def identity(self) -> tuple[str, str, str]:
        """Return what no other entry has."""
        return self.service, self.topic, self.shape


@dataclass(frozen=True, slots=True, order=True)
class Dropped:
    """An event that was dropped because no topic can hold its shape any more.

    Attributes:
        on: Day on which it was dropped.
    """

    service: str
    topic: str
    shape: str
    type: str
    last: dt.date
    on: dt.date


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that a corpus holds.

    Attributes:
        retention: Hours for which a topic keeps a record, by topic; :data:`FOREVER` if it deletes none by age. A topic
            that is missing was not asked.
    """

    entries: tuple[Entry, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    retention: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def digest(self) -> str:
        """Return the hash of all entries, whatever their order; days on which a shape was seen are no part of it."""
        return digest_of(self.entries, self.dropped)

    def droppable(self, entry: Entry) -> dt.date | None:
        """Return the first day on which no topic can hold an event of this shape; ``None`` if nobody can tell.

        A record that was published at the end of the last day is kept for the retention of its topic.
        """
        hours = self.retention.get(entry.topic, FOREVER)
        if hours == FOREVER:
            return None
        end = dt.datetime.combine(entry.last, dt.time.max) + dt.timedelta(hours=hours)
        return end.date() + dt.timedelta(days=1)


def digest_of(entries: Iterable[Entry], dropped: Iterable[Dropped]) -> str:
    """Return the hash of what a manifest lists."""
    lines = [f"{'/'.join(each.identity)} {each.file} {each.sha256}" for each in entries]
    lines += [f"dropped {each.service}/{each.topic}/{each.shape} {each.on}" for each in dropped]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()


def dump(manifest: Manifest) -> str:
    """Return the text of a manifest."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "digest": manifest.digest,
        "retention_hours": dict(sorted(manifest.retention.items())),
        "events": [_entry(each) for each in sorted(manifest.entries)],
        "dropped": [_dropped(each) for each in sorted(manifest.dropped)],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def parse(content: bytes, path: str) -> Manifest:
    """Read a manifest, and check that its entries are those that it was written with.

    Raises:
        ContractError: It is none, one of another version, or an entry was changed, added or removed by hand.
    """
    top = READER.parse(content, path, Notation.JSON).root.table()
    if (found := top.text("format", "")) != FORMAT:
        raise top.error(f"is no manifest of a corpus: expected the format '{FORMAT}', found '{found}'", _HINT)
    if (version := top.integer("version", 0)) != VERSION:
        raise top.error(f"expected version {VERSION} of a corpus, found {version}", _HINT)
    hours = {name: each.integer() for name, each in top.table("retention_hours").entries()}
    manifest = Manifest(
        tuple(_read_entry(each.table()) for each in top.items("events")),
        tuple(_read_dropped(each.table()) for each in top.items("dropped")),
        MappingProxyType(hours),
    )
    digest = top.name("digest")
    top.close()
    _require_each_once(manifest, top)
    if digest != manifest.digest:
        what = f"an entry was changed, added or removed: the digest of the entries is {manifest.digest}, found {digest}"
        hint = (
            "take the file from git again: git checkout -- FILE. After a merge, keep the entries of both sides and "
            "write the digest of the entries"
        )
        raise ContractError(what, where=path, hint=hint)
    return manifest


def _require_each_once(manifest: Manifest, top: Table) -> None:
    seen: set[tuple[str, str, str]] = set()
    for entry in manifest.entries:
        if entry.identity in seen:
            raise top.error(f"the shape {'/'.join(entry.identity)} is there twice", _HINT)
        seen.add(entry.identity)


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "service": entry.service,
        "topic": entry.topic,
        "shape": entry.shape,
        "type": entry.type,
        "file": entry.file,
        "sha256": entry.sha256,
        "first": entry.first.isoformat(),
        "last": entry.last.isoformat(),
    }


def _dropped(dropped: Dropped) -> dict[str, Any]:
    return {
        "service": dropped.service,
        "topic": dropped.topic,
        "shape": dropped.shape,
        "type": dropped.type,
        "last": dropped.last.isoformat(),
        "on": dropped.on.isoformat(),
    }


def _read_entry(table: Table) -> Entry:
    entry = Entry(
        table.name("service"),
        table.name("topic"),
        table.name("shape"),
        table.text("type", ""),
        table.name("file"),
        table.name("sha256"),
        _day(table, "first"),
        _day(table, "last"),
    )
    table.close()
    return entry


def _read_dropped(table: Table) -> Dropped:
    dropped = Dropped(
        table.name("service"),
        table.name("topic"),
        table.name("shape"),
        table.text("type", ""),
        _day(table, "last"),
        _day(table, "on"),
    )
    table.close()
    return dropped


def _day(table: Table, name: str) -> dt.date:
    text = table.name(name)
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise table.error(f"'{text}' of '{name}' is no day, expected one such as 2026-01-31") from None
