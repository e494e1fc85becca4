"""References and ``allOf``: the schemas that hold together at one node."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from servanda.interfaces.openapi.admission.case import Key, key
from servanda.interfaces.openapi.document import Node

# Members beside a reference that constrain nothing.
_PROSE: Final = frozenset(
    {"$ref", "description", "summary", "title", "example", "examples", "deprecated", "externalDocs"}
)


def parts(node: Node, done: set[Key] | None = None) -> Iterator[Node]:
    """Yield the schemas that hold at a node: what it refers to, itself, and the parts of ``allOf`` of both.

    Args:
        node: The node.
        done: What is known to be no part of itself, and not yielded again; what is yielded comes to it.

    Raises:
        InterfaceError: A reference is no string, leads nowhere or in a circle, or a schema is a part of itself.
    """
    around: set[Key] = set()
    done = done if done is not None else set()
    # By hand, not by recursion: chains can be longer than the stack is deep. A key says that its parts are over.
    waiting: list[Node | Key] = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, tuple):
            around.remove(each)
            continue
        name = key(each)
        if name in around:
            raise each.unexpected("a schema that is no part of itself")
        if name in done:
            continue
        done.add(name)
        around.add(name)
        inner: list[Node] = []
        if isinstance(each.value, dict):
            reference = each.raw("$ref")
            if reference is not None:
                if not isinstance(reference.value, str):
                    raise reference.unexpected("a reference as a string")
                inner.append(target(each))
            listed = each.raw("allOf") if not is_bare(each) else None
            inner += listed.items() if listed is not None else ()
        if not is_bare(each):
            yield each
        waiting += [name, *reversed(inner)]


def is_bare(node: Node) -> bool:
    """Tell whether a node is a reference and nothing else that means anything."""
    value = node.value
    if not isinstance(value, dict) or not isinstance(value.get("$ref"), str):
        return False
    # OpenAPI 3.0 ignores what stands beside a reference.
    return value.keys() <= _PROSE or node.document.entry.version.startswith("3.0.")


def target(node: Node) -> Node:
    """Return where the reference at a node leads, in one step.

    Raises:
        InterfaceError: It leads nowhere or in a circle.
    """
    found = node.document.target(node)
    if isinstance(found.value, dict) and "$ref" in found.value:
        node.document.resolve(node)
    return found


def end(node: Node) -> Node:
    """Return where bare references lead in the end.

    Raises:
        InterfaceError: One leads nowhere or in a circle.
    """
    while is_bare(node):
        node = target(node)
    return node


def properties(node: Node) -> Node | None:
    """Return what lists the properties of a schema.

    Some write a reference to a list there, which bundlers follow; a property that is called ``$ref`` has a schema.

    Raises:
        InterfaceError: The reference leads nowhere or in a circle.
    """
    found = node.raw("properties")
    return found.document.resolve(found) if found is not None else None


def distinct(nodes: Iterable[Node]) -> tuple[Node, ...]:
    """Return nodes without repetition."""
    return tuple({key(node): node for node in nodes}.values())
