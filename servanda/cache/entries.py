"""The entries of a cache: what each is, its size, when it was used last, and removing them."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from servanda.cache.locks import LOCK, held_if_free, lock_file
from servanda.errors import ConfigurationError

SEAL: Final = ".seal"
DRAFT: Final = ".draft-"
"""Beginning of the names of files that are being written."""
MOST_BYTES: Final = 2_000_000_000
_RECENT_SECONDS: Final = 3600
_FILES: Final = MappingProxyType(
    {
        ".image": "interface definitions, compiled",
        ".latest": "names of the newest of them",
        ".stamps": "times of files that were compiled",
    }
)
_JARS: Final = "maven"


@dataclass(frozen=True, slots=True)
class Entry:
    """A part of the cache that is made, used and removed as a whole.

    Attributes:
        path: The file or folder.
        what: What it is, in words.
        size: Bytes.
        used: Seconds since the epoch of its last use.
    """

    path: Path
    what: str
    size: int
    used: float


def most_bytes(environ: Mapping[str, str]) -> int:
    """Return how many bytes all entries may have together: ``SERVANDA_CACHE_BYTES``, else 2 GB.

    Raises:
        ConfigurationError: The variable is no number of bytes.
    """
    given = environ.get("SERVANDA_CACHE_BYTES") or str(MOST_BYTES)
    if not given.isascii() or not given.isdigit():
        raise ConfigurationError(
            f"'{given}' is no number of bytes", where="SERVANDA_CACHE_BYTES", hint=f"for example {MOST_BYTES}"
        )
    return int(given)


def entries(cache: Path) -> tuple[Entry, ...]:
    """Return what the suite keeps in a folder, the latest used first; of anything else in there nothing is told."""
    found: list[Entry] = []
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(cache) as listed:
        found += filter(None, map(_entry, listed))
    return tuple(sorted(found, key=lambda each: (-each.used, each.path.name)))


def clear(cache: Path, *, unused_for: float = 0.0) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """Remove the entries that nobody used for so many seconds, and return these and those that another run holds.

    What was removed halfway, as the process was killed, has no seal and is made anew.

    Raises:
        OSError: Something cannot be removed.
    """
    until = time.time() - unused_for
    removed, in_use = list[Entry](), list[Entry]()
    for entry in entries(cache):
        if entry.used <= until or not unused_for:
            (removed if remove(entry.path) else in_use).append(entry)
    return tuple(removed), tuple(in_use)


def bound(cache: Path, most: int = MOST_BYTES, *, now: float | None = None) -> tuple[Entry, ...]:
    """Remove the entries that were not used for the longest time, until the others have at most so many bytes together.

    What was used within the last hour stays, and what somebody holds.
    """
    recent = (time.time() if now is None else now) - _RECENT_SECONDS
    found = entries(cache)
    size, removed = sum(entry.size for entry in found), list[Entry]()
    for entry in reversed(found):
        if size <= most or entry.used > recent:
            break
        with suppress(OSError):
            if remove(entry.path):
                size -= entry.size
                removed.append(entry)
    return tuple(removed)


def remove(path: Path) -> bool:
    """Remove an entry unless somebody holds it; tells whether it is gone.

    Raises:
        OSError: It cannot be removed.
    """
    if not path.is_dir() or path.is_symlink():
        path.unlink(missing_ok=True)
        return True
    with held_if_free(path) as is_free:
        if is_free:
            # The seal first: what is left without one is no entry.
            path.with_name(f"{path.name}{SEAL}").unlink(missing_ok=True)
            shutil.rmtree(path)
            lock_file(path).unlink(missing_ok=True)
        return is_free


def touch(path: Path) -> None:
    """Note that an entry is used now; where nothing can be written, that is not known."""
    with suppress(OSError):
        os.utime(path, follow_symlinks=False)


def summary(found: Iterable[Entry]) -> Mapping[str, tuple[Entry, ...]]:
    """Return the entries by what they are: single files of one kind stand together."""
    groups: dict[str, list[Entry]] = {}
    for entry in found:
        groups.setdefault(entry.what, []).append(entry)
    return {what: tuple(each) for what, each in groups.items()}


def _entry(listed: os.DirEntry[str]) -> Entry | None:
    path = Path(listed.path)
    with suppress(FileNotFoundError):
        status = listed.stat(follow_symlinks=False)
        if listed.is_dir(follow_symlinks=False):
            what = _folder(path)
            seal = path.with_name(f"{path.name}{SEAL}")
            used = seal.lstat().st_mtime if seal.exists() else status.st_mtime
            return Entry(path, what, sum(_sizes(path)), used) if what else None
        if listed.is_file(follow_symlinks=False):
            what = "what a run left that was killed" if path.name.startswith(DRAFT) else _FILES.get(path.suffix, "")
            return Entry(path, what, status.st_size, status.st_mtime) if what else None
    return None


def _folder(path: Path) -> str:
    if path.name == _JARS:
        return "jars, downloaded"
    is_ours = any(path.with_name(f"{path.name}{suffix}").exists() for suffix in (SEAL, LOCK))
    return f"{path.name.partition('-')[0]}, ready to start" if is_ours else ""


def _sizes(folder: Path) -> Iterator[int]:
    for around, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                yield os.lstat(f"{around}/{name}").st_size
