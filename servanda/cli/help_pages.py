"""Help pages that can be read in narrow terminals too, and the options that every command has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import click

from servanda.report.talk import Color, Talk, set_talk, talk

# Narrower, a column for what an option means would hold a few words at most.
_ROOMY: Final = 76
_INDENTED: Final = 8
EXAMPLES: Final = "\n\nExamples:\n"
"""Beginning of the examples in the docstring of a command; each is a line."""


class _Formatter(click.HelpFormatter):
    def write_text(self, text: str) -> None:
        """Write paragraphs; the lines of examples stay lines."""
        # https://click.palletsprojects.com/en/stable/documentation/#escaping-click-s-wrapping
        super().write_text(text.replace(EXAMPLES, f"\n\n\b{EXAMPLES[1:]}"))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write terms beside what they mean; below each other where there is no room for two columns."""
        rows = list(rows)
        longest = max((len(term) for term, _ in rows), default=0)
        has_room = self.width >= _ROOMY or longest * 3 < self.width
        super().write_dl(rows, col_max if has_room else _INDENTED - col_spacing, col_spacing)


class HelpContext(click.Context):
    """A context whose help pages fit narrow terminals."""

    formatter_class = _Formatter


def _heard(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    if context.resilient_parsing or not value:
        return
    said = talk_of(context)
    match parameter.name:
        case "talk_quiet":
            set_talk(context, Talk(quiet=True, verbose=False, color=said.color))
        case "talk_verbose":
            set_talk(context, Talk(quiet=False, verbose=True, color=said.color))
        case _:
            set_talk(context, Talk(said.quiet, said.verbose, Color(value)))


def talk_of(context: click.Context) -> Talk:
    """Return what was said so far of how much is to be told."""
    with context.scope(cleanup=False):
        return talk()


def talk_options(*, hidden: bool = False, taken: Sequence[str] = ()) -> list[click.Option]:
    """Return the options by which a user says how much is told, and in colours or not.

    Args:
        hidden: Whether help pages leave them out: that of the suite shows them once for all commands.
        taken: Names of options that the command has itself.
    """
    options = [
        click.Option(
            ["-q", "--quiet", "talk_quiet"], is_flag=True, help="Tell nothing but the answer and errors.",
            hidden=hidden, expose_value=False, callback=_heard,
        ),
        click.Option(
            ["-v", "--verbose", "talk_verbose"], is_flag=True, help="Tell more: what is read, and how long it takes.",
            hidden=hidden, expose_value=False, callback=_heard,
        ),
        click.Option(
            ["--color", "talk_color"], type=click.Choice([*map(str, Color)]), hidden=hidden, expose_value=False,
            callback=_heard, help="Use of colours; default: on a terminal, unless NO_COLOR is set.",
        ),
    ]  # fmt: skip
    return [each for each in options if not set(each.opts) & set(taken)]
