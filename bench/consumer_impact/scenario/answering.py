"""Answers of Servanda to edits of a scenario, in a repository that looks like one of its users."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from servanda.checking.check import check
from servanda.checking.kinds import kinds
from servanda.configuration import load
from servanda.errors import ServandaError
from servanda.interfaces.kind import Context, Wanted
from servanda.verdict import Impact, Outcome, StageResult

TODAY = dt.date(2026, 11, 29)
_RANK = (Impact.BROKEN, Impact.POTENTIALLY_AFFECTED, Impact.UNKNOWN, Impact.UNAFFECTED)
_CONFIGURATION = "servanda.toml"


@dataclass(frozen=True)
class Told:
    """Answer to one edit.

    Attributes:
        worst: The worst impact by consumer, of those who are named.
        findings: For each finding its rule, its element, its severity and its impacts by consumer.
        bump: The version bump.
        order: The side to deploy first.
        passes: Whether the check holds, so that a build goes on.
        error: Why there is no answer; empty if there is one.
    """

    worst: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[tuple[str, str, str, Mapping[str, str]], ...] = ()
    bump: str = ""
    order: str = ""
    passes: bool = False
    error: str = ""

    def of(self, consumer: str) -> str:
        """Return the answer for a consumer; nobody who is not named is told anything, and so goes on."""
        return "unknown" if self.error else self.worst.get(consumer, "unaffected")

    def because(self, consumer: str) -> str:
        """Return the rules and elements behind the worst impact on a consumer."""
        told = self.worst.get(consumer)
        hits = [f"{rule} {element}" for rule, element, _, hit in self.findings if hit.get(consumer) == told]
        return self.error or "; ".join(hits[:3]) or "no finding names it"


class Folder:
    """A folder with the former state in ``previous/``, the edited one in ``current/``, and all that is configured.

    It is no repository of git: whose commit a contract is from is of no interest here, and takes most of the time.

    Args:
        folder: An empty folder.
        cache: Folder of what is kept between edits.
        former: Interfaces of the former state by path.
        others: Configuration, contracts and usage logs by path.
    """

    def __init__(self, folder: Path, cache: Path, former: Mapping[str, bytes], others: Mapping[str, bytes]) -> None:
        self._folder, self._cache, self._former = folder, cache, former
        self._written = dict[str, bytes]()
        for path, content in former.items():
            _write(folder / "previous" / path, content)
        for path, content in others.items():
            # A document is its owner's where the configuration says that it lies.
            placed = content.replace(b'"api/', b'"current/api/') if path == _CONFIGURATION else content
            _write(folder / path, placed)

    def ask(self, edited: Mapping[str, bytes]) -> Told:
        """Return what Servanda tells of the interfaces that differ from those of the former state.

        Args:
            edited: Interfaces of the new state by path.
        """
        self._place(edited)
        context = Context(self._folder, self._cache, TODAY, load(self._folder / _CONFIGURATION))
        inputs = {"proto" if path.startswith("proto/") else path for path in self._differing(edited)}
        stages = []
        try:
            for each in sorted(inputs):
                wanted = Wanted(f"current/{each}", f"previous/{each}")
                stages.append(check(wanted, None, context, kinds()).stage)
        except ServandaError as error:
            return Told(error=f"{type(error).__name__}: {error}")
        return _told(stages)

    def _differing(self, edited: Mapping[str, bytes]) -> Iterator[str]:
        """Yield what is another file now, and what is gone or new in the folder of definitions."""
        for path in edited.keys() | self._former.keys():
            is_left_out = path not in edited and not path.startswith("proto/")
            if not is_left_out and edited.get(path) != self._former.get(path):
                yield path

    def _place(self, files: Mapping[str, bytes]) -> None:
        current = self._folder / "current"
        for path in self._written.keys() - files.keys():
            (current / path).unlink()
        for path, content in files.items():
            if self._written.get(path) != content:
                _write(current / path, content)
        self._written = dict(files)


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def _told(stages: list[StageResult]) -> Told:
    worst: dict[str, Impact] = {}
    findings = []
    for finding in (finding for stage in stages for finding in stage.findings):
        impacts = {hit.consumer.name: hit.impact for hit in finding.consumers}
        for name, impact in impacts.items():
            worst[name] = min(worst.get(name, impact), impact, key=_RANK.index)
        shown = {name: str(impact) for name, impact in impacts.items()}
        findings.append((finding.rule, finding.element, str(finding.severity), shown))
    comparison = next((stage.comparison for stage in stages if stage.comparison is not None), None)
    about = (str(comparison.bump), str(comparison.deploy_order)) if comparison is not None else ("", "")
    passes = all(stage.outcome is Outcome.HELD for stage in stages)
    return Told({name: str(impact) for name, impact in worst.items()}, tuple(findings), *about, passes)
