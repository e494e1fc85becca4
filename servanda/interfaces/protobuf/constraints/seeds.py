"""Values that rules mention: where one rule and another disagree, they do so at these or next to them."""

from __future__ import annotations

import ast
import datetime as dt
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from google.protobuf.message import Message

from servanda.protobuf_runtime import is_repeated

_EXPRESSIONS: Final = frozenset({"expression", "cel_expression"})
_SAID: Final = frozenset({"id", "message"})
_LITERAL: Final = re.compile(
    r"""(?P<prefix>\b[rRbB]{1,2})?(?P<text>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")"""
    r"""|(?<![\w.])(?P<number>-?(?:0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?))u?(?![\w.])"""
)
_SPAN: Final = re.compile(r"(?P<count>\d+(?:\.\d+)?)(?P<unit>h|ms|us|ns|m|s)")
_SECONDS: Final = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}
_LONGEST: Final = 1 << 26
_MOST: Final = 64


@dataclass(slots=True)
class Seeds:
    """Values that the rules at hand mention, in their order.

    Attributes:
        numbers: Numbers.
        texts: Texts, regular expressions apart.
        blobs: Bytes.
        patterns: Regular expressions; a text of a CEL expression may be one.
        instants: Durations and timestamps in nanoseconds.
        expressions: CEL expressions, those of predefined rules included.
    """

    numbers: dict[int | float, None] = field(default_factory=dict)
    texts: dict[str, None] = field(default_factory=dict)
    blobs: dict[bytes, None] = field(default_factory=dict)
    patterns: dict[str, None] = field(default_factory=dict)
    instants: dict[int, None] = field(default_factory=dict)
    expressions: dict[str, None] = field(default_factory=dict)

    @property
    def sizes(self) -> list[int]:
        """Return lengths worth trying: those mentioned, and the ones next to them, the shortest first."""
        mentioned = [int(number) for number in self.numbers if float(number).is_integer() and 0 <= number <= _LONGEST]
        return sorted({size + step for size in (*mentioned, 1) for step in (-1, 0, 1) if size + step >= 0})[:_MOST]

    def add(self, rules: Message) -> None:
        """Add what a set of rules mentions."""
        for kind, value in rules.ListFields():
            for each in value if is_repeated(kind) else (value,):
                self._one(kind.name, each)

    def add_expression(self, expression: str) -> None:
        """Add the literals of a CEL expression."""
        self.expressions[expression] = None
        for literal in _LITERAL.finditer(expression):
            if literal["number"]:
                self._number(literal["number"])
            else:
                self._text(literal["prefix"] or "", literal["text"])

    def _one(self, name: str, value: Any) -> None:
        if isinstance(value, Message):
            names = [each.name for each in value.DESCRIPTOR.fields]
            if names == ["seconds", "nanos"]:
                self.instants[_nanoseconds(value)] = None
            else:
                self.add(value)
        elif name in _EXPRESSIONS:
            self.add_expression(value)
        elif name == "pattern":
            self.patterns[value] = None
        elif isinstance(value, str):
            if name not in _SAID:
                self.texts[value] = None
        elif isinstance(value, bytes):
            self.blobs[value] = None
        elif not isinstance(value, bool) and isinstance(value, int | float):
            self.numbers[value] = None

    def _number(self, text: str) -> None:
        number = int(text, 0) if "x" in text else float(text) if set(text) & set(".eE") else int(text)
        self.numbers[number] = None
        self.numbers[-number] = None

    def _text(self, prefix: str, quoted: str) -> None:
        try:
            text = quoted[1:-1] if "r" in prefix.lower() else str(ast.literal_eval(quoted))
        except (SyntaxError, ValueError):
            return
        self.patterns[text] = None
        self.texts[text] = None
        self.blobs[text.encode("utf-8", "replace")] = None
        spans = list(_SPAN.finditer(text))
        if spans and "".join(each[0] for each in spans) == text.lstrip("-"):
            self.instants[int(sum(float(each["count"]) * _SECONDS[each["unit"]] for each in spans) * 1e9)] = None
        if re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", text):
            self.instants[_moment(text)] = None


def seeds_of(rules: Iterable[Message], expressions: Iterable[str] = ()) -> Seeds:
    """Return what these sets of rules and these CEL expressions mention."""
    found = Seeds()
    for each in rules:
        found.add(each)
    for expression in expressions:
        found.add_expression(expression)
    return found


def points(numbers: Iterable[int], low: int, high: int) -> Iterator[int]:
    """Yield integers that stand for all between two bounds: those given, their neighbours, and one of each gap.

    Who compares with the given numbers alone cannot tell any other integer from one of these.
    """
    near = sorted({number + step for number in (*numbers, 0, low, high) for step in (-1, 0, 1)})
    kept = [number for number in near if low <= number <= high]
    gaps = [(one + other) // 2 for one, other in itertools.pairwise(kept) if other - one > 1]
    yield from sorted({*kept, *gaps}, key=abs)


def _nanoseconds(value: Any) -> int:
    return int(value.seconds) * 1_000_000_000 + int(value.nanos)


def _moment(text: str) -> int:
    try:
        return int(dt.datetime.fromisoformat(text).timestamp()) * 1_000_000_000
    except ValueError:
        return 0
