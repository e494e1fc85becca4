"""Failures in the JUnit file of a test run: code of the tree may have written anything into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from xml.etree import ElementTree as ET

from servanda.documents import open_file
from servanda.errors import ServandaError
from servanda.verdict import Location, Reason, ReasonKind

_CHUNK_BYTES = 1 << 16
_BYTES = 64 << 20
_TOLD_CHARACTERS = 16_384
# So many failures are told one by one; nobody reads more.
_TOLD_FAILURES = 1_000


@dataclass(frozen=True, slots=True)
class JUnitReport:
    """Content of a JUnit file.

    Attributes:
        ran: How many tests were not skipped; ``None`` if the file does not tell: then the exit code counts.
        failures: Of each test that failed, the first ones.
    """

    ran: int | None = None
    failures: tuple[Reason, ...] = ()

    @classmethod
    def read(cls, junit: Path) -> Self:
        """Read a file; one that is missing, malformed or too long tells nothing."""
        cases = _Cases()
        # Piece by piece, and nothing is kept of it: a tree takes twenty times the memory. Entities that multiply are
        # refused by the parser itself (expat since 2.4.0), and external ones are not loaded.
        parser = ET.XMLParser(target=cases)  # noqa: S314
        read = 0
        try:
            with open_file(junit, str(junit), ServandaError) as file:
                while chunk := file.read(_CHUNK_BYTES):
                    read += len(chunk)
                    if read > _BYTES:
                        return cls()
                    parser.feed(chunk)
            parser.close()
        # An encoding that Python does not know is a LookupError, and one that expat does not a ValueError.
        except (ServandaError, ET.ParseError, LookupError, ValueError, OSError):
            return cls()
        return cls(cases.ran, cases.told)


class _Cases:
    """Receives what the parser finds."""

    def __init__(self) -> None:
        self.ran = 0
        self._failed = 0
        self._failures: list[Reason] = []
        self._case: Mapping[str, str] | None = None
        self._is_skipped = False
        # Elements around this one; the children of a test case are those at its own depth and one.
        self._depth = self._case_depth = 0
        self._message: str | None = None
        self._text: list[str] = []
        self._room = 0

    @property
    def told(self) -> tuple[Reason, ...]:
        """Return the failures, with the number of those that are not shown."""
        more = self._failed - len(self._failures)
        left_out = (Reason(ReasonKind.TEST_FAILED, f"{more} more tests failed"),) if more else ()
        return (*self._failures, *left_out)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""
        self._depth += 1
        if tag == "testcase" and self._case is None:
            self._case, self._case_depth, self._is_skipped = attributes, self._depth, False
        elif self._case is not None and self._depth == self._case_depth + 1:
            self._is_skipped |= tag == "skipped"
            if tag in ("failure", "error"):
                self._message, self._text, self._room = attributes.get("message", ""), [], _TOLD_CHARACTERS + 1

    def data(self, text: str) -> None:
        """Take text, as much of it as is told."""
        if self._message is not None and self._room > 0:
            self._text.append(text[: self._room])
            self._room -= len(text)

    def end(self, _tag: str) -> None:
        """Take the end of an element."""
        if self._case is not None and self._depth == self._case_depth + 1 and self._message is not None:
            self._failed += 1
            if len(self._failures) < _TOLD_FAILURES:
                self._failures.append(_failure(self._case, self._message or "".join(self._text)))
            self._message = None
        elif self._case is not None and self._depth == self._case_depth:
            self.ran += not self._is_skipped
            self._case = None
        self._depth -= 1

    def close(self) -> None:
        """Take the end of the document."""


def _failure(case: Mapping[str, str], said: str) -> Reason:
    name, file = case.get("name", ""), case.get("file", "")
    told = said.strip()
    if len(told) > _TOLD_CHARACTERS:
        told = f"{told[:_TOLD_CHARACTERS]} [... truncated]"
    return Reason(
        ReasonKind.TEST_FAILED,
        f"the test {name} failed: {told}" if told else f"the test {name} failed",
        evidence=Location(file, _number(case.get("line", "-1")) + 1) if file else None,
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1
