"""Security: who was let in is let in with what it has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from servanda.interfaces.openapi.difference import Difference, Edit
from servanda.interfaces.openapi.document import Document, Node
from servanda.interfaces.openapi.schema import as_json

# A way in: schemes that are needed together, each with its scopes.
Way = Mapping[str, frozenset[str]]
_OPEN: Way = {}


def requirements(name: str, before: Node, after: Node) -> Iterator[Difference]:
    """Yield a way into an operation that leads into it no more; what holds for all is compared once, for all."""
    if before.pointer and "security" not in before.object() and "security" not in after.object():
        return
    demanded, node = ways(after)
    for way in ways(before)[0]:
        if not any(_leads_in(way, other) for other in demanded):
            text = f"{name} let in {shown(way)} and now demands {' or '.join(map(shown, demanded))}."
            yield Difference(Edit.ACCESS_TIGHTENED, node, f"{before.shown}/security", text)


def schemes(previous: Document, current: Document) -> Iterator[Difference]:
    """Yield a scheme that means something else or is gone."""
    before, after = (each.root.get("components", "securitySchemes") for each in (previous, current))
    for name, scheme in before.members() if before is not None else ():
        left = after.get(name) if after is not None else None
        if left is None:
            text = f"Security scheme {name!r} was deleted."
            yield Difference(Edit.SECURITY_SCHEME, after or current.root, scheme.shown, text)
        elif _meaning(scheme) != _meaning(left):
            text = f"Security scheme {name!r} changed from {_meaning(scheme)} to {_meaning(left)}."
            yield Difference(Edit.SECURITY_SCHEME, left, scheme.shown, text)


def ways(operation: Node) -> tuple[list[Way], Node]:
    """Return the ways into an operation, and where they are written: there, else for the whole document."""
    own = operation.raw("security")
    found = own or operation.document.entry.root.raw("security")
    if found is None or not found.value:
        return [_OPEN], own or operation
    listed: list[Way] = [{name: frozenset(scopes.texts()) for name, scopes in each.members()} for each in found.items()]
    return listed, found


def _leads_in(held: Way, demanded: Way) -> bool:
    return all(name in held and scopes <= held[name] for name, scopes in demanded.items())


def shown(way: Way) -> str:
    """Return a way in, in words."""
    parts = [f"{name}({', '.join(sorted(scopes))})" if scopes else name for name, scopes in sorted(way.items())]
    return " with ".join(parts) or "everybody"


def _meaning(scheme: Node) -> str:
    return as_json({key: value for key, value in scheme.object().items() if key != "description"})
