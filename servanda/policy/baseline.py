"""Findings accepted when a repository adopted the check: ``contracts/baseline.json``."""

from __future__ import annotations

import json
from collections.abc import Collection, Container, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from servanda.documents import Boundary, Reader, write_text
from servanda.errors import ConfigurationError
from servanda.policy.rules import CATEGORY, INTERFACES, STALE
from servanda.verdict import Finding, Severity, Span

_FORMAT: Final = 1
_READER: Final = Reader(ConfigurationError)


@dataclass(frozen=True, slots=True, order=True)
class Known:
    """One finding that was there from the beginning, as exactly as people read it: all three have to agree."""

    fingerprint: str
    rule: str
    element: str


def load(path: Path, display: str) -> tuple[Known, ...]:
    """Return the baseline in this file; nothing if there is no file.

    Raises:
        ConfigurationError: It is malformed.
    """
    document = _READER.find(path, display)
    if document is None:
        return ()
    top = document.root.table()
    if top.integer("format", 0) != _FORMAT:
        raise top.error(f"not a baseline of format {_FORMAT}", "write it again: servanda check --baseline write")
    entries = (each.table() for each in top.required("findings").items())
    return tuple(Known(each.text("fingerprint"), each.text("rule"), each.text("element")) for each in entries)


def write(path: Path, display: str, findings: Iterable[Finding], rules: Container[str]) -> int:
    """Keep these findings as the baseline.

    Entries that this check could not have found again stay: those of rules of which not every possible finding was
    looked for, as of OpenAPI documents if only one of several was compared.

    Returns:
        How many findings would stop the change and are now in it; what is reported only or waived needs no baseline,
        and a waiver in disorder is not accepted by one.

    Raises:
        ConfigurationError: The file is malformed, or cannot be written.
    """
    kept = (Severity.ERROR, Severity.BASELINE)
    known = {_known(f) for f in findings if f.severity in kept and _is_break(f)}
    others = {entry for entry in load(path, display) if entry.rule not in rules}
    _store(path, known | others)
    return len(known)


def prune(path: Path, display: str, findings: Iterable[Finding], rules: Container[str]) -> int:
    """Take out of the baseline what is not found any more under these rules; nothing is added.

    Returns:
        How many entries are gone.

    Raises:
        ConfigurationError: The file is malformed, or cannot be written.
    """
    before = set(load(path, display))
    found = {_known(finding) for finding in findings}
    left = before - set(_gone(before, found, rules))
    if left != before:
        _store(path, left)
    return len(before) - len(left)


def apply(
    findings: Iterable[Finding], baseline: Iterable[Known], display: str, rules: Container[str]
) -> tuple[Finding, ...]:
    """Return the findings, those of the baseline marked so; an entry that is not found any more is reported.

    Args:
        findings: What was found.
        baseline: What was there from the beginning.
        display: How the baseline is called.
        rules: Identifiers of the rules of which every possible finding was looked for.
    """
    told = tuple(findings)
    known = set(baseline)
    found = {_known(finding) for finding in told}
    marked = (
        replace(finding, severity=Severity.BASELINE)
        if _known(finding) in known and finding.severity is Severity.ERROR and _is_break(finding)
        else finding
        for finding in told
    )
    return (*marked, *(_stale(entry, display) for entry in _gone(known, found, rules)))


def _known(finding: Finding) -> Known:
    return Known(finding.fingerprint, finding.rule, finding.element)


def _gone(known: Iterable[Known], found: Collection[Known], rules: Container[str]) -> list[Known]:
    """Return what is not found any more, or not as the entry says it."""
    fingerprints = {each.fingerprint for each in found}
    left = (entry for entry in known if entry not in found)
    return sorted(entry for entry in left if entry.rule in rules or entry.fingerprint in fingerprints)


def _is_break(finding: Finding) -> bool:
    return finding.category not in (CATEGORY, INTERFACES)


def _stale(entry: Known, display: str) -> Finding:
    message = f"{entry.rule} {entry.element} is in the baseline but no longer occurs: prune the baseline."
    fingerprint = f"{STALE.id}:{entry.fingerprint}"
    return STALE.finding(Span(display), entry.element, message, fingerprint)


def _store(path: Path, known: Iterable[Known]) -> None:
    entries = [
        {"fingerprint": each.fingerprint, "rule": each.rule, "element": each.element}
        for each in sorted(known, key=lambda each: (each.element, each.rule, each.fingerprint))
    ]
    text = json.dumps({"format": _FORMAT, "findings": entries}, indent=2, ensure_ascii=False)
    write_text(path, f"{text}\n", Boundary.around(path.parent, ConfigurationError))
