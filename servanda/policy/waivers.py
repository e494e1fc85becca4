"""Breaks that somebody answers for until a date: ``contracts/waivers.toml``."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from servanda.errors import ConfigurationError
from servanda.policy.rules import EXPIRED, UNMATCHED, PolicyRule
from servanda.verdict import Finding, Severity, Span

_TABLE: Final = "waiver"
_HEADER = re.compile(r"^[ \t]*\[\[\s*waiver\s*\]\]", re.MULTILINE)
_POSITION = re.compile(r"\(at line (\d+), column (\d+)\)")
_TEXTS: Final = ("fingerprint", "rule", "element", "reason", "owner", "link")


@dataclass(frozen=True, slots=True)
class Waiver:
    """One accepted break.

    Attributes:
        fingerprint: Fingerprint of the finding; else ``rule`` and ``element`` name it.
        expires: The last day on which it counts.
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
        """What it waives, in words that are in the file."""
        return self.fingerprint or f"{self.rule} {self.element}"

    def covers(self, finding: Finding) -> bool:
        """Whether it is about this finding: exactly, nothing is guessed."""
        if self.fingerprint:
            return self.fingerprint == finding.fingerprint
        return (self.rule, self.element) == (finding.rule, finding.element)


def load(path: Path, display: str) -> tuple[Waiver, ...]:
    """The waivers in this file; none if there is no file.

    Args:
        path: The file.
        display: How it is called in messages and findings.

    Raises:
        ConfigurationError: It is malformed; the error names line and column.
    """
    if not path.is_file():
        return ()
    try:
        text = path.read_text(encoding="utf-8")
        document = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"cannot be read: {error}", where=display) from error
    except tomllib.TOMLDecodeError as error:
        place = _POSITION.search(str(error))
        where = f"{display}:{place[1]}:{place[2]}" if place else display
        raise ConfigurationError(f"no TOML: {_POSITION.sub('', str(error)).strip()}", where=where) from error
    return tuple(_Source(text, display).waivers(document))


def apply(
    findings: Iterable[Finding], waivers: Iterable[Waiver], today: dt.date, rules: Container[str]
) -> tuple[Finding, ...]:
    """The findings, those that are waived marked so, and one more for each waiver that expired or covers nothing.

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
                _problem(EXPIRED, waiver, f"expired on {waiver.expires}: mend the break, or ask {waiver.owner}")
            )
        else:
            for index in covered:
                told[index] = replace(told[index], severity=Severity.WAIVED)
    return (*told, *problems)


def _problem(rule: PolicyRule, waiver: Waiver, what: str) -> Finding:
    message = f"The waiver of {waiver.subject} {what}."
    fingerprint = waiver.fingerprint or f"{waiver.rule}:{waiver.element}"
    identity = f"{rule.id}:{fingerprint}"
    return rule.finding(waiver.span, waiver.element, message, identity)


class _Source:
    """The text of the file, to tell where something is written."""

    def __init__(self, text: str, display: str) -> None:
        self._display = display
        self._lines = text.splitlines()
        starts = [match.start() for match in _HEADER.finditer(text)]
        self._blocks = [text[start:end] for start, end in zip(starts, [*starts, len(text)][1:], strict=True)]
        self._first_lines = [text.count("\n", 0, start) + 1 for start in starts]

    def waivers(self, document: Mapping[str, object]) -> Iterator[Waiver]:
        unknown = sorted(set(document) - {_TABLE})
        if unknown:
            where = self._mention(unknown[0])
            raise ConfigurationError(f"unknown key '{unknown[0]}'", where=where, hint="write [[waiver]] tables")
        entries = document.get(_TABLE, [])
        if not isinstance(entries, list) or len(entries) != len(self._blocks):
            raise ConfigurationError("waivers are written as [[waiver]] tables", where=self._mention(_TABLE))
        for index, entry in enumerate(entries):
            yield self._waiver(index, entry)

    def _waiver(self, index: int, entry: Mapping[str, object]) -> Waiver:
        for key in sorted(set(entry) - {*_TEXTS, "expires"}):
            raise self._wrong(index, key, f"unknown key '{key}'", f"known keys: {', '.join(_TEXTS)}, expires")
        texts = {key: self._text(index, entry, key) for key in _TEXTS}
        for key in ("reason", "owner"):
            if not texts[key].strip():
                raise self._wrong(index, key, f"'{key}' is missing or empty", "say why, and who answers for it")
        given = {key for key in ("fingerprint", "rule", "element") if texts[key]}
        if given not in ({"fingerprint"}, {"rule", "element"}):
            raise self._wrong(
                index, "rule", "expected 'fingerprint', or 'rule' and 'element'", "name one exact finding"
            )
        expires = entry.get("expires")
        if isinstance(expires, dt.datetime) or not isinstance(expires, dt.date):
            raise self._wrong(index, "expires", f"'expires' must be a date, found {expires!r}", "expires = 2026-12-31")
        return Waiver(expires=expires, span=self._span(index), **texts)

    def _text(self, index: int, entry: Mapping[str, object], key: str) -> str:
        value = entry.get(key, "")
        if not isinstance(value, str):
            raise self._wrong(index, key, f"'{key}' must be a string, found {value!r}", "quote it")
        return value

    def _span(self, index: int) -> Span:
        line = self._first_lines[index]
        last = line + len(self._blocks[index].strip().splitlines()) - 1
        width = len(self._blocks[index].strip().splitlines()[-1])
        return Span(self._display, line, 1, last, width + 1)

    def _mention(self, key: str) -> str:
        """Where the file first names a key, or a table of that name."""
        named = re.compile(rf"\s*[\[\s\"']*{re.escape(key)}[\]\s\"']*(=|$|#)")
        line = next((number for number, text in enumerate(self._lines, start=1) if named.match(text)), 0)
        return f"{self._display}:{line}:1" if line else self._display

    def _wrong(self, index: int, key: str, what: str, hint: str) -> ConfigurationError:
        line = self._first_lines[index]
        for offset, written in enumerate(self._blocks[index].strip().splitlines()):
            if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", written):
                return ConfigurationError(what, where=f"{self._display}:{line + offset}:1", hint=hint)
        return ConfigurationError(what, where=f"{self._display}:{line}:1", hint=hint)
