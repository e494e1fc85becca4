"""Expected and actual value side by side, with the stretch marked in which they differ."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from servanda.escaping.documents import html_marked, html_text
from servanda.verdict import Reason

_SHORT = 8
_NOTHING = "<em>nothing</em>"


def differing(expected: str, actual: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return where two values differ, as a stretch of each; what is before and after it is the same in both."""
    start = _common(expected, actual)
    end = _common(expected[start:][::-1], actual[start:][::-1])
    return (start, len(expected) - end), (start, len(actual) - end)


def _common(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def reason(told: Reason) -> str:
    """Show why something does not hold: the message, the field, both values, and where to look."""
    first, *rest = told.message.split("\n")
    message = f'<p class="message">{html_text(first)}</p>'
    lines = "\n".join(map(html_text, rest))
    more = f"<pre>{lines}</pre>" if rest else ""
    facts = "".join(f"<dt>{name}</dt><dd{kind}>{value}</dd>" for name, kind, value in _facts(told))
    return message + more + (f'<dl class="difference">{facts}</dl>' if facts else "")


def _facts(told: Reason) -> Iterator[tuple[str, str, str]]:
    if told.path:
        yield "field", "", f"<code>{html_text(told.path)}</code>"
    if told.expected is not None or told.actual is not None:
        expected, actual = _values(told.expected, told.actual)
        yield "expected", ' class="expected"', expected
        yield "actual", ' class="actual"', actual
    if told.evidence is not None:
        yield "see", "", f"<code>{html_text(str(told.evidence))}</code>"


def _values(expected: str | None, actual: str | None) -> tuple[str, str]:
    if expected is None or actual is None or min(len(expected), len(actual)) < _SHORT:
        return _value(expected), _value(actual)
    one, other = differing(expected, actual)
    if one == (0, len(expected)) or other == (0, len(actual)):  # nothing in common
        return _value(expected), _value(actual)
    return f"<code>{html_marked(expected, *one)}</code>", f"<code>{html_marked(actual, *other)}</code>"


def _value(value: str | None) -> str:
    return _NOTHING if value is None else f"<code>{html_text(value)}</code>"
