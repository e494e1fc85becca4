"""Errors of click, told as every other error is, with the name that was perhaps meant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO, Any

import click

from servanda.report.terminal import say_in_any_case


class RefusedError(click.ClickException):
    """A command line that cannot be meant.

    Args:
        error: What click says of it.
    """

    exit_code = click.UsageError.exit_code

    def __init__(self, error: click.ClickException) -> None:
        super().__init__(error.message)
        self._error = error

    def show(self, file: IO[Any] | None = None) -> None:  # noqa: ARG002 - click's signature
        """Print message, hint and usage; click asks for it."""
        # What click itself adds to an unknown option is said as a hint.
        message = self._error.message if _is_unknown_option(self._error) else self._error.format_message()
        told = " ".join(message.split())  # click lists what can be chosen in lines
        say_in_any_case(f"error: {told[:1].lower()}{told[1:]}".rstrip("."))
        if close := _meant(self._error):
            say_in_any_case(f"hint: did you mean '{close}'?")
        context = getattr(self._error, "ctx", None)
        if context is not None:
            for line in context.get_usage().splitlines():
                say_in_any_case(line)
            say_in_any_case(f"Try '{context.command_path} --help' for help.")


def _is_unknown_option(error: click.ClickException) -> bool:
    return isinstance(error, click.NoSuchOption)


def _closest(name: str, names: Iterable[str]) -> str:
    import difflib  # noqa: PLC0415 - for mistakes alone

    return next(iter(difflib.get_close_matches(name, list(names), n=1)), "")


def _meant(error: click.ClickException) -> str:
    """Return what was perhaps meant; empty if nothing is close."""
    if isinstance(error, click.NoSuchOption):
        return next(iter(error.possibilities or ()), "")
    if isinstance(error, click.BadParameter) and error.param is not None and isinstance(error.param.type, click.Choice):
        written = error.message.partition("'")[2].partition("'")[0]
        return _closest(written, map(str, error.param.type.choices))
    if isinstance(error, UnknownCommandError):
        return _closest(error.name, error.names)
    return ""


class UnknownCommandError(click.UsageError):
    """A command that there is not.

    Args:
        name: What was written.
        names: The commands.
        context: The context of the group.
    """

    def __init__(self, name: str, names: Iterable[str], context: click.Context) -> None:
        super().__init__(f"No such command '{name}'.", context)
        self.name = name
        self.names = tuple(names)
