"""Documents of evidence: which versions of two parties met, when, how that was tried, and whether they understood."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from servanda.errors import VerdictError
from servanda.policy.deployment import Meeting, Side
from servanda.verdict import Outcome

FORMAT: Final = "servanda-evidence"
VERSION: Final = 1


@dataclass(frozen=True, slots=True, order=True)
class Pairing:
    """Two versions that were tried together.

    Attributes:
        kind: Kind of evidence: ``contract`` for interactions that were replayed.
        consumer_version: Name of the consumer's version.
        provider_version: Name of the provider's version.
        outcome: What was found.
        why: The first thing that did not hold, in one sentence; empty if all did.
    """

    kind: str
    consumer: str
    consumer_version: str
    provider: str
    provider_version: str
    outcome: Outcome
    why: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that one run showed of pairs.

    Attributes:
        old: Names of the versions that were live.
        new: Name of the candidate.
        date: When the run began, RFC 3339 in UTC.
        tier: What it ran on: ``real stores`` for processes on real stores.
        commit: Commit of the candidate, with ``+`` if files differed from it; empty outside of git.
        report: The command that repeats it.
    """

    old: tuple[str, ...]
    new: str
    date: str
    tier: str
    pairings: tuple[Pairing, ...]
    commit: str = ""
    report: str = ""

    def meetings(self) -> tuple[Meeting, ...]:
        """Return the pairs of which one side was new and the other one old."""
        return tuple(
            Meeting(
                each.consumer,
                each.provider,
                Side.CONSUMER if each.consumer_version == self.new else Side.PROVIDER,
                each.outcome,
                each.why or f"tried on {self.tier} at {self.date}",
            )
            for each in self.pairings
            if (each.consumer_version == self.new) is not (each.provider_version == self.new)
        )


def written(evidence: Evidence) -> str:
    """Return evidence as JSON."""
    document = {"format": FORMAT, "version": VERSION, **msgspec.to_builtins(evidence)}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def read_evidence(text: str | bytes, where: str) -> Evidence:
    """Read a document that :func:`written` gave.

    Raises:
        VerdictError: It is none, or one of another version.
    """
    hint = "servanda versions writes one: .servanda/versions/evidence.json"
    try:
        document: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise VerdictError(f"is no JSON: {error}", where=where, hint=hint) from None
    if not isinstance(document, dict) or document.pop("format", None) != FORMAT:
        raise VerdictError(f"is no evidence: 'format' is not '{FORMAT}'", where=where, hint=hint)
    if (version := document.pop("version", None)) != VERSION:
        raise VerdictError(f"is evidence of version {version!r}, expected {VERSION}", where=where, hint=hint)
    try:
        return msgspec.convert(document, Evidence)
    except msgspec.ValidationError as error:
        raise VerdictError(f"is no evidence: {error}", where=where, hint=hint) from None
