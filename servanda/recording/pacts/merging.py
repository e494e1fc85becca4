"""From the contracts of single tests to one document for each consumer and provider, the same bytes in every run.

The rule: an interaction of this run replaces the one of the same description. An older interaction stays unless a test
of this run recorded it before and now records another in its place, or unless ``prune`` asks to keep only this run's.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from servanda.documents import Boundary, write_text
from servanda.errors import RecordingError
from servanda.pact.load import READER, load


@dataclass(slots=True)
class _Document:
    """The contract of one consumer with one provider while it is merged."""

    interactions: dict[str, dict[str, Any]] = field(default_factory=dict)
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


def merge(scratch: Path, target: Path, *, prune: bool = False) -> tuple[Merged, ...]:
    """Merge what the tests of a run wrote below ``scratch`` into the pact files in ``target``.

    Raises:
        RecordingError: Two tests recorded different interactions under one description.
        ContractError: A document that was there before cannot be read.
    """
    recorded: dict[tuple[str, str], _Document] = defaultdict(_Document)
    for file in sorted(scratch.glob("process-*/pacts/*/*.json")):
        content = READER.read(file).value
        _add(recorded[_parties(content)], content)
    # Every document is complete before the first one is written.
    texts = [
        (target / f"{consumer}-{provider}.json", *_render(target, consumer, provider, document, prune=prune))
        for (consumer, provider), document in sorted(recorded.items())
    ]
    return tuple(_write(path, text, count) for path, text, count in texts)


def _parties(content: Mapping[str, Any]) -> tuple[str, str]:
    return content["consumer"]["name"], content["provider"]["name"]


def _add(document: _Document, content: Mapping[str, Any]) -> None:
    for interaction in content["interactions"]:
        description = interaction["description"]
        known = document.interactions.setdefault(description, interaction)
        if _without_test(known) != _without_test(interaction):
            raise RecordingError(
                f"two tests of {content['consumer']['name']} describe '{description}' differently",
                where=f"{test_of(known)} and {test_of(interaction)}",
                hint="give each interaction its own description",
            )
        if test_of(interaction) < test_of(known):
            document.interactions[description] = interaction
    for plugin in content.get("metadata", {}).get("plugins", []):
        known_plugin = document.plugins.setdefault(plugin["name"], {**plugin, "configuration": {}})
        known_plugin["configuration"].update(plugin.get("configuration", {}))


def test_of(interaction: Mapping[str, Any]) -> str:
    """Return the test that recorded an interaction; empty if it does not say."""
    return str(interaction.get("comments", {}).get("testname", ""))


def _without_test(interaction: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in interaction.items() if key != "comments"}


def _render(target: Path, consumer: str, provider: str, document: _Document, *, prune: bool) -> tuple[str, int]:
    path = target / f"{consumer}-{provider}.json"
    Boundary.around(target, RecordingError).inside(path)
    if path.is_file() and not prune:
        _keep_older(document, path)
    interactions = sorted(document.interactions.values(), key=lambda entry: str(entry["description"]))
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
    load(path)  # says clearly what is wrong with it
    older = READER.read(path).value
    tests = {test_of(entry) for entry in document.interactions.values()} - {""}
    for interaction in older["interactions"]:
        if interaction["description"] not in document.interactions and test_of(interaction) not in tests:
            document.interactions[interaction["description"]] = interaction
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


def _write(path: Path, text: str, count: int) -> Merged:
    boundary = Boundary.around(path.parent, RecordingError)
    changed = not boundary.inside(path).is_file() or path.read_text(encoding="utf-8") != text
    if changed:
        write_text(path, text, boundary)
    return Merged(path, count, changed)
