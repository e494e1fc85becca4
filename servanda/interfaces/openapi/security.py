"""Security: who was let in is let in with what it has.

Source: OpenAPI 3.1.1 "Security Scheme Object" and "Security Requirement Object". The key of a scheme is a name within
the document: two schemes are the same if they ask for the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from servanda.interfaces.openapi.difference import Difference, Edit
from servanda.interfaces.openapi.document import Document, Node
from servanda.interfaces.openapi.paths import members, operations_of
from servanda.interfaces.openapi.values import as_json

# A way in: schemes that are needed together, each with its scopes.
Way = Mapping[str, frozenset[str]]
_OPEN: Final[Way] = {}
# How many names a message lists.
_SHOWN: Final = 5
_ADDRESSES: Final = ("authorizationUrl", "tokenUrl", "refreshUrl")


class Security:
    """The comparison of what two documents ask for."""

    def __init__(self, previous: Document, current: Document) -> None:
        self._previous, self._current = previous, current
        self._before, self._after = (dict(schemes(each)) for each in (previous, current))

    def differences(self) -> Iterator[Difference]:
        """Yield a scheme that means something else, and what holds for all operations that say nothing themselves."""
        named = set(_demanded(self._current))
        for name, scheme in self._before.items():
            left = self._after.get(name)
            if any(_admits(scheme, each) for each in self._after.values()):
                continue
            if left is not None:
                text = f"Security scheme {name!r} changed: {_refusal(scheme, left)}."
                yield Difference(Edit.SECURITY_SCHEME, left, scheme.shown, text)
            elif name in named:
                text = f"Security scheme {name!r} was deleted but is still required."
                place = self._current.root.get("components", "securitySchemes") or self._current.root
                yield Difference(Edit.SECURITY_SCHEME, place, scheme.shown, text)
        if _is_common(self._previous) and _is_common(self._current):
            yield from self._requirements("The document", self._previous.root, self._current.root)

    def of_operation(self, name: str, before: Node, after: Node) -> Iterator[Difference]:
        """Yield a way into an operation that leads into it no more; what holds for all is compared once, for all."""
        if "security" in before.object() or "security" in after.object():
            yield from self._requirements(name, before, after)

    def _requirements(self, name: str, before: Node, after: Node) -> Iterator[Difference]:
        demanded, node = ways(after)
        for way in ways(before)[0]:
            if not any(self._leads_in(way, other) for other in demanded):
                text = f"{name} let in {shown(way)} and now demands {' or '.join(map(shown, demanded))}."
                yield Difference(Edit.ACCESS_TIGHTENED, node, f"{before.shown}/security", text)

    def _leads_in(self, held: Way, demanded: Way) -> bool:
        return all(
            any(self._is_same(mine, name) and scopes <= has for mine, has in held.items())
            for name, scopes in demanded.items()
        )

    def _is_same(self, mine: str, name: str) -> bool:
        """Tell whether what one has for a scheme is what a scheme asks for now."""
        before, after = self._before.get(mine), self._after.get(name)
        if before is not None and after is not None and _admits(before, after):
            return True
        # A scheme of the same name that means something else is told once, of the scheme.
        return mine == name and (before is None or not any(_admits(before, each) for each in self._after.values()))


def schemes(document: Document) -> Iterator[tuple[str, Node]]:
    """Yield the schemes of a document by the names that it has for them.

    Raises:
        InterfaceError: One of them is no object.
    """
    found = document.root.get("components", "securitySchemes")
    for name, scheme in found.members() if found is not None else ():
        scheme.object()
        yield name, scheme


def ways(operation: Node) -> tuple[list[Way], Node]:
    """Return the ways into an operation, and where they are written: there, else for the whole document.

    Raises:
        InterfaceError: They are not what requirements can be.
    """
    own = operation.raw("security")
    found = own or operation.document.entry.root.raw("security")
    if found is None or not found.value:
        return [_OPEN], own or operation
    listed: list[Way] = [{name: frozenset(scopes.texts()) for name, scopes in each.members()} for each in found.items()]
    return listed, found


def shown(way: Way) -> str:
    """Return a way in, in words."""
    parts = [f"{name}({', '.join(sorted(scopes))})" if scopes else name for name, scopes in sorted(way.items())]
    return " with ".join(parts) or "everybody"


def _operations(document: Document) -> Iterator[Node]:
    for key in ("paths", "webhooks"):
        for _, item in members(document.root, key):
            yield from (operation for _, operation in operations_of(item))


def _demanded(document: Document) -> Iterator[str]:
    for each in (document.root, *_operations(document)):
        yield from (name for way in ways(each)[0] for name in way)


def _is_common(document: Document) -> bool:
    """Tell whether what the document asks for holds for some operation; of none nobody can say."""
    operations = list(_operations(document))
    return not operations or any("security" not in each.object() for each in operations)


def _admits(before: Node, after: Node) -> bool:
    """Tell whether who has what one scheme asks for has what another one asks for."""
    return not _refusal(before, after)


def _refusal(before: Node, after: Node) -> str:
    """Return what one scheme asks for that who serves another one does not have; empty if there is nothing."""
    kind = before.object().get("type")
    if kind != after.object().get("type"):
        return _changed("type", before, after)
    return _REFUSALS.get(str(kind), _of_all)(before, after)


def _changed(key: str, before: Node, after: Node) -> str:
    was, is_now = (each.object().get(key) for each in (before, after))
    return f"{key} changed from {as_json(was)} to {as_json(is_now)}" if was != is_now else ""


def _of_all(before: Node, after: Node) -> str:
    """Compare everything but remarks, of a type that OpenAPI does not know."""
    keys = sorted(key for key in {**before.object(), **after.object()} if key != "description" and key[:2] != "x-")
    return next((found for key in keys if (found := _changed(key, before, after))), "")


def _of_key(before: Node, after: Node) -> str:
    names = [str(each.object().get("name", "")) for each in (before, after)]
    if before.object().get("in") == "header" and names[0].lower() == names[1].lower():
        return _changed("in", before, after)
    return _changed("in", before, after) or _changed("name", before, after)


def _of_http(before: Node, after: Node) -> str:
    # The format of a bearer's token is a remark for people; the names of schemes do not depend on case (RFC 9110).
    was, is_now = (str(each.object().get("scheme", "")).lower() for each in (before, after))
    return _changed("scheme", before, after) if was != is_now else ""


def _of_openid(before: Node, after: Node) -> str:
    return _changed("openIdConnectUrl", before, after)


def _of_flows(before: Node, after: Node) -> str:
    """Compare flows: each is still there, at its address, with its scopes."""
    was = before.get("flows")
    flows = was.members() if was is not None else ()
    known = ((name, flow, after.get("flows", name)) for name, flow in flows if not name.startswith("x-"))
    return next((found for name, flow, left in known if (found := _of_flow(name, flow, left))), "")


def _of_flow(name: str, before: Node, after: Node | None) -> str:
    if after is None:
        return f"the flow {name} was removed"
    moved = next((told for key in _ADDRESSES if key in before.object() and (told := _changed(key, before, after))), "")
    if moved:
        return f"of the flow {name}, {moved}"
    scopes, left = (set(found.object()) if (found := each.get("scopes")) else set() for each in (before, after))
    gone = sorted(scopes - left)
    more = f" and {len(gone) - _SHOWN} more" if len(gone) > _SHOWN else ""
    return f"of the flow {name}, scopes were removed: {', '.join(gone[:_SHOWN])}{more}" if gone else ""


_REFUSALS: Final[Mapping[str, Callable[[Node, Node], str]]] = MappingProxyType(
    {
        "apiKey": _of_key,
        "http": _of_http,
        "oauth2": _of_flows,
        "openIdConnect": _of_openid,
        "mutualTLS": lambda before, after: "",  # noqa: ARG005
    }
)
