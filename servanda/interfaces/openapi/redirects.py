"""Operations that refer to another component than before: that is their change, and not one of the component."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from servanda.documents import Pointer
from servanda.interfaces.openapi.document import METHODS, Document, escaped, pointed
from servanda.interfaces.openapi.switches import pointed_at

_COMPONENT = 3
"""The parts of a pointer to a component: ``components``, its kind and its name."""

Owner = Pointer
Reference = tuple[Pointer, Owner]
"""The place of a reference, and the component that it leads to."""


class Redirects:
    """References of two states of a document.

    Args:
        previous: The document that was.
        current: The document that is.
    """

    def __init__(self, previous: Document, current: Document) -> None:
        self._states = previous, current

    def of(self, element: str) -> tuple[str, ...]:
        """Return the operations because of which a part of a component is found to have changed.

        Args:
            element: The part, by JSON pointer.

        Returns:
            Pointers of the operations, none if the component itself differs, or if nothing leads elsewhere.
        """
        component = _component(element)
        if not component or not self._is_unchanged(component):
            return ()
        before, after = (graph.references_to(component) for graph in self._graphs)
        return tuple(_shown(operation) for operation, places in before.items() if places - after.get(operation, set()))

    def _is_unchanged(self, component: Owner) -> bool:
        before, after = (pointed_at(document.root.value, component) for document in self._states)
        return before is not None and before == after

    @cached_property
    def _graphs(self) -> tuple[_Graph, _Graph]:
        before, after = self._states
        return _Graph(before), _Graph(after)


class _Graph:
    """The references of one document, by the operation or component that contains them."""

    def __init__(self, document: Document) -> None:
        self._references: dict[Owner, list[Reference]] = {}
        for place, target in _references(document.root.value, ()):
            self._references.setdefault(_owner(place), []).append((place, target))
        paths = document.root.value.get("paths") if isinstance(document.root.value, dict) else None
        described = paths.items() if isinstance(paths, dict) else ()
        self._operations = [
            ("paths", str(path), str(method))
            for path, item in described
            for method in (item if isinstance(item, dict) else {})
            if method in METHODS
        ]

    def references_to(self, component: Owner) -> Mapping[Owner, set[Pointer]]:
        """Return by operation the places of all references to a component that it leads to."""
        return {operation: self._places(operation, component) for operation in self._operations}

    def _places(self, operation: Owner, component: Owner) -> set[Pointer]:
        found: set[Pointer] = set()
        seen: set[Owner] = set()
        waiting = [operation, operation[:2]]
        while waiting:
            owner = waiting.pop()
            if owner in seen:
                continue
            seen.add(owner)
            for place, target in self._references.get(owner, ()):
                if target == component:
                    found.add(place)
                waiting.append(target)
        return found


def _references(value: Any, pointer: Pointer) -> Iterator[Reference]:
    # By hand: documents can be nested more deeply than the stack is.
    waiting: list[tuple[Any, Pointer]] = [(value, pointer)]
    while waiting:
        each, place = waiting.pop()
        if isinstance(each, dict):
            target = _component(each.get("$ref"))
            if target:
                yield place, target
            waiting += [(inner, (*place, str(key))) for key, inner in each.items()]
        elif isinstance(each, list):
            waiting += [(inner, (*place, str(index))) for index, inner in enumerate(each)]


def _component(reference: object) -> Owner:
    """Return the component that a reference leads into; nothing if it leads elsewhere."""
    if not isinstance(reference, str) or not reference.startswith("#/components/"):
        return ()
    parts = pointed(reference)
    return parts[:_COMPONENT] if len(parts) >= _COMPONENT else ()


def _owner(place: Pointer) -> Owner:
    """Return the operation, the path or the component that a place is in."""
    is_shared = place[:1] == ("paths",) and (len(place) < _COMPONENT or place[2] not in METHODS)
    return place[:2] if is_shared else place[:_COMPONENT]


def _shown(operation: Owner) -> str:
    return "#" + "".join(f"/{escaped(part)}" for part in operation)
