"""Well-known types that a module has lost: buf takes the files that a module imports for a part of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from servanda.interfaces.protobuf.comparison import Breach, compare
from servanda.interfaces.protobuf.inputs import Module, Workspace
from servanda.interfaces.protobuf.rules.subject import Subject
from servanda.interfaces.protobuf.rules.table import BUF_RULES
from servanda.interfaces.protobuf.schema import File, State

_WELL_KNOWN: Final = "google/protobuf/"
_OF_STATES: Final = tuple(rule for rule in BUF_RULES if rule.subject == Subject.STATE)


def dropped_imports(current: Workspace, base: Workspace) -> Iterator[tuple[Breach, str]]:
    """Yield what buf objects to where a module imports a well-known type no more, each with its category.

    Files of the workspace itself that a module imports no more are still there, so they are left alone.
    """
    before, after = _well_known(base.state), _well_known(current.state)
    if len(base.modules) < 2 and before <= after:
        return
    for module in current.modules:
        former = next((each for each in base.modules if each.path == module.path), None)
        if former is None and len(base.modules) == len(current.modules) == 1:
            former = base.modules[0]
        if former is not None:
            yield from _dropped(module, former, current.state, base.state)


def _dropped(module: Module, former: Module, current: State, base: State) -> Iterator[tuple[Breach, str]]:
    before, after = _imported(former, base), _imported(module, current)
    if before <= after:
        return
    wanted = [rule for rule in _OF_STATES if module.breaking.category(rule)]
    for breach in compare(_as_files(base, before), _as_files(current, after | before & current.files.keys()), wanted):
        objection, category = breach.objection, module.breaking.category(breach.rule)
        gone = base.imports[objection.previous_path]
        if category is not None and not module.breaking.ignores(breach.rule, gone):
            text = f"Nothing imports {gone.path!r} any more"
            text += f", which declares {objection.element!r}." if objection.element != gone.path else "."
            yield replace(breach, objection=replace(objection, message=text)), category


def _well_known(state: State) -> set[str]:
    return {path for path in state.imports if path.startswith(_WELL_KNOWN)}


def _imported(module: Module, state: State) -> set[str]:
    """Return paths of the well-known types that a module imports, directly or through others."""
    found: set[str] = set()
    waiting = list(module.files)
    while waiting:
        path = waiting.pop()
        known = state.files.get(path) or state.imports.get(path)
        if known is not None and path not in found:
            found.add(path)
            waiting += known.dependencies
    return {path for path in found if path in state.imports and path.startswith(_WELL_KNOWN)}


def _as_files(state: State, paths: set[str]) -> State:
    return State(File((state.files.get(path) or state.imports[path]).raw) for path in paths)
