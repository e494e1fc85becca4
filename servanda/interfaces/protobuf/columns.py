"""Columns of a proto file as buf counts them, made from those that protoc counts.

protoc counts bytes, and a tab leads to the next multiple of eight. buf counts the cells of a terminal: a tab leads to
the next multiple of four, a combining mark takes no cell, a wide character takes two.
Sources: ``tokenizer.cc`` of protobuf; ``unicodex/width.go`` of protocompile, which follows UAX #29 and UAX #11.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from types import ModuleType

from servanda.verdict import Span

_PROTOC_TAB, _BUF_TAB = 8, 4
# What takes another number of bytes than of cells.
_UNEVEN = re.compile(rb"[^ -~]")
# White space and comments with one equals sign among them.
_GAP = rb"(?:\s|/\*(?:[^*]|\*(?!/))*\*/|//[^\n]*\n)*"
_ASSIGNED = re.compile(_GAP + rb"=" + _GAP)
# Lines between a label and its value; more than one is odd.
_FARTHEST = 20
# Of a word that comments repeat, the last few are tried.
_MOST_WORDS = 10
_TEXT_STYLE, _EMOJI_STYLE = "\N{VARIATION SELECTOR-15}", "\N{VARIATION SELECTOR-16}"
_DASHES = {"\N{TWO-EM DASH}": 3, "\N{THREE-EM DASH}": 4}


class Lines:
    """The lines of a source file."""

    def __init__(self, content: bytes) -> None:
        self._lines = content.split(b"\n")

    def placed(self, span: Span, label: str = "") -> Span:
        """Return a stretch that protoc measured as buf would have measured it.

        Args:
            span: The stretch.
            label: Word with ``=`` in front of it, with which the stretch begins for buf.
        """
        line, start = self._labelled(span, label) if label else (span.start_line, self._before(span, is_start=True))
        end = self._before(span, is_start=False)
        return replace(
            span,
            start_line=line,
            start_column=span.start_column if start is None else 1 + _cells(start),
            end_column=span.end_column if end is None else 1 + _cells(end),
        )

    def _before(self, span: Span, *, is_start: bool) -> bytes | None:
        """Return what stands in the line before one end of a stretch; ``None`` if there is no such place."""
        line, column = (span.start_line, span.start_column) if is_start else (span.end_line, span.end_column)
        return _until(self._lines[line - 1], column - 1) if 0 < line <= len(self._lines) and column > 0 else None

    def _labelled(self, span: Span, label: str) -> tuple[int, bytes | None]:
        """Return the line of the label, and what stands before it; those of the stretch if it has none."""
        line, found = span.start_line, self._before(span, is_start=True)
        if found is None:
            return line, None
        between = found
        for number in range(line, max(0, line - _FARTHEST), -1):
            if number < line:
                between = self._lines[number - 1] + b"\n" + between
            words = [*re.finditer(rb"\b%s\b" % re.escape(label.encode()), between)]
            for word in reversed(words[-_MOST_WORDS:]):
                if _ASSIGNED.fullmatch(between, word.end()):
                    return number, between[: word.start()]
        return line, found


def _until(line: bytes, column: int) -> bytes:
    """Return what stands before a column that protoc counted from 0."""
    position = reached = 0
    if _UNEVEN.search(line) is None:
        return line[:column]
    while position < len(line) and reached < column:
        reached += _PROTOC_TAB - reached % _PROTOC_TAB if line[position] == ord("\t") else 1
        position += 1
    return line[:position]


def _cells(before: bytes) -> int:
    first, *rest = before.decode("utf-8", "replace").split("\t")
    cells = _width(first)
    for part in rest:
        cells += _BUF_TAB - cells % _BUF_TAB + _width(part)
    return cells


def _width(text: str) -> int:
    if text.isascii() and text.isprintable():
        return len(text)
    # It takes longer to import than most comparisons take.
    import regex  # noqa: PLC0415

    return sum(_of_cluster(cluster, regex) for cluster in regex.findall(r"\X", text))


def _of_cluster(cluster: str, regex: ModuleType) -> int:
    """Return the cells that what a reader takes for one character fills."""
    first = cluster[0]
    if regex.match(r"\p{Extended_Pictographic}", first):
        if _EMOJI_STYLE in cluster or _TEXT_STYLE in cluster:
            return 2 if cluster.rfind(_EMOJI_STYLE) > cluster.rfind(_TEXT_STYLE) else 1
        return 2 if regex.match(r"\p{Emoji_Presentation}", first) else 1
    if regex.match(r"\p{Regional_Indicator}", first):
        return 2
    if regex.match(r"\p{Grapheme_Cluster_Break=L}", first):
        return _of_rune(first, regex)
    return sum(_of_rune(rune, regex) for rune in cluster)


def _of_rune(rune: str, regex: ModuleType) -> int:
    if regex.match(r"[\p{GCB=Control}\p{GCB=CR}\p{GCB=LF}\p{GCB=Extend}\p{GCB=ZWJ}]", rune):
        return 0
    return _DASHES.get(rune, 2 if unicodedata.east_asian_width(rune) in {"W", "F"} else 1)
