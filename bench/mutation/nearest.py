"""Tests that are nearest to a module: those that mirror it first, then those of its folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

# The suite's own tests leave its name out of their paths.
SUITE = "servanda"


def nearest_tests(top: Path, module: str, kinds: tuple[str, ...] = ("unit",)) -> tuple[str, ...]:
    """Return the files and folders of tests to ask about a module, the nearest first.

    Args:
        top: The repository.
        module: Path of the module from there.
        kinds: Which tests: ``unit``, ``integration``.
    """
    return tuple(dict.fromkeys(place for kind in kinds for place in _of_kind(top, module, kind)))


def _of_kind(top: Path, module: str, kind: str) -> Iterator[str]:
    path = PurePosixPath(module)
    parts = path.parts[1:] if path.parts[0] == SUITE else path.parts
    folder = PurePosixPath("tests", kind, *parts[:-1])
    own = folder / f"test_{path.stem}.py"
    if (top / own).is_file():
        yield own.as_posix()
    while not (top / folder).is_dir() and len(folder.parts) > 2:
        folder = folder.parent
    if len(folder.parts) > 2:
        yield folder.as_posix()
