"""The only place that prints through rich: lines of a terminal, without its markup and without control."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, Literal, TextIO

from rich.console import Console
from rich.text import Text

from servanda.escaping import line, visible
from servanda.report.line import Line, Part
from servanda.report.reader import forget_reader
from servanda.report.talk import Color, talk

_WIDTH = 120
_HANGING = 2
_PART = 3
"""Part of the width of a terminal that the indent of a folded line takes at most."""
_COLORS: Final[Mapping[Color, Literal["auto", "standard"] | None]] = MappingProxyType(
    {Color.AUTO: "auto", Color.ALWAYS: "standard", Color.NEVER: None}
)


class _Console(Console):
    """A console that goes on without a reader, where rich would end the process with the code of a broken contract."""

    def on_broken_pipe(self) -> None:
        """Go on without a word."""
        self.quiet = True
        forget_reader(self.file)


def console_for(stream: TextIO) -> Console:
    """Open a console on that stream; as wide as a report needs where nobody says how wide it is.

    One on standard error is silent for who wants quiet.
    """
    wanted = talk()
    color = _COLORS[wanted.color]
    return _Console(
        file=stream,
        width=None if stream.isatty() else _WIDTH,
        highlight=False,
        quiet=wanted.quiet and stream is sys.stderr,
        color_system=color,
        # Who asks for colours gets them, whatever the environment says.
        no_color=False if wanted.color is Color.ALWAYS else None,
    )


def put(console: Console, *parts: Part) -> None:
    """Print one line, however long it is."""
    console.print(styled(*parts), highlight=False, soft_wrap=True)


def put_folded(console: Console, lines: Iterable[Line]) -> None:
    """Print lines on a terminal; one that is too long goes on below, indented further."""
    for parts in lines:
        text = styled(*parts)
        indent = len(text.plain) - len(text.plain.lstrip(" "))
        text = text[indent:]
        if indent + text.cell_len > console.width:
            # What is nested deeply would be left a few characters of each line.
            indent = min(indent, console.width // _PART)
        width = max(console.width - indent - _HANGING, _HANGING)
        for number, piece in enumerate(text.wrap(console, width, overflow="fold") or [text]):
            piece.rstrip()
            spaces = " " * (indent + (_HANGING if number else 0))
            console.print(Text(spaces) + piece, highlight=False, soft_wrap=True)


def put_markdown(console: Console, text: str) -> None:
    """Print a page of the suite's own manual; of nobody else, since links and styles in it are followed."""
    from rich.markdown import Markdown  # noqa: PLC0415 - only the manual needs it

    console.print(Markdown(text))


def styled(*parts: Part) -> Text:
    """Make one line for a terminal: the text is shown, see :func:`servanda.escaping.line`, and rich reads no markup."""
    pieces = [(part, "") if isinstance(part, str) else part for part in parts]
    whole = line("".join(text for text, _ in pieces))
    shown = [(visible(text), style) for text, style in pieces]
    # What is harmless in each piece can be an escape or a command where two of them meet; then styles have to go.
    return Text.assemble(*shown) if "".join(text for text, _ in shown) == whole else Text(whole)
