"""Asking Servanda about edits of a scenario, and holding its answers and the truth against each other."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from bench.consumer_impact.replay import judge
from bench.consumer_impact.scenario import interactions
from bench.consumer_impact.scenario.answering import Folder, Told
from bench.consumer_impact.scenario.edits import Edit
from bench.consumer_impact.scenario.scenario import Scenario, compiled, meaning
from bench.consumer_impact.scenario.scoring import PROVIDER, Pair


def answers(scenario: Scenario, edits: Iterable[Edit]) -> Iterator[tuple[Edit, Told]]:
    """Yield what Servanda tells of each edit."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as cache:
        asked = Folder(Path(folder), Path(cache), *_parted(scenario.files))
        for edit in edits:
            yield edit, asked.ask(_parted(edit.apply(scenario.files))[0])


def pairs(scenario: Scenario, answered: Iterable[tuple[Edit, Told]]) -> Iterator[Pair]:
    """Yield what each consumer is told of each edit, beside what is right.

    Those who only provide are pairs, too, if they are named: nothing is right but silence.
    """
    for edit, told in answered:
        for party in scenario.parties:
            transport = scenario.transport(party.name, edit)
            right = edit.right(party.name, is_observed=party.log, has_contract=bool(transport))
            answer = (told.of(party.name), told.because(party.name))
            yield Pair(edit.kind, edit.name, party.name, transport, right, *answer)
        for name in sorted(scenario.providers & told.worst.keys()):
            answer = (told.of(name), told.because(name))
            yield Pair(edit.kind, edit.name, name, PROVIDER, frozenset(["unaffected"]), *answer)


def misjudged(answered: Iterable[tuple[Edit, Told]]) -> Iterator[str]:
    """Yield what is wrong with the verdict on an edit as a whole, whoever it hits."""
    for edit, told in answered:
        about = f"{edit.kind}: {edit.name}"
        if edit.breaks and told.passes:
            yield f"passes although somebody breaks: {about}"
        bumps = edit.bumps or (frozenset(["major"]) if edit.breaks else frozenset())
        if bumps and told.bump not in bumps:
            yield f"wrong bump: {about}: told {told.bump}, right is {' or '.join(sorted(bumps))}"
        if edit.orders and told.order not in edit.orders:
            yield f"wrong order: {about}: told {told.order}, right is {' or '.join(sorted(edit.orders))}"


def _parted(files: Mapping[str, str]) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return the interfaces and all other files."""
    interfaces = {path: text.encode() for path, text in files.items() if path.startswith(("proto/", "api/"))}
    return interfaces, {path: text.encode() for path, text in files.items() if path not in interfaces}


def contradictions(scenario: Scenario, edits: Iterable[Edit]) -> Iterator[str]:
    """Yield where the truth of an edit is not what a replay of the recorded interactions shows.

    A replay knows nothing of what usage logs name besides, so that somebody may be broken without it.
    """
    recorded = list(interactions.recorded(scenario.parties))
    for edit in edits:
        after = compiled(edit.apply(scenario.files), scenario.state, scenario.files)
        found = judge.broken(recorded, scenario.state, after, meaning(edit))
        for party in scenario.parties:
            right = edit.right(party.name, is_observed=party.log, has_contract=True)
            reasons = [reason for (consumer, _), reason in found.items() if consumer == party.name]
            if reasons and "broken" not in right:
                yield f"{edit.kind}: {edit.name}: {party.name} breaks: {reasons[0]}"
            elif not reasons and right == {"broken"} and party.name not in edit.logged:
                yield f"{edit.kind}: {edit.name}: {party.name} holds"
