"""Replay of recorded events for the gate and for the command: its result as a stage, and the evidence."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from servanda import infra, supervision
from servanda.configuration import Configuration
from servanda.events.replay.difference import Difference
from servanda.events.replay.examination import Examination, Listeners, Prepared, examine
from servanda.gate.rollout import keep
from servanda.gate.stage import EVENTS
from servanda.gate.versions import versions
from servanda.policy.evidence import Evidence, Pairing
from servanda.policy.evidence import written as written_evidence
from servanda.processes import make_private_folder
from servanda.verdict import Outcome, StageResult
from servanda.versions.builds import WORKING_TREE

EVIDENCE: Final = "evidence.json"
RECORDED: Final = "recorded"
"""Version of a publisher whose events were recorded, whichever that was."""
_KIND: Final = "event"


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """Result of a replay."""

    stage: StageResult
    examination: Examination


async def carried_out(
    prepared: Prepared,
    configuration: Configuration,
    environ: Mapping[str, str],
    *,
    mode: str | None = None,
    listeners: Listeners,
    endpoints: infra.Endpoints | None = None,
) -> CarriedOut:
    """Replay events, and write the evidence; see :func:`servanda.events.replay.examination.examine`.

    Raises:
        ServandaError: Something kept it from being carried out.
    """
    began, started = time.time(), time.monotonic()
    found = await examine(prepared, configuration, environ, mode=mode, listeners=listeners, endpoints=endpoints)
    folder = supervision.own_folder(configuration.root, EVENTS)
    make_private_folder(folder)
    keep(written_evidence(_evidence(prepared, configuration, found, began)), folder / EVIDENCE)
    reasons = tuple(each.reason() for each in found.differences)
    stage = StageResult(EVENTS, found.outcome, round(time.monotonic() - started, 3), reasons)
    return CarriedOut(stage, found)


def _evidence(prepared: Prepared, configuration: Configuration, found: Examination, began: float) -> Evidence:
    wanted = prepared.wanted
    return Evidence(
        (wanted.live,) if wanted.live else (),
        WORKING_TREE,
        dt.datetime.fromtimestamp(began, tz=dt.UTC).isoformat(timespec="seconds"),
        "real stores",
        tuple(sorted(_pairings(prepared, found))),
        versions(configuration).get("commit", ""),
        f"servanda events replay --seed {wanted.seed}{f' --live {wanted.live}' if wanted.live else ''}",
    )


def _pairings(prepared: Prepared, found: Examination) -> Iterator[Pairing]:
    """Yield the working tree of each consumer with recorded events, and a live version with those of the tree."""
    for consumer in prepared.consumers:
        for publisher in {event.service for event in prepared.events if event.topic in consumer.topics}:
            for version, published in _met(prepared):
                broken = [
                    each.reason().message
                    for each in found.differences
                    if (each.consumer, each.version) == (consumer.name, version) and _is_of(each, prepared, publisher)
                ]
                outcome = Outcome.BROKEN if broken else Outcome.HELD
                yield Pairing(_KIND, consumer.name, version, publisher, published, outcome, broken[0] if broken else "")


def _met(prepared: Prepared) -> Iterator[tuple[str, str]]:
    yield WORKING_TREE, RECORDED
    if prepared.wanted.live:
        yield prepared.wanted.live, WORKING_TREE


def _is_of(difference: Difference, prepared: Prepared, publisher: str) -> bool:
    """Tell whether a difference may be about events of a publisher: one that names none may be."""
    published = {event.topic for event in prepared.events if event.service == publisher}
    named = {sent.record.topic for sent in difference.events}
    return not named or bool(named & published)
