"""From the contracts of single tests to one document for each consumer and provider, the same bytes in every run.

The rule: an interaction of this run replaces the one of the same description and provider states. An older interaction
stays unless a test of this run recorded it before and now records another in its place, or unless ``prune`` asks to
keep only this run's.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

from servanda.documents import Boundary, write_text
from servanda.errors import RecordingError
from servanda.pact.file_names import Parties
from servanda.pact.load import READER, load
from servanda.recording.pacts.names import file_for, older_file

_Identity: TypeAlias = tuple[str, str]
"""Description and provider states: the same words in another state are another interaction."""
_FOR_PEOPLE: Final = frozenset({"testname", "text"})
"""Comments that expect nothing."""


@dataclass(slots=True)
class _Document:
    """The contract of one consumer with one provider while it is merged."""

    interactions: dict[_Identity, dict[str, Any]] = field(default_factory=dict)
    plugins: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Merged:
    """A file that was written.

    Attributes:
        path: The pact file.
        interactions: How many it holds.
        changed: Whether its bytes changed.
    """

    path: Path
    interactions: int
    changed: bool


def merge(scratch: Path, target: Path, *, names: Collection[str] = (), prune: bool = False) -> tuple[Merged, ...]:
    """Merge what the tests of a run wrote below ``scratch`` into the pact files in ``target``.

    Args:
        scratch: Folder of the run.
        target: Folder of the contracts.
        names: All names that a party can have.
        prune: Whether only the interactions of this run are kept.

    Raises:
        RecordingError: Two tests recorded different interactions under one description and the same provider states, or
            a document that was there before is of an older version of the Pact specification.
        ContractError: A document that was there before cannot be read.
    """
    recorded: dict[Parties, _Document] = defaultdict(_Document)
    for file in sorted(scratch.glob("process-*/pacts/*/*.json")):
        content = READER.read(file).value
        _add(recorded[_parties(content)], content)
    known = {*names, *(name for parties in recorded for name in parties)}
    # Every document is complete before the first one is written.
    complete: list[tuple[Path, Path | None, str, int]] = []
    for parties, document in sorted(recorded.items()):
        older = older_file(target, parties)
        if older is not None and not prune:
            _keep_older(document, older)
        path = file_for(target, parties, known)
        complete.append((path, older, *_render(parties, document)))
    return tuple(_replace(path, older, text, count) for path, older, text, count in complete)


def _parties(content: Mapping[str, Any]) -> Parties:
    return content["consumer"]["name"], content["provider"]["name"]


def _add(document: _Document, content: Mapping[str, Any]) -> None:
    for interaction in content["interactions"]:
        identity = _identity(interaction)
        known = document.interactions.setdefault(identity, interaction)
        if _without_test(known) != _without_test(interaction):
            raise RecordingError(
                f"two tests of {content['consumer']['name']} describe '{identity[0]}' differently",
                where=f"{test_of(known)} and {test_of(interaction)}",
                hint="give each interaction its own description, or its own provider states",
            )
        if test_of(interaction) < test_of(known):
            document.interactions[identity] = interaction
    for plugin in content.get("metadata", {}).get("plugins", []):
        known_plugin = document.plugins.setdefault(plugin["name"], {**plugin, "configuration": {}})
        known_plugin["configuration"].update(plugin.get("configuration", {}))


def _identity(interaction: Mapping[str, Any]) -> _Identity:
    states = [(state.get("name", ""), state.get("params") or {}) for state in interaction.get("providerStates") or ()]
    return interaction["description"], json.dumps(states, sort_keys=True)


def test_of(interaction: Mapping[str, Any]) -> str:
    """Return the test that recorded an interaction; empty if it does not say."""
    return str(interaction.get("comments", {}).get("testname", ""))


def _without_test(interaction: Mapping[str, Any]) -> dict[str, Any]:
    comments = {key: value for key, value in interaction.get("comments", {}).items() if key not in _FOR_PEOPLE}
    return {**interaction, "comments": comments}


def _render(parties: Parties, document: _Document) -> tuple[str, int]:
    consumer, provider = parties
    interactions = [document.interactions[identity] for identity in sorted(document.interactions)]
    metadata: dict[str, Any] = {"pactSpecification": {"version": "4.0"}}
    plugins = list(_used_plugins(document.plugins, interactions))
    if plugins:
        metadata["plugins"] = plugins
    content = {
        "consumer": {"name": consumer},
        "interactions": interactions,
        "metadata": metadata,
        "provider": {"name": provider},
    }
    return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n", len(interactions)


def _keep_older(document: _Document, path: Path) -> None:
    version = load(path).specification  # says clearly what is wrong with it
    if not version.startswith("4"):
        raise RecordingError(
            f"it has version {version} of the Pact specification, and cannot be merged into version 4",
            where=str(path),
            hint="move it to another file name, or record with --pact-prune to replace it",
        )
    older = READER.read(path).value
    tests = {test_of(entry) for entry in document.interactions.values()} - {""}
    for interaction in older["interactions"]:
        if _identity(interaction) not in document.interactions and test_of(interaction) not in tests:
            document.interactions[_identity(interaction)] = interaction
    for plugin in older.get("metadata", {}).get("plugins", []):
        known = document.plugins.setdefault(plugin["name"], {**plugin, "configuration": {}})
        known["configuration"] = {**plugin.get("configuration", {}), **known["configuration"]}


def _used_plugins(
    plugins: Mapping[str, Mapping[str, Any]], interactions: Iterable[Mapping[str, Any]]
) -> Iterator[Mapping[str, Any]]:
    """Yield the plugins that an interaction refers to, with the descriptors that one refers to."""
    for name, plugin in sorted(plugins.items()):
        own = [entry.get("pluginConfiguration", {}).get(name) for entry in interactions]
        keys = {entry.get("descriptorKey") for entry in own if entry}
        if keys:
            kept = {key: value for key, value in plugin["configuration"].items() if key in keys}
            yield {**plugin, "configuration": kept}


def _replace(path: Path, older: Path | None, text: str, count: int) -> Merged:
    boundary = Boundary.around(path.parent, RecordingError)
    if older is not None and older != path:
        boundary.inside(older).unlink()
    changed = not boundary.inside(path).is_file() or path.read_text(encoding="utf-8") != text
    if changed:
        write_text(path, text, boundary)
    return Merged(path, count, changed)
