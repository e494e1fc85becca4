"""Imports that lead nowhere: which they are, and where their files may come from."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from servanda.errors import InterfaceError
from servanda.escaping.shell import shell_line

_COMMENT = re.compile(rb"/\*(?:.*?\*/|.*)|//[^\n]*", re.DOTALL)
_IMPORT = re.compile(rb"(?:^|;)[^\S\n]*(import)\s+(?:public\s+|weak\s+|option\s+)?([\"'])([^\n]+?)\2", re.MULTILINE)
# Modules of which the installed packages hold what is imported most, by the names that their files begin with.
_INSTALLED = {"buf.build/googleapis/googleapis": "google/", "buf.build/bufbuild/protovalidate": "buf/validate/"}
_SHOWN = 5


def require_imports(
    files: Mapping[str, bytes], is_known: Callable[[str], bool], places: Collection[str], dependencies: Sequence[str]
) -> None:
    """Refuse files of which an import is found nowhere.

    Args:
        files: Content by the place to show.
        is_known: Tells whether a path can be imported.
        places: Where all files of the modules lie.
        dependencies: The modules of a registry that ``buf.yaml`` names.

    Raises:
        InterfaceError: There is such an import; the error names the first few, and what to do.
    """
    missing: dict[str, str] = {}
    for place, content in files.items():
        for position, path in _imports(content):
            # With escapes it is another path than it looks like.
            if "\\" not in path and not is_known(path):
                missing.setdefault(path, f"{place}:{position}")
    if not missing:
        return
    named = ", ".join(f"'{path}'" for path in list(missing)[:_SHOWN])
    more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
    what = f"{len(missing)} {'import' if len(missing) == 1 else 'imports'} not found: {named}{more}"
    raise InterfaceError(what, where=next(iter(missing.values())), hint=_hint(missing, places, dependencies))


def _imports(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield each import: line and column, and its path."""
    plain = _COMMENT.sub(lambda comment: re.sub(rb"[^\n]", b" ", comment[0]), content)
    for found in _IMPORT.finditer(plain):
        begin = found.start(1)
        line, column = plain.count(b"\n", 0, begin) + 1, begin - plain.rfind(b"\n", 0, begin)
        yield f"{line}:{column}", found[3].decode("utf-8", "surrogateescape")


def _hint(missing: Iterable[str], places: Collection[str], dependencies: Sequence[str]) -> str:
    for path in missing:
        place = next((each for each in places if each.endswith(f"/{path}")), None)
        if place is not None:
            return f"imports are relative to a module folder: '{place}' exists, but no module has '{path}'"
    wanted = _wanted(missing, dependencies)
    if not wanted:
        return (
            "add the files to a module of the workspace; export those of a registry module with "
            "'buf export MODULE --output FOLDER'"
        )
    exports = "\n".join(shell_line(["buf", "export", dependency, "--output", "vendor"]) for dependency in wanted)
    return (
        f"buf.yaml has dependencies that are not vendored: {', '.join(wanted)}. Export them, and add the folder to "
        f"'modules' of buf.yaml (v2) or 'directories' of buf.work.yaml:\n{exports}\n"
        "or compare images, which contain them; if buf.lock lacks one, run 'buf dep update' first:\n"
        "buf build --output image.binpb"
    )


def _wanted(missing: Iterable[str], dependencies: Sequence[str]) -> list[str]:
    """Return the dependencies that may hold a file; those of which every file is installed are left out."""
    paths = list(missing)
    return [
        dependency
        for dependency in dependencies
        if not (prefix := _INSTALLED.get(dependency.partition(":")[0]))
        or any(each.startswith(prefix) for each in paths)
    ]
