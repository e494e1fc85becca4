"""Reports of recorded events, in words and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from rich.console import Console

from servanda.events.corpus import Corpus, KeptEvent
from servanda.events.recording.recording import Recorded, Unproduced
from servanda.events.replay.difference import Phase
from servanda.events.replay.examination import Prepared
from servanda.report.console import put
from servanda.report.line import Line, plain

_MOST_PARTS: Final = 6


def recorded_text(recorded: Recorded, *, dry_run: bool) -> str:
    """Return what a recording found, as lines."""
    return plain(tuple(_lines(recorded, dry_run=dry_run)))


def recorded_document(recorded: Recorded) -> str:
    """Return what a recording found, as JSON."""
    content = {
        "topics": {
            topic: {"records": number, "shapes": recorded.seen.get(topic, 0)}
            for topic, number in recorded.records.items()
        },
        "new": [_new(each, recorded.corpus) for each in recorded.new],
        "not_produced": [_unproduced(each) for each in recorded.unproduced],
        "unreadable": dict(recorded.unreadable),
        "left_out": recorded.left_out,
        "digest": recorded.corpus.manifest.digest,
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def replay_lines(prepared: Prepared) -> tuple[Line, ...]:
    """Return what a replay would do, as lines."""
    script, wanted = prepared.script, prepared.wanted
    base = f"the effects of the live version {wanted.live}" if wanted.live else "the accepted effects"
    lines: list[Line] = [(f"seed {wanted.seed}",), (f"expected: {base}",)]
    for consumer in prepared.consumers:
        own = [sent for sent in script.events if sent.record.topic in consumer.topics]
        lines.append((f"{consumer.name}: {_count(len(own), 'record')} on {', '.join(consumer.topics)}",))
        lines += [
            (f"  {_named(each.type, each.shape)} after {_count(len(each.history), 'earlier record')} of its key",)
            for each in prepared.events
            if each.topic in consumer.topics
        ]
    lines += [(f"phase {number}: {phase}",) for number, phase in enumerate(Phase, 1)]
    return tuple(lines)


def phase_begins(version: str, phase: Phase, console: Console) -> None:
    """Say that a phase begins."""
    put(console, f"{version}: events {phase} ...")


def _lines(recorded: Recorded, *, dry_run: bool) -> Iterator[Line]:
    for topic, number in recorded.records.items():
        new = sum(each.topic == topic for each in recorded.new)
        yield (f"{topic}: {_count(number, 'record')}, {_count(recorded.seen.get(topic, 0), 'shape')}, {new} new",)
        for each in recorded.new:
            if each.topic == topic:
                yield (f"  new           {_named(each.type, each.shape)}: {_short(each.signature)}",)
        for gone in recorded.unproduced:
            if gone.topic == topic:
                yield (f"  not produced  {_named(gone.type, gone.shape)} since {gone.last}; {_until(gone)}",)
    for why, number in recorded.unreadable.items():
        yield (f"not recorded: {_count(number, 'record')} of {why}",)
    if recorded.left_out:
        yield (f"{_count(recorded.left_out, 'record')} with fields that no definition knows: these are not kept",)
    kept = f"{_count(len(recorded.corpus.events), 'event')} in {recorded.corpus.folder.name}"
    yield (f"{kept} would be kept; nothing was written" if dry_run else f"{kept} are kept",)


def _named(kind: str, shape: str) -> str:
    return f"{kind.rpartition('.')[2] or 'event'} {shape}"


def _until(gone: Unproduced) -> str:
    if gone.droppable is None:
        return "its topic keeps it for ever, or nobody knows for how long"
    return f"may be dropped from {gone.droppable} on"


def _short(signature: tuple[str, ...]) -> str:
    more = len(signature) - _MOST_PARTS
    shown = " ".join(signature[:_MOST_PARTS]) or "(empty)"
    return f"{shown} and {more} more" if more > 0 else shown


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _new(event: KeptEvent, corpus: Corpus) -> Mapping[str, Any]:
    entry = corpus.entry(event)
    return {
        "service": event.service,
        "topic": event.topic,
        "type": event.type,
        "shape": event.shape,
        "signature": list(event.signature),
        "file": event.file,
        "first": entry.first.isoformat(),
        "last": entry.last.isoformat(),
    }


def _unproduced(gone: Unproduced) -> Mapping[str, Any]:
    return {
        "service": gone.service,
        "topic": gone.topic,
        "type": gone.type,
        "shape": gone.shape,
        "last": gone.last.isoformat(),
        "droppable": gone.droppable.isoformat() if gone.droppable is not None else None,
    }
