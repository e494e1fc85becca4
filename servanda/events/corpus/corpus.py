"""The corpus as a folder: read with every hash checked, added to, and dropped from when retention is over."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from servanda.documents import Boundary, files_in, read_bytes, replace_text
from servanda.errors import ContractError
from servanda.events.corpus import document, manifest
from servanda.events.corpus.document import READER, SUFFIX, KeptEvent
from servanda.events.corpus.manifest import NAME, Dropped, Entry, Manifest

_RESTORE = "recorded events are never changed: take the file from git again, git checkout -- {path}"


@dataclass(frozen=True, slots=True)
class Corpus:
    """The events of a folder.

    Attributes:
        folder: The folder; it need not exist.
        manifest: What it holds.
        events: The events, in the order of the manifest.
    """

    folder: Path
    manifest: Manifest
    events: tuple[KeptEvent, ...]

    @property
    def topics(self) -> Mapping[str, str]:
        """Return the service that publishes, by topic."""
        return MappingProxyType({each.topic: each.service for each in self.manifest.entries})

    def entry(self, event: KeptEvent) -> Entry:
        """Return the entry of an event of this corpus."""
        return next(each for each in self.manifest.entries if each.identity == event.identity)

    def of_shape(self, shape: str) -> tuple[KeptEvent, ...]:
        """Return the events of a shape, which is told by its name or by the beginning of that.

        Raises:
            ContractError: There is none.
        """
        found = tuple(each for each in self.events if shape and each.shape.startswith(shape))
        if not found:
            raise ContractError(
                f"no shape '{shape}'", where=os.fspath(self.folder / NAME), hint="the manifest lists all shapes"
            )
        return found

    def with_events(
        self,
        events: Iterable[KeptEvent],
        seen: Mapping[tuple[str, str, str], tuple[dt.date, dt.date]],
        retention: Mapping[str, int],
    ) -> Corpus:
        """Return the corpus with further events.

        Args:
            events: Events of new shapes.
            seen: First and last day on which a shape was published, by its identity.
            retention: Hours for which topics keep a record.
        """
        added = tuple(events)
        known = {each.identity: each for each in self.manifest.entries}
        for event in added:
            text = document.dump(event)
            days = seen[event.identity]
            known[event.identity] = Entry(*event.identity, event.type, event.file, _hash(text.encode()), *days)
        for identity, (first, last) in seen.items():
            if (entry := known.get(identity)) is not None:
                known[identity] = replace(entry, first=min(first, entry.first), last=max(last, entry.last))
        hours = MappingProxyType({**self.manifest.retention, **retention})
        whole = replace(self.manifest, entries=tuple(sorted(known.values())), retention=hours)
        return Corpus(self.folder, whole, (*self.events, *added))

    def without(self, shapes: Iterable[str], today: dt.date) -> Corpus:
        """Return the corpus without shapes that no topic can hold any more.

        Raises:
            ContractError: There is no such shape, or a topic may still hold one.
        """
        going: list[Dropped] = []
        for event in {each.identity: each for shape in shapes for each in self.of_shape(shape)}.values():
            entry = self.entry(event)
            when = self.manifest.droppable(entry)
            if when is None or when > today:
                what = f"{event.topic} may still hold an event of the shape {event.shape}, last published {entry.last}"
                hint = f"drop it from {when} on" if when else "its retention is not known, or it never deletes a record"
                raise ContractError(what, where=event.file, hint=hint)
            going.append(Dropped(*event.identity, event.type, entry.last, today))
        gone = {(each.service, each.topic, each.shape) for each in going}
        whole = replace(
            self.manifest,
            entries=tuple(each for each in self.manifest.entries if each.identity not in gone),
            dropped=tuple(sorted((*self.manifest.dropped, *going))),
        )
        return Corpus(self.folder, whole, tuple(each for each in self.events if each.identity not in gone))

    def save(self) -> None:
        """Write documents that are not there yet, then the manifest, and remove documents that were dropped.

        Raises:
            ContractError: The folder leads out of its tree, or cannot be written to.
        """
        boundary = Boundary.around(self.folder.parent, ContractError)
        for event in self.events:
            place = self.folder / event.file
            if not place.exists():
                replace_text(place, document.dump(event), boundary)
        replace_text(self.folder / NAME, manifest.dump(self.manifest), boundary)
        listed = {each.file for each in self.manifest.entries}
        for path in _documents(self.folder):
            if path.relative_to(self.folder).as_posix() not in listed:
                path.unlink()


def is_corpus(folder: Path) -> bool:
    """Tell whether a folder holds a corpus, which need not be readable."""
    return os.path.lexists(folder / NAME)


def open_corpus(folder: Path) -> Corpus:
    """Read a corpus; one that does not exist holds nothing.

    Raises:
        ContractError: The manifest or a document cannot be read, is of an unknown version, was changed, is missing or
            is not in the manifest.
    """
    place = folder / NAME
    listed = Manifest()
    if is_corpus(folder):
        found = Boundary.around(folder, ContractError).inside(place)
        listed = manifest.parse(read_bytes(found, os.fspath(place), READER.limits.size, ContractError), str(place))
    events = tuple(_opened(folder, entry) for entry in listed.entries)
    known = {entry.file for entry in listed.entries}
    for path in _documents(folder):
        if path.relative_to(folder).as_posix() not in known:
            hint = "remove it, or take the manifest that lists it from git again"
            raise ContractError("is not in the manifest", where=os.fspath(path), hint=hint)
    return Corpus(folder, listed, events)


def _opened(folder: Path, entry: Entry) -> KeptEvent:
    path = Boundary.around(folder, ContractError).inside(folder / entry.file)
    shown = os.fspath(folder / entry.file)
    if not path.exists():
        what = f"a recorded event is missing: {entry.type or entry.topic}, shape {entry.shape}"
        hint = _RESTORE.format(path=shown) + "; 'servanda events drop' drops one whose retention is over"
        raise ContractError(what, where=shown, hint=hint)
    content = read_bytes(path, shown, READER.limits.size, ContractError)
    if (found := _hash(content)) != entry.sha256:
        what = f"a recorded event was changed: expected SHA-256 {entry.sha256}, found {found}"
        what += _difference(content, shown, entry)
        raise ContractError(what, where=shown, hint=_RESTORE.format(path=shown))
    event = document.parse(content, shown)
    if event.identity != entry.identity:
        what = f"the manifest says {'/'.join(entry.identity)}, the document {'/'.join(event.identity)}"
        raise ContractError(what, where=shown, hint=_RESTORE.format(path=shown))
    return event


def _difference(content: bytes, shown: str, entry: Entry) -> str:
    try:
        event = document.parse(content, shown)
    except ContractError as error:
        return f"; it cannot be read any more: {error.what}"
    if event.identity != entry.identity:
        return f"; it is now {'/'.join(event.identity)} and was {'/'.join(entry.identity)}"
    return "; its identity is the same: record, history or payload differ"


def _documents(folder: Path) -> tuple[Path, ...]:
    return files_in(folder, f"**/*{SUFFIX}", ContractError)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
