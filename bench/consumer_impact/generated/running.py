"""Asking Servanda about edits that were made element by element."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.consumer_impact.generated.candidate import Candidate
from bench.consumer_impact.generated.drawing import drawn, former
from bench.consumer_impact.scenario.answering import Folder
from bench.consumer_impact.scenario.scenario import Scenario
from bench.consumer_impact.scenario.scoring import Pair

_BROKEN = frozenset(["broken"])
_HOLDS = frozenset(["potentially-affected", "unknown", "unaffected"])


def pairs(scenario: Scenario, count: int, seed: int, only: str = "") -> Iterator[Pair]:
    """Yield what Servanda tells each consumer of each edit, beside whether one of its interactions breaks."""
    others = {path: text.encode() for path, text in scenario.files.items() if not path.startswith(("proto/", "api/"))}
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as cache:
        asked = Folder(Path(folder), Path(cache), former(scenario), others)
        for each in drawn(scenario, count, seed, only):
            told = asked.ask(each.files)
            for party in scenario.parties:
                right = _BROKEN if party.name in each.broken else _HOLDS
                because = f"{told.because(party.name)}; {each.broken.get(party.name, 'it holds')}"
                transport = scenario.transport_with(party.name, _provider(each.candidate))
                yield Pair(
                    each.candidate.kind, each.candidate.name, party.name, transport, right, told.of(party.name), because
                )


def _provider(candidate: Candidate) -> str:
    return candidate.document or candidate.name.split(".")[1]
