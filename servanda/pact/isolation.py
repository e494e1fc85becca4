"""Interactions that are no JSON that may be read, set apart from the rest of their file.

A document that nests too deeply, has a key twice or holds ``NaN`` is refused as a whole. Of a contract only the
interaction in which that stands is lost: its text is replaced by an empty object, and the others are read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from servanda.documents import Notation, ParsedDocument, Reader
from servanda.documents.text import DocumentText
from servanda.errors import ServandaError

Place: TypeAlias = tuple[str, int]
"""Name of a list of interactions, and the index in it."""
_LISTS: Final = frozenset({"interactions", "messages"})
# A string that is not closed takes all the rest, and is not to be looked for at every quotation mark in it.
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|[\[\]{}:,]', re.DOTALL)
_TRUE: Final = re.compile(r"\s*true\b")
_NOT_UTF_8: Final = re.compile("[\udc80-\udcff]")
_FIRST: Final = ", first at "
"""Before a place, in errors of the reader."""
_BLANK: Final = re.compile(r"[^\r\n]")
_OUTSIDE: Final = ("[[", "]]")
"""What stands around an interaction, so that it is as deep as in its file."""
_MOST_BEFORE: Final = 1_000_000
"""Lines and columns before all interactions that are told with the very place in the file: each is read behind them."""


@dataclass(frozen=True, slots=True)
class Apart:
    """An interaction that is set apart.

    Attributes:
        error: What is wrong with it.
        members: Those of its members that are texts or true, as far as they can be read.
    """

    error: ServandaError
    members: Mapping[str, str | bool]


def isolated(
    content: bytes, path: str, reader: Reader, refusal: ServandaError
) -> tuple[ParsedDocument, Mapping[Place, Apart]]:
    """Read a contract without the interactions that keep it from being read.

    Args:
        content: The file.
        path: Where it is from.
        reader: Reads it, and did not accept it as it is.
        refusal: Why.

    Raises:
        ServandaError: The refusal, if something outside of the interactions is wrong.
    """
    text = content.decode("utf-8-sig", "surrogateescape")
    if sum(map(text.count, "[{,")) > reader.limits.values:
        raise refusal
    source = DocumentText(text, path, reader.error)
    found: dict[Place, Apart] = {}
    left = _MOST_BEFORE
    kept, end = [], 0
    for place, start, after in _interactions(text):
        error = _refusal(source, start, after, reader, is_placed=left > 0)
        if error is not None:
            left -= sum(source.position(start))
            found[place] = Apart(error, MappingProxyType(dict(_texts(text[start:after]))))
            kept += [text[end:start], "{", _BLANK.sub(" ", text[start + 1 : after - 1]), "}"]
            end = after
    rest = "".join([*kept, text[end:]])
    if not found or _NOT_UTF_8.search(rest):
        raise refusal
    try:
        return reader.parse(rest, path, Notation.JSON), MappingProxyType(found)
    except ServandaError:
        raise refusal from None


def _refusal(source: DocumentText, start: int, end: int, reader: Reader, *, is_placed: bool) -> ServandaError | None:
    item = source.text[start:end]
    if (wrong := _NOT_UTF_8.search(item)) is not None:
        byte = ord(wrong[0]) - 0xDC00
        return source.fault(f"expected UTF-8, found the byte 0x{byte:02x}", start + wrong.start(), "save it as UTF-8")
    error = _error(item.join(_OUTSIDE), source.path, reader)
    if error is None:
        return None
    if not is_placed:
        return source.fault(error.what.partition(_FIRST)[0], start, error.hint)
    line, column = source.position(start)
    opened, closed = _OUTSIDE
    before = opened + "\n" * (line - 1) + " " * (column - (3 if line == 1 else 1))
    return _error(before + item + closed, source.path, reader)


def _error(text: str, path: str, reader: Reader) -> ServandaError | None:
    try:
        reader.parse(text, path, Notation.JSON)
    except ServandaError as error:
        return error
    return None


def _interactions(text: str) -> Iterator[tuple[Place, int, int]]:
    """Find the interactions of a contract without reading them: nothing but brackets, strings and commas counts."""
    depth, start, number = 0, 0, 0
    last = key = inside = ""
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign in "[{":
            if depth == 1:
                inside, number = (key if sign == "[" and key in _LISTS else ""), 0
            start = token.start() if depth == 2 else start
            depth += 1
        elif sign in "]}":
            depth -= 1
            if depth == 2 and inside:
                yield (inside, number), start, token.end()
        elif sign == "," and depth == 2:
            number += 1
        elif sign == ":" and depth == 1:
            key = last
        elif depth == 1:
            last = _string(sign)


def _texts(text: str) -> Iterator[tuple[str, str | bool]]:
    """Find the members of an object whose values are texts or true."""
    depth, key, last = 0, "", ""
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign in "[]{}":
            depth += 1 if sign in "[{" else -1
            key = ""
        elif depth == 1 and sign == ":":
            key = last
            if _TRUE.match(text, token.end()):
                yield key, True
        elif depth == 1 and sign == ",":
            key = ""
        elif depth == 1:
            last = _string(sign)
            if key:
                yield key, last
                key = ""


def _string(literal: str) -> str:
    try:
        return _NOT_UTF_8.sub("\ufffd", str(json.loads(literal)))
    except ValueError:
        return ""
