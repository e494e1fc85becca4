"""Edits of a scenario: files with what is replaced in them, and the truth for each consumer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

IMPACTS = ("broken", "potentially-affected", "unaffected", "unknown")
BY_EVIDENCE = "by-evidence"
"""The truth for somebody who does not use what changed: unaffected with a usage log, else unknown."""


@dataclass(frozen=True)
class Edit:
    """One edit.

    Attributes:
        name: What is done, in a few words; unique.
        kind: Family that it belongs to.
        replaced: By file, pairs of what stood there and what stands there now.
        renamed: New path of files that are moved.
        truth: The right answer by consumer; more than one where more than one is right.
        others: The right answer for all other consumers.
        moved: New full names of elements that mean what they meant.
        logged: Consumers of whom only the usage log tells that they are broken.
        bumps: The right version bumps; empty if any is.
        orders: The right sides to deploy first; empty if any is.
        because: Why the truth is what it is.
    """

    name: str
    kind: str
    replaced: Mapping[str, tuple[tuple[str, str], ...]]
    truth: Mapping[str, frozenset[str]]
    others: frozenset[str]
    moved: Mapping[str, str]
    logged: frozenset[str]
    bumps: frozenset[str]
    orders: frozenset[str]
    because: str

    @property
    def breaks(self) -> bool:
        """Tell whether there is a consumer that nothing but ``broken`` is right for."""
        return frozenset(["broken"]) in self.truth.values()

    def right(self, consumer: str, *, is_observed: bool, has_contract: bool) -> frozenset[str]:
        """Return the right answers for a consumer.

        Args:
            consumer: Its name.
            is_observed: Whether there is a usage log of all that it does.
            has_contract: Whether it has a contract about the interface; without one both is right: that nothing is
                known of it, and that nothing concerns it.
        """
        told = self.truth.get(consumer, self.others)
        if BY_EVIDENCE not in told:
            return told
        if not has_contract:
            return frozenset(["unaffected", "unknown"])
        return frozenset(["unaffected" if is_observed else "unknown"])

    def apply(self, files: Mapping[str, str]) -> dict[str, str]:
        """Return the files after the edit.

        Raises:
            ValueError: What is to be replaced is not there, or is there more than once.
        """
        edited = dict(files)
        for path, pairs in self.replaced.items():
            text = edited.get(path, "")
            for former, now in pairs:
                if former and text.count(former) != 1:
                    raise ValueError(f"{self.name}: {text.count(former)} times in {path}: {former!r}")
                text = text.replace(former, now) if former else text + now
            edited[path] = text
        return {path: text for path, text in edited.items() if text}


def load(folder: Path) -> tuple[Edit, ...]:
    """Read all edits of a scenario, in the order of their files."""
    return tuple(edit for path in sorted(folder.glob("*.yaml")) for edit in _edits(path))


def _edits(path: Path) -> Iterator[Edit]:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    file = document.get("file", "")
    for entry in document["edits"]:
        yield Edit(
            name=entry["name"],
            kind=entry.get("kind", path.stem),
            replaced=_replaced(entry, entry.get("file", file)),
            truth={consumer: _impacts(told) for consumer, told in entry.get("truth", {}).items()},
            others=_impacts(entry.get("others", BY_EVIDENCE)),
            moved=entry.get("moved", {}),
            logged=frozenset(entry.get("logged", ())),
            bumps=_impacts(entry.get("bump", document.get("bump", []))),
            orders=_impacts(entry.get("order", document.get("order", []))),
            because=entry.get("because", ""),
        )


def _replaced(entry: Mapping[str, Any], file: str) -> Mapping[str, tuple[tuple[str, str], ...]]:
    if "files" in entry:
        return {path: tuple((pair[0], pair[1]) for pair in pairs) for path, pairs in entry["files"].items()}
    return {file: tuple((pair[0], pair[1]) for pair in entry["replace"])}


def _impacts(told: str | list[str]) -> frozenset[str]:
    return frozenset([told] if isinstance(told, str) else told)
