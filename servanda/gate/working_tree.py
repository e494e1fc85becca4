"""The files of the examined repository, before and after code of it ran."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from servanda.configuration import Configuration
from servanda.errors import ProcessError
from servanda.interfaces.usage.sources import usage_logs_folder
from servanda.processes import Git, repository_top
from servanda.verdict import Location, Reason, ReasonKind, StageResult

_SHOWN = 5
_OWN = ".servanda"
_BYTECODE = "__pycache__"
# Submodules have a configuration of their own, and are not what is examined.
_STATUS = ("status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--ignore-submodules=all")

Seen = Mapping[str, tuple[object, ...]]
"""What is known of each file that is not as it was committed: how git marks it, and its size, times and inode."""


async def telling_changes(
    configuration: Configuration, command: str, examine: Callable[[], Awaitable[StageResult]]
) -> StageResult:
    """Examine something that runs code of the repository, and add a reason if that changed files of the repository.

    The outcome stays as it is: a file that a test leaves behind breaks no contract, but later stages examine it. Apart
    from the folders of contracts and ``.servanda``, every file counts that git does not ignore. Without git, or outside
    of a repository, nothing is told.

    Args:
        configuration: The configuration of the repository.
        command: What runs, as the reason names it.
        examine: Runs it.
    """
    before = await asyncio.to_thread(_seen, configuration)
    result = await examine()
    after = await asyncio.to_thread(_seen, configuration) if before is not None else None
    if before is None or after is None:
        return result
    changed = sorted(path for path in {*before, *after} if before.get(path) != after.get(path))
    return replace(result, reasons=(*result.reasons, _reason(command, changed))) if changed else result


def _seen(configuration: Configuration) -> Seen | None:
    # As git has it, without symbolic links.
    root = configuration.root.resolve()
    top = repository_top(root)
    if top is None:
        return None
    with suppress(ProcessError):
        listed = Git(top).run(*_STATUS).decode("utf-8", "surrogateescape")
        marks = {entry[3:]: entry[:2] for entry in listed.split("\0") if entry}
        left_out = tuple(_left_out(configuration))
        files = {top / path: mark for path, mark in marks.items() if _counts(top / path, left_out)}
        return MappingProxyType({_from(root, path): (mark, *_stamp(path)) for path, mark in files.items()})
    return None


def _left_out(configuration: Configuration) -> Iterator[Path]:
    for folder in (configuration.root / _OWN, configuration.contracts.pacts, usage_logs_folder(configuration)):
        yield folder.resolve()


def _counts(path: Path, left_out: tuple[Path, ...]) -> bool:
    return _BYTECODE not in path.parts and not any(path.is_relative_to(folder) for folder in left_out)


def _from(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _stamp(path: Path) -> tuple[int, ...]:
    with suppress(OSError):
        status = path.lstat()
        return status.st_mode, status.st_size, status.st_mtime_ns, status.st_ino
    return ()


def _reason(command: str, changed: list[str]) -> Reason:
    # A name may hold anything, a new line included, and must not look like another line of the report.
    shown = [path if path.isprintable() else ascii(path) for path in changed[:_SHOWN]]
    more = f" and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else ""
    files = f"{len(changed)} file{'s' * (len(changed) != 1)}"
    message = (
        f"{files} of the repository changed while '{command}' ran: {', '.join(shown)}{more}\n"
        "hint: later stages examine the changed files; let tests write to a temporary folder, or list the files in "
        ".gitignore"
    )
    return Reason(ReasonKind.TREE_CHANGED, message, evidence=Location(shown[0]))
