"""TOML 1.0: the standard library reads the value, a scan of the text finds the places."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from servanda.documents import numbers
from servanda.documents.limits import DocumentLimits
from servanda.documents.parts import Extent, Outline, Part
from servanda.documents.text import DocumentText

_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
_STRING = re.compile(
    r"""
    \"{3} (?: [^"\\]++ | \\. | "(?!"") )*+ "{3,5}
    | '{3} (?: [^']++ | '(?!'') )*+ '{3,5}
    | " (?: [^"\\\n]++ | \\. )*+ "
    | ' [^'\n]*+ '
    """,
    re.DOTALL | re.VERBOSE,
)
_OTHER = re.compile(r"[^\s,\]}#]+(?: \d[^\s,\]}#]*)?")
_LONG_NUMBER = re.compile(r"[+-]?(?:0[xob])?[0-9a-fA-F_]+")


def read_toml(source: DocumentText, limits: DocumentLimits) -> tuple[dict[str, Any], Part]:
    """Return the value of a document and the places of its parts.

    Raises:
        ServandaError: It is no TOML, or is beyond a limit.
    """
    places = _Scan(source, limits).run()
    try:
        return tomllib.loads(source.text), places
    except tomllib.TOMLDecodeError as error:
        found = _POSITION.search(str(error))
        what = f"invalid TOML: {_POSITION.sub('', str(error))}"
        if found is None or found[1] is None:
            raise source.fault(what, len(source.text)) from None
        raise source.error(what, where=f"{source.path}:{found[1]}:{found[2]}") from None
    except (ValueError, RecursionError, OverflowError) as error:
        raise source.error(f"invalid TOML: {error}", where=source.path) from None


class _StoppedError(Exception):
    """The scan met what it does not understand: the library will say what is wrong with it."""


class _Scan:
    """One pass over a text; what is nested beyond the limit is refused before the library sees it."""

    def __init__(self, source: DocumentText, limits: DocumentLimits) -> None:
        self._source, self._text, self._limits = source, source.text, limits
        self._at = 0
        self._root = Outline(0, len(source.text))
        self._table = self._root
        self._path: tuple[Outline, ...] = ()

    def run(self) -> Part:
        """Return the root's part, as far as the scan came."""
        try:
            while self._skip(_BLANK) < len(self._text):
                if self._text.startswith("[", self._at):
                    self._header()
                else:
                    self._pair(self._table, len(self._path))
                    for around in self._path:
                        around.end = self._at
        except _StoppedError:
            pass
        return self._root

    def _header(self) -> None:
        start, is_listed = self._at, self._text.startswith("[[", self._at)
        self._at += 2 if is_listed else 1
        keys = self._keys(0)
        self._expect("]]" if is_listed else "]")
        path = [self._root]
        for name, extent in keys[:-1]:
            path.append(self._inner(path[-1], name, extent))
        name, extent = keys[-1]
        if is_listed:
            listed = self._inner(path[-1], name, extent, latest=False)
            table = Outline(start, self._at)
            listed.items.append(table)
        else:
            table = self._inner(path[-1], name, extent)
            table.start = start
        self._path, self._table = (*path[1:], table), table
        for around in self._path:
            around.end = self._at

    def _pair(self, table: Outline, depth: int) -> None:
        keys = self._keys(depth)
        self._skip(_SPACE)
        self._expect("=")
        self._skip(_SPACE)
        for name, extent in keys[:-1]:
            table = self._inner(table, name, extent)
        name, extent = keys[-1]
        table.members.setdefault(name, (extent, self._value(depth + len(keys))))

    def _keys(self, depth: int) -> list[tuple[str, Extent]]:
        """Return the parts of a dotted key."""
        found: list[tuple[str, Extent]] = []
        while True:
            self._skip(_SPACE)
            start = self._at
            written = self._take(_KEY)
            found.append((_unquoted(written), (start, self._at)))
            self._require_depth(depth + len(found), start)
            self._skip(_SPACE)
            if not self._text.startswith(".", self._at):
                return found
            self._at += 1

    def _inner(self, table: Outline, name: str, extent: Extent, *, latest: bool = True) -> Outline:
        """Return the table of a name, of a list of tables the last one; it is made if there is none."""
        _, part = table.members.setdefault(name, (extent, Outline(*extent)))
        if latest and isinstance(part, Outline) and part.items:
            part = part.items[-1]
        if not isinstance(part, Outline):
            raise _StoppedError
        return part

    def _value(self, depth: int) -> Part:
        start, sign = self._at, self._text[self._at : self._at + 1]
        if sign == "[":
            return self._list(depth)
        if sign == "{":
            return self._inline(depth)
        written = self._take(_STRING if sign in ("'", '"') else _OTHER)
        limit = self._limits.digits
        if len(written) > limit and _LONG_NUMBER.fullmatch(written):
            what = f"the number {numbers.shortened(written)} has {len(written):,} characters, the limit is {limit:,}"
            raise self._source.fault(what, start)
        return start, self._at

    def _list(self, depth: int) -> Outline:
        self._require_depth(depth + 1, self._at)
        found = Outline(self._at)
        self._at += 1
        while self._skip(_BLANK) < len(self._text) and self._text[self._at] != "]":
            found.items.append(self._value(depth + 1))
            self._skip(_BLANK)
            if not self._text.startswith("]", self._at):
                self._expect(",")
        self._expect("]")
        found.end = self._at
        return found

    def _inline(self, depth: int) -> Outline:
        self._require_depth(depth + 1, self._at)
        found = Outline(self._at)
        self._at += 1
        while self._skip(_SPACE) < len(self._text) and self._text[self._at] != "}":
            self._pair(found, depth + 1)
            self._skip(_SPACE)
            if not self._text.startswith("}", self._at):
                self._expect(",")
        self._expect("}")
        found.end = self._at
        return found

    def _require_depth(self, depth: int, start: int) -> None:
        if depth > self._limits.depth:
            raise self._source.fault(f"nested more than {self._limits.depth} levels deep", start)

    def _skip(self, what: re.Pattern[str]) -> int:
        found = what.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._at

    def _take(self, what: re.Pattern[str]) -> str:
        found = what.match(self._text, self._at)
        if found is None or found.end() == self._at:
            raise _StoppedError
        self._at = found.end()
        return found[0]

    def _expect(self, sign: str) -> None:
        if not self._text.startswith(sign, self._at):
            raise _StoppedError
        self._at += len(sign)


def _unquoted(written: str) -> str:
    """Return a key as it is meant."""
    if written.startswith('"'):
        try:
            return next(iter(tomllib.loads(f"{written} = 0")))
        except tomllib.TOMLDecodeError:
            raise _StoppedError from None
    return written[1:-1] if written.startswith("'") else written
