"""Paths and operations: what can be called, and all that a call is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from servanda.interfaces.openapi import bodies, parameters, security
from servanda.interfaces.openapi.difference import Difference, Edit, Side
from servanda.interfaces.openapi.document import Document, Node, escaped
from servanda.interfaces.openapi.schemas import Schemas

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_VARIABLE = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Call:
    """One operation in both documents.

    Attributes:
        name: Method and path, as the previous document has them.
        before: The operation that was.
        after: The operation that is.
        path_before: What holds for the whole path.
        path_after: The same, now.
        sent: What consumers do with the request: of a webhook they read it.
    """

    name: str
    before: Node
    after: Node
    path_before: Node
    path_after: Node
    sent: Side = Side.REQUEST


def differences(previous: Document, current: Document) -> Iterator[Difference]:
    """Yield everything that the rules object to when one document becomes the other, each once."""
    schemas = Schemas()
    yield from _servers(previous.root, current.root, "the document")
    yield from security.schemes(previous, current)
    yield from security.requirements("The document", previous.root, current.root)
    yield from _paths(previous.root, current.root, "paths", Side.REQUEST, schemas)
    yield from _paths(previous.root, current.root, "webhooks", Side.RESPONSE, schemas)


def _paths(previous: Node, current: Node, key: str, sent: Side, schemas: Schemas) -> Iterator[Difference]:
    before, after = previous.get(key), current.get(key)
    left = {shape(path): (path, node) for path, node in after.members()} if after is not None else {}
    for path, item in before.members() if before is not None else ():
        found = left.get(shape(path))
        if found is None:
            text = f"Path {path} was deleted."
            yield Difference(Edit.PATH_DELETED, after or current, f"#/{key}/{escaped(path)}", text)
            continue
        name, kept = found
        yield from _renamed_variables(path, name, kept)
        yield from _servers(item, kept, path)
        yield from _path(path, item, kept, sent, schemas)


def _path(path: str, before: Node, after: Node, sent: Side, schemas: Schemas) -> Iterator[Difference]:
    for method in METHODS:
        was, is_now = before.get(method), after.get(method)
        name = f"{method.upper()} {path}"
        if was is not None and is_now is None:
            yield Difference(Edit.OPERATION_DELETED, after, was.shown, f"Operation {name} was deleted.")
        elif was is not None and is_now is not None:
            yield from _operation(Call(name, was, is_now, before, after, sent), schemas)


def _operation(call: Call, schemas: Schemas) -> Iterator[Difference]:
    yield from _same_id(call)
    yield from _servers(call.before, call.after, call.name)
    yield from security.requirements(call.name, call.before, call.after)
    both = [parameters.declared(*each) for each in ((call.path_before, call.before), (call.path_after, call.after))]
    yield from parameters.compare(call.name, both[0], both[1], call.after, (call.sent, schemas))
    yield from bodies.requests(call.name, call.before, call.after, call.sent, schemas)
    yield from bodies.responses(call.name, call.before, call.after, call.sent.other, schemas)
    yield from _callbacks(call, schemas)


def _callbacks(call: Call, schemas: Schemas) -> Iterator[Difference]:
    """Calls in the other direction: the provider sends the request."""
    before, after = call.before.get("callbacks"), call.after.get("callbacks")
    for name, was in before.members() if before is not None else ():
        is_now = after.get(name) if after is not None else None
        if is_now is None:
            text = f"Callback {name!r} of {call.name} was deleted."
            yield Difference(Edit.PATH_DELETED, after or call.after, was.shown, text)
            continue
        for expression, item in was.members():
            kept = is_now.get(expression)
            if kept is None:
                text = f"Callback {name!r} of {call.name} does not go to {expression} any more."
                yield Difference(Edit.PATH_DELETED, is_now, item.shown, text)
            elif schemas.is_first((expression, name, item.place, kept.place, call.sent)):
                yield from _path(f"{expression} of callback {name!r}", item, kept, call.sent.other, schemas)


def _same_id(call: Call) -> Iterator[Difference]:
    before, after = (node.object().get("operationId") for node in (call.before, call.after))
    if before and before != after:
        text = f"The operationId of {call.name} changed from {before!r} to {after!r}."
        yield Difference(Edit.OPERATION_ID, call.after.raw("operationId") or call.after, call.before.shown, text)


def _renamed_variables(path: str, name: str, node: Node) -> Iterator[Difference]:
    if path != name:
        text = f"The parameters of path {path} are called otherwise: {name}."
        yield Difference(Edit.PATH_PARAMETER_NAME, node, f"#/paths/{escaped(path)}", text)


def _servers(before: Node, after: Node, what: str) -> Iterator[Difference]:
    left = _urls(after)
    for url in _urls(before):
        if url not in left:
            element = f"{before.shown.removesuffix('/')}/servers/{escaped(url)}"
            text = f"The server {url} of {what} was removed; now: {', '.join(left) or 'none'}."
            yield Difference(Edit.SERVER_DELETED, after.raw("servers") or after, element, text)


def _urls(node: Node) -> tuple[str, ...]:
    servers = node.get("servers")
    return tuple(str(server.object().get("url", "/")) for server in servers.items()) if servers is not None else ()


def shape(path: str) -> str:
    """Return what two paths have in common whose variables are called differently."""
    return _VARIABLE.sub("{}", path)
