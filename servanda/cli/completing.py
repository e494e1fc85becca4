"""Completion in a shell: names from the configuration and the contracts, and the rules. It never complains."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from servanda.configuration import Configuration

Complete: TypeAlias = "Callable[[click.Context, click.Parameter, str], list[CompletionItem]]"
# Somebody waits for it with a finger on a key.
_SECONDS = 3.0


def services(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the configured services."""
    return _items(incomplete, lambda: ((each, "") for each in _configuration(context).services))


def consumers(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the configured parties, and the consumers of the contracts."""

    def names() -> Iterator[tuple[str, str]]:
        from servanda.verification import load_contracts  # noqa: PLC0415 - for completion alone

        configuration = _configuration(context)
        yield from ((name, "") for name in configuration.pacticipants)
        yield from ((file.consumer, "") for file in load_contracts(configuration).files)

    return _items(incomplete, names)


def manual_pages(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the pages of the manual, with their titles, and the commands."""

    def names() -> Iterator[tuple[str, str]]:
        from servanda.cli.group import COMMANDS  # noqa: PLC0415 - for completion alone
        from servanda.manual import pages  # noqa: PLC0415 - for completion alone

        yield from ((page.name, page.title) for page in pages().values())
        yield from COMMANDS.items()

    return _items(incomplete, names)


def rules(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the rules, with what each checks."""

    def names() -> Iterator[tuple[str, str]]:
        from servanda.checking.kinds import kinds  # noqa: PLC0415 - for completion alone
        from servanda.policy.rules import POLICY_RULES  # noqa: PLC0415 - for completion alone

        yield from ((rule.id, rule.purpose) for kind in kinds() for rule in kind.rules)
        yield from ((rule.id, rule.purpose) for rule in POLICY_RULES)

    return _items(incomplete, names, is_upper=True)


def _configuration(context: click.Context) -> Configuration:
    from servanda.configuration import find, load  # noqa: PLC0415 - the help needs none

    chosen: Path | None = context.find_root().params.get("config")
    return load(chosen or find(Path.cwd()))


def _items(
    incomplete: str, names: Callable[[], Iterable[tuple[str, str]]], *, is_upper: bool = False
) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem  # noqa: PLC0415 - for completion alone

    from servanda.cli.deadline import deadline  # noqa: PLC0415 - for completion alone

    found: dict[str, str] = {}
    # A configuration that cannot be used is told of by the command itself.
    with contextlib.suppress(Exception), deadline("completion", _SECONDS, ""):
        for name, text in names():
            found.setdefault(name, text)
    wanted = incomplete.upper() if is_upper else incomplete
    # The shell reads lines and words: a name with anything else in it cannot be offered.
    plain = (name for name in found if name.isprintable() and " " not in name and "," not in name)
    return [CompletionItem(name, help=found[name] or None) for name in plain if name.startswith(wanted)]
