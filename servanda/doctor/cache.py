"""The cache: where it is, how large it is, and whether it can be written to."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from servanda.cache import cache_folder
from servanda.errors import ServandaError
from servanda.report.diagnosis import Diagnosis, Health

_MOST_FILES: Final = 200_000
_MIB: Final = 1 << 20


def cache_diagnosis(environ: Mapping[str, str]) -> Diagnosis:
    """Tell where the cache is, its size, and whether it can be used."""
    try:
        folder = cache_folder(environ)
    except ServandaError as error:
        return Diagnosis("cache", "cache", Health.MISSING, f"{error.where}: {error.what}", error.hint or "")
    if not _is_writable(folder):
        hint = "set SERVANDA_CACHE to a folder that you own, outside of the repository"
        return Diagnosis("cache", "cache", Health.MISSING, f"{folder} cannot be written to", hint)
    if not folder.is_dir():
        return Diagnosis("cache", "cache", Health.FINE, f"{folder}, not there yet")
    count = size = 0
    for count, each in enumerate(_sizes(folder), start=1):
        size += each
        if count == _MOST_FILES:
            break
    more = "more than " if count == _MOST_FILES else ""
    return Diagnosis(
        "cache",
        "cache",
        Health.FINE,
        f"{folder}, {more}{count} {'file' if count == 1 else 'files'}, {size / _MIB:.1f} MiB",
    )


def _is_writable(folder: Path) -> bool:
    existing = next(each for each in (folder, *folder.parents) if each.exists())
    return existing.is_dir() and os.access(existing, os.W_OK | os.X_OK)


def _sizes(folder: Path) -> Iterator[int]:
    for around, _, names in os.walk(folder):
        for name in names:
            try:
                yield os.lstat(f"{around}/{name}").st_size
            except OSError:
                continue
