"""Talk besides the answer: how much of it, and whether in colours."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

import click

_KEY: Final = "servanda.report.talk"


class Color(enum.StrEnum):
    """Use of colours."""

    AUTO = "auto"
    """On a terminal, unless ``NO_COLOR`` says otherwise (https://no-color.org)."""
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Talk:
    """Wishes of a user about the talk on standard error.

    Attributes:
        quiet: Nothing but errors.
        verbose: Also what most users need not know.
        color: Use of colours, on both streams.
    """

    quiet: bool = False
    verbose: bool = False
    color: Color = Color.AUTO


_USUAL: Final = Talk()


def talk() -> Talk:
    """Return what the user of the running command wants to hear."""
    context = click.get_current_context(silent=True)
    found = context.meta.get(_KEY, _USUAL) if context is not None else _USUAL
    return found if isinstance(found, Talk) else _USUAL


def set_talk(context: click.Context, wanted: Talk) -> None:
    """Note what the user of a command wants to hear."""
    context.meta[_KEY] = wanted
