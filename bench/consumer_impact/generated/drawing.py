"""Choosing edits, and the state and the truth after each."""

from __future__ import annotations

import copy
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from google.protobuf import descriptor_pb2

from bench.consumer_impact.generated import constraints, declarations, documents, fields
from bench.consumer_impact.generated.candidate import Candidate, Image
from bench.consumer_impact.replay import judge
from bench.consumer_impact.replay.projection import Meaning
from bench.consumer_impact.replay.state import State
from bench.consumer_impact.replay.types import Types
from bench.consumer_impact.scenario import interactions
from bench.consumer_impact.scenario.scenario import Scenario

_SECURED = {"type": "apiKey", "in": "header", "name": "X-Key"}


@dataclass(frozen=True)
class Drawn:
    """An edit that was made.

    Attributes:
        files: Interfaces of the new state by path, as Servanda reads them.
        broken: Why interactions break, by consumer.
    """

    candidate: Candidate
    files: Mapping[str, bytes]
    broken: Mapping[str, str]


def candidates(scenario: Scenario) -> Iterator[Candidate]:
    """Yield all edits that could be made."""
    image = plain(scenario.state.types.image)
    option = scenario.state.event_option
    yield from fields.candidates(image, declarations.fixed(image, option))
    yield from declarations.candidates(image, option)
    yield from constraints.candidates(image)
    for name, document in scenario.state.documents.items():
        yield from documents.candidates(name, document)


def chosen(scenario: Scenario, count: int, seed: int, only: str = "") -> list[Candidate]:
    """Return some of the edits, of each kind as many as of the others as far as there are as many."""
    kinds: dict[str, list[Candidate]] = defaultdict(list)
    for each in candidates(scenario):
        if only in f"{each.kind}: {each.name}":
            kinds[each.kind].append(each)
    random_ = random.Random(seed)
    for found in kinds.values():
        random_.shuffle(found)
    taken: list[Candidate] = []
    while len(taken) < count and any(kinds.values()):
        taken += [found.pop() for found in kinds.values() if found]
    return taken[:count]


def drawn(scenario: Scenario, count: int, seed: int, only: str = "") -> Iterator[Drawn]:
    """Make edits, each of the former state."""
    recorded = list(interactions.recorded(scenario.parties))
    image = plain(scenario.state.types.image)
    for candidate in chosen(scenario, count, seed, only):
        state, files = _made(scenario, image, candidate)
        found = judge.broken(recorded, scenario.state, state, Meaning(candidate.moved))
        yield Drawn(candidate, files, {consumer: reason for (consumer, _), reason in reversed(found.items())})


def _made(scenario: Scenario, image: Image, candidate: Candidate) -> tuple[State, Mapping[str, bytes]]:
    if candidate.document:
        edited: Any = copy.deepcopy(scenario.state.documents[candidate.document])
        candidate.edit(edited)
        edited["components"].setdefault("securitySchemes", {})["key"] = _SECURED
        files = {f"api/{candidate.document}.yaml": json.dumps(edited, indent=1).encode()}
        return replace(scenario.state, documents={**scenario.state.documents, candidate.document: edited}), files
    new = descriptor_pb2.FileDescriptorSet()
    new.CopyFrom(image)
    candidate.edit(new)
    return replace(scenario.state, types=Types(new)), {"library.binpb": new.SerializeToString(deterministic=True)}


def former(scenario: Scenario) -> Mapping[str, bytes]:
    """Return the interfaces of the former state by path, in the form of the edited ones."""
    found = {"library.binpb": plain(scenario.state.types.image).SerializeToString(deterministic=True)}
    for name, document in scenario.state.documents.items():
        secured = copy.deepcopy(dict(document))
        secured["components"].setdefault("securitySchemes", {})["key"] = _SECURED
        found[f"api/{name}.yaml"] = json.dumps(secured, indent=1).encode()
    return found


def plain(image: Image) -> Image:
    """Return an image without the places of its definitions in files."""
    found = descriptor_pb2.FileDescriptorSet()
    found.CopyFrom(image)
    for file in found.file:
        file.ClearField("source_code_info")
    return found
