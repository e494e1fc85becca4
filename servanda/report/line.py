"""Lines of text in pieces, some of which have a style on a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from servanda.escaping import line as escaped

Part: TypeAlias = str | tuple[str, str]
"""A piece of a line; a pair gives its style too."""
Line: TypeAlias = tuple[Part, ...]


def plain(lines: Iterable[Line]) -> str:
    """Write lines without style, see :func:`servanda.escaping.line`."""
    return "".join(f"{escaped(''.join(map(_text, parts)))}\n" for parts in lines)


def _text(part: Part) -> str:
    return part if isinstance(part, str) else part[0]
