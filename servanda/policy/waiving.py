"""Writing a waiver, with everything else in the file left as it is."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import tomlkit
from tomlkit.items import AoT

from servanda.documents import Boundary, Reader, write_text
from servanda.errors import ConfigurationError
from servanda.policy.rules import CATEGORY
from servanda.policy.waivers import Waiver
from servanda.verdict import Finding, Severity

_READER = Reader(ConfigurationError)


@dataclass(frozen=True, slots=True)
class Request:
    """Request for a waiver.

    Attributes:
        fingerprint: Fingerprint of the finding; else ``rule`` and ``element`` name it.
        expires: Last day on which the waiver is valid.
    """

    reason: str
    owner: str
    expires: dt.date
    fingerprint: str = ""
    rule: str = ""
    element: str = ""
    link: str = ""

    @property
    def subject(self) -> str:
        """Return what it waives, in the words of the request."""
        return self.fingerprint or f"{self.rule} {self.element}"

    def names(self, finding: Finding) -> bool:
        """Tell whether it is about this finding."""
        if self.fingerprint:
            return self.fingerprint == finding.fingerprint
        return (self.rule, self.element) == (finding.rule, finding.element)


def require_waivable(request: Request, findings: Iterable[Finding], waivers: Iterable[Waiver], today: dt.date) -> None:
    """Refuse a waiver that would cover nothing, or nothing that stops the change.

    Args:
        request: The waiver.
        findings: What was found now, with what the present waivers make of it.
        waivers: The present waivers.
        today: The day on which it is written.

    Raises:
        ConfigurationError: It ends before it begins, is there already, or there is no such error.
    """
    require_open(request, today)
    told = [finding for finding in findings if finding.category != CATEGORY]
    found = [finding for finding in told if request.names(finding)]
    if not found:
        raise ConfigurationError(f"no finding matches {request.subject}", hint=_closest(request, told))
    for waiver in waivers:
        if any(waiver.covers(finding) for finding in found):
            raise ConfigurationError(
                f"{request.subject} is already waived until {waiver.expires}",
                where=f"{waiver.span.path}:{waiver.span.start_line}",
                hint="change that entry",
            )
    if all(finding.severity is not Severity.ERROR for finding in found):
        raise ConfigurationError(
            f"{request.subject} does not stop the change: its severity is {found[0].severity}",
            hint="it needs no waiver; [rules] in servanda.toml sets the levels of findings",
        )


def require_open(request: Request, today: dt.date) -> None:
    """Refuse a waiver that ends before it begins.

    Raises:
        ConfigurationError: Its last day is over.
    """
    if request.expires < today:
        raise ConfigurationError(
            f"expected a date from today, found {request.expires}", hint=f"today is {today}; give a later date"
        )


def _closest(request: Request, findings: Iterable[Finding]) -> str:
    wanted = request.fingerprint or request.element
    known = {finding.fingerprint if request.fingerprint else finding.element: finding for finding in findings}
    close = difflib.get_close_matches(wanted, sorted(known), n=1)
    asked = "'servanda check' prints the findings; use the same --against, or --unchecked to skip this check"
    if not close:
        return asked
    finding = known[close[0]]
    return f"did you mean {finding.fingerprint} ({finding.rule} {finding.element})? {asked}"


def add(path: Path, request: Request) -> None:
    """Append a waiver to this file; it is made if it does not exist.

    Raises:
        ConfigurationError: The file cannot be read or written, or is no TOML.
    """
    # Read first by the reader of documents: it has limits, and says where something is wrong.
    known = _READER.find(path)
    document = tomlkit.parse(known.source.text) if known is not None else tomlkit.document()
    entry = tomlkit.table()
    for key in ("fingerprint", "rule", "element", "reason", "owner", "expires", "link"):
        value = getattr(request, key)
        if value:
            entry.add(key, value)
    entries = document.setdefault("waiver", tomlkit.aot())
    if not isinstance(entries, AoT):
        raise ConfigurationError("waivers are written as [[waiver]] tables", where=str(path))
    entries.append(entry)
    write_text(path, tomlkit.dumps(document), Boundary.around(path.parent, ConfigurationError))
