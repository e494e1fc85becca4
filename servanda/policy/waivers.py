"""Breaks that somebody answers for until a date: ``contracts/waivers.toml``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from servanda.documents import ParsedDocument, Reader, Value
from servanda.errors import ConfigurationError
from servanda.policy.rules import EXPIRED, UNMATCHED, PolicyRule
from servanda.verdict import Finding, Severity, Span

_READER: Final = Reader(ConfigurationError)
_TEXTS: Final = ("fingerprint", "rule", "element", "reason", "owner", "link")


@dataclass(frozen=True, slots=True)
class Waiver:
    """One accepted break.

    Attributes:
        fingerprint: Fingerprint of the finding; else ``rule`` and ``element`` name it.
        expires: Last day on which the waiver is valid.
        span: Where it is written.
    """

    reason: str
    owner: str
    expires: dt.date
    span: Span
    fingerprint: str = ""
    rule: str = ""
    element: str = ""
    link: str = ""

    @property
    def subject(self) -> str:
        """Return the waived finding in the words of the file."""
        return self.fingerprint or f"{self.rule} {self.element}"

    def covers(self, finding: Finding) -> bool:
        """Tell whether it is about this finding: exactly, nothing is guessed."""
        if self.fingerprint:
            return self.fingerprint == finding.fingerprint
        return (self.rule, self.element) == (finding.rule, finding.element)


def load(path: Path, display: str) -> tuple[Waiver, ...]:
    """Return the waivers in this file; none if there is no file.

    Args:
        path: The file.
        display: How it is called in messages and findings.

    Raises:
        ConfigurationError: It is malformed; the error names line and column.
    """
    document = _READER.find(path, display)
    if document is None:
        return ()
    top = document.root.table()
    entries = top.get("waiver")
    top.close()
    if entries is not None and not isinstance(entries.raw, list):
        raise entries.error("waivers are written as [[waiver]] tables")
    return tuple(_waiver(each, document) for each in top.items("waiver"))


def apply(
    findings: Iterable[Finding], waivers: Iterable[Waiver], today: dt.date, rules: Container[str]
) -> tuple[Finding, ...]:
    """Return the findings, waived ones marked so, and one more for each waiver that expired or covers nothing.

    A waiver of what does not stop the change changes nothing.

    Args:
        findings: What was found.
        waivers: What somebody accepted.
        today: The day on which a waiver has to be valid.
        rules: Identifiers of the rules of which every possible finding was looked for: a waiver of another one may
            cover what was not examined. The empty text among them says so of waivers that name no rule.
    """
    told, problems = list(findings), []
    for waiver in waivers:
        covered = [index for index, finding in enumerate(told) if waiver.covers(finding)]
        if not covered and waiver.rule not in rules:
            continue
        if not covered:
            problems.append(_problem(UNMATCHED, waiver, "covers no finding: remove it"))
        elif waiver.expires < today:
            problems.append(
                _problem(
                    EXPIRED, waiver, f"expired on {waiver.expires}: fix the breaking change, or ask {waiver.owner}"
                )
            )
        else:
            for index in covered:
                if told[index].severity is Severity.ERROR:
                    told[index] = replace(told[index], severity=Severity.WAIVED)
    return (*told, *problems)


def _problem(rule: PolicyRule, waiver: Waiver, what: str) -> Finding:
    message = f"The waiver of {waiver.subject} {what}."
    fingerprint = waiver.fingerprint or f"{waiver.rule}:{waiver.element}"
    identity = f"{rule.id}:{fingerprint}"
    return rule.finding(waiver.span, waiver.element, message, identity)


def _waiver(value: Value, document: ParsedDocument) -> Waiver:
    entry = value.table()
    texts = {key: entry.text(key, "") for key in _TEXTS}
    expires = entry.get("expires")
    entry.close()
    for key in ("reason", "owner"):
        if not texts[key].strip():
            place = entry.get(key) or value
            raise place.error(f"'{key}' is missing or empty", "state the reason and the owner")
    given = [key for key in ("fingerprint", "rule", "element") if texts[key]]
    if given not in (["fingerprint"], ["rule", "element"]):
        place = (entry.get(given[-1]) if given else None) or value
        raise place.error("expected 'fingerprint', or 'rule' and 'element'", "name one exact finding")
    if expires is None or isinstance(expires.raw, dt.datetime) or not isinstance(expires.raw, dt.date):
        raise (expires or value).error("'expires' must be a date", "write expires = 2026-12-31, without quotes")
    return Waiver(expires=expires.raw, span=Span(document.path, *document.extent(value.pointer)), **texts)
