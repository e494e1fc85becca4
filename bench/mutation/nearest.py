"""Tests that are nearest to a module: its own, then those of its folder, then those right in the folders around."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

# The suite's own tests leave its name out of their paths.
SUITE: Final = "servanda"
# Tests of other kinds take minutes: they are asked about the rooms alone that they mirror.
UNIT: Final = "unit"
# What a consumer uses is tested where it is judged.
ELSEWHERE: Final[Mapping[str, str]] = {
    "interfaces/protobuf/usage": "impact",
    "interfaces/openapi/usage": "impact/openapi",
}

# Files and folders that one run of pytest is asked for.
Group = tuple[str, ...]


def nearest_tests(top: Path, module: str, kinds: tuple[str, ...] = (UNIT,)) -> tuple[Group, ...]:
    """Return the groups of tests to ask about a module, the nearest first.

    Args:
        top: The repository.
        module: Path of the module from there.
        kinds: Which tests: ``unit``, ``integration``.
    """
    return tuple(dict.fromkeys(group for kind in kinds for group in _of_kind(top, module, kind)))


def _of_kind(top: Path, module: str, kind: str) -> Iterator[Group]:
    path = PurePosixPath(module)
    room = PurePosixPath(*(path.parts[1:-1] if path.parts[0] == SUITE else path.parts[:-1]))
    folder = PurePosixPath("tests", kind, ELSEWHERE.get(room.as_posix(), room))
    own = folder / f"test_{path.stem}.py"
    if (top / own).is_file():
        yield (own.as_posix(),)
    while kind == UNIT and not (top / folder).is_dir() and len(folder.parts) > 2:
        folder = folder.parent
    if (top / folder).is_dir() and len(folder.parts) > 2:
        yield (folder.as_posix(),)
    around = [place for place in folder.parents if kind == UNIT and len(place.parts) > 2]
    files = [file for place in around for file in sorted((top / place).glob("test_*.py"))]
    if files:
        yield tuple(file.relative_to(top).as_posix() for file in files)
