"""What has to be looked at when one state becomes another: files that say the same in both need no rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from treaty.compatibility.schema.element import File
from treaty.compatibility.schema.state import State


def differing(previous: State, current: State) -> tuple[State, State]:
    """Both states, reduced to the files that changed, came or went, and to those whose meaning changed with them.

    A file that did not change itself can still mean something else: the default of a field is a value of its enum.
    """
    changed = {path for path in {*previous.files, *current.files} if not _same(previous.files, current.files, path)}
    changed_imports = {
        path for path in {*previous.imports, *current.imports} if not _same(previous.imports, current.imports, path)
    }
    changed |= set(_affected(previous, current, changed, changed_imports))
    return _reduced(previous, changed), _reduced(current, changed)


def _same(before: Mapping[str, File], after: Mapping[str, File], path: str) -> bool:
    return path in before and path in after and before[path].content == after[path].content


def _reduced(state: State, paths: set[str]) -> State:
    return State(file for path, file in state.files.items() if path in paths)


def _affected(previous: State, current: State, changed: set[str], changed_imports: set[str]) -> Iterator[str]:
    """Files that did not change, but use an enum that did."""
    names = {
        f".{enum.full_name}".encode()
        for state in (previous, current)
        for files, paths in ((state.files, changed), (state.imports, changed_imports))
        for path in paths & files.keys()
        for enum in files[path].enums.values()
        if previous.enum(enum.full_name) != current.enum(enum.full_name)
    }
    everything = (*current.files.values(), *current.imports.values())
    affected = dependents(everything, changed | changed_imports) & current.files.keys() if names else set()
    for path in affected - changed:
        content = current.files[path].content
        if any(name in content for name in names):
            yield path


def dependents(files: Iterable[File], changed: Iterable[str]) -> set[str]:
    """Paths of those files that import one of these, directly or through others."""
    users: dict[str, list[str]] = {}
    for file in files:
        for dependency in file.dependencies:
            users.setdefault(dependency, []).append(file.path)
    found: set[str] = set()
    waiting = [*changed]
    while waiting:
        for user in users.get(waiting.pop(), ()):
            if user not in found:
                found.add(user)
                waiting.append(user)
    return found
