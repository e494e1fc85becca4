"""``servanda cache``."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Final

import click

from servanda.cache import Entry, cache_folder, clear, entries, most_bytes, summary
from servanda.errors import InfrastructureError
from servanda.report.terminal import answer, say

_AGE: Final = re.compile(r"(?P<count>\d{1,6})(?P<unit>[smhd])")
_SECONDS: Final = MappingProxyType({"s": 1, "m": 60, "h": 3600, "d": 86400})


def _age(_context: click.Context, _parameter: click.Parameter, value: str | None) -> float:
    found = _AGE.fullmatch(value) if value is not None else None
    if value is not None and found is None:
        raise click.BadParameter(f"'{value}' is no age, expected a number with a unit, such as 30d, 12h or 5m")
    return int(found["count"]) * _SECONDS[found["unit"]] if found is not None else 0.0


@click.command("cache")
@click.argument("action", type=click.Choice(["show", "clear"]), default="show")
@click.option(
    "--older-than",
    "unused_for",
    metavar="AGE",
    callback=_age,
    help="Clear only what was not used for so long: a number and d, h, m or s.",
)
def command(action: str, *, unused_for: float) -> None:
    """Show or clear what is kept between runs.

    Prints the folder, and of each entry its size, its last use and what it is. Clearing costs the next run the time in
    which it makes the entries anew; what another run uses right now stays.

    Examples:
      servanda cache show
      servanda cache clear --older-than 30d
    """
    folder = cache_folder(os.environ)
    if action == "show":
        for told in _shown(folder, most_bytes(os.environ), unused_for):
            answer(told)
        return
    try:
        removed, in_use = clear(folder, unused_for=unused_for)
    except OSError as error:
        what = f"the cache could not be cleared: {error.strerror or error}"
        raise InfrastructureError(what, where=str(error.filename or folder), hint="change its owner or mode") from error
    for entry in in_use:
        say(f"kept {entry.path.name}: another run uses it")
    answer(f"{folder}: {_count(removed)} removed, {_size(sum(entry.size for entry in removed))}")


def _shown(folder: Path, most: int, unused_for: float) -> Iterator[str]:
    until = dt.datetime.now(tz=dt.UTC).timestamp() - unused_for
    found = [entry for entry in entries(folder) if not unused_for or entry.used <= until]
    size = sum(entry.size for entry in found)
    yield f"{folder}: {_count(found)}, {_size(size)}; at most {_size(most)} are kept"
    for what, group in summary(found).items():
        names = group[0].path.name if len(group) == 1 else f"{len(group)} entries"
        used = dt.datetime.fromtimestamp(max(entry.used for entry in group)).astimezone().strftime("%Y-%m-%d %H:%M")
        yield f"{_size(sum(entry.size for entry in group)):>9}  used {used}  {what}: {names}"


def _count(found: list[Entry] | tuple[Entry, ...]) -> str:
    return f"{len(found)} {'entry' if len(found) == 1 else 'entries'}"


def _size(number: float) -> str:
    for unit in ("B", "kB", "MB"):
        if number < 999.5:
            return f"{number:.0f} {unit}"
        number /= 1000
    return f"{number:.1f} GB"
