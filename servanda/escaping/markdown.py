"""Text of the input in Markdown, as CommonMark and GitHub read it.

On GitHub a mention, a reference to an issue or commit, an emoji, a formula and an address become active in any text,
escaped by a backslash or not; only in code they do not (https://github.github.com/gfm/#code-spans). So words of letters
stand as they are, and everything else is code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from servanda.escaping.characters import line, visible

_WORD = re.compile(r"""(?P<before>['"(]*)(?P<word>.*?)(?P<after>['").,;:!?]*)""", re.DOTALL)
# The names of commits are hexadecimal, seven digits at least.
_COMMIT = re.compile("[0-9a-f]{7,}", re.IGNORECASE)
_NUMBER = re.compile("[0-9]{1,6}")
_TICKS = re.compile("`+")


def prose(text: str, *, cell: bool = False) -> str:
    """Write a sentence with values in it: plain words as they are, everything else as code.

    Args:
        text: The sentence.
        cell: Whether it stands in a cell of a table, where a pipe has to be escaped.
    """
    words = visible(text).split(" ")
    if "" in words:  # Markdown folds spaces; code keeps them
        return _span(" ".join(words), cell=cell) if any(words) else code(text, cell=cell)
    return " ".join(_word(word, cell=cell) for word in words)


def code(text: str, *, cell: bool = False) -> str:
    """Write a value as code; an empty one as nothing."""
    return _span(visible(text), cell=cell)


def fenced(lines: Iterable[str], language: str = "text") -> Iterator[str]:
    """Write lines as a block of code that none of them can end."""
    shown = [line(each) for each in lines]
    fence = "`" * max(3, 1 + _longest(shown))
    yield f"{fence}{language}"
    yield from shown
    yield fence


def _word(text: str, *, cell: bool) -> str:
    parts = _WORD.fullmatch(text)
    if parts is None:
        return _span(text, cell=cell)
    before, word, after = parts.groups()
    plain = all(part.isalpha() for part in word.split("-")) and not _COMMIT.fullmatch(word)
    # A number before a full stop or a bracket would begin a list.
    number = _NUMBER.fullmatch(word) and (before or not after.startswith((".", ")")))
    if plain or number:
        return text
    return f"{before}{_span(word, cell=cell)}{after}" if word else _span(text, cell=cell)


def _span(shown: str, *, cell: bool) -> str:
    if not shown:
        return ""
    fence = "`" * (1 + _longest([shown]))
    # One space on each side is taken away, unless there is nothing but spaces.
    padded = "`" in (shown[0], shown[-1]) or (shown[0] == shown[-1] == " " and bool(shown.strip(" ")))
    content = shown.replace("|", r"\|") if cell else shown
    return f"{fence} {content} {fence}" if padded else f"{fence}{content}{fence}"


def _longest(texts: Iterable[str]) -> int:
    return max((len(ticks) for text in texts for ticks in _TICKS.findall(text)), default=0)
