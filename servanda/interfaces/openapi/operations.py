"""Paths and operations: what can be called, and all that a call is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from servanda.interfaces.openapi import bodies, parameters, responses
from servanda.interfaces.openapi.addresses import Addresses
from servanda.interfaces.openapi.admission.bounds import Bounds
from servanda.interfaces.openapi.difference import Difference, Edit, Side
from servanda.interfaces.openapi.document import Document, Node, escaped
from servanda.interfaces.openapi.paths import Kept, kept, operations_of
from servanda.interfaces.openapi.schemas import Schemas
from servanda.interfaces.openapi.security import Security


@dataclass(frozen=True, slots=True)
class Call:
    """One operation in both documents.

    Attributes:
        name: Method and path, as the previous document has them.
        before: The operation that was.
        after: The operation that is.
        path_before: What holds for the whole path.
        path_after: The same, now.
        renamed: Names that variables of the path had, by those that they have.
        sent: What consumers do with the request: of a webhook they read it.
    """

    name: str
    before: Node
    after: Node
    path_before: Node
    path_after: Node
    renamed: Mapping[str, str] = field(default_factory=dict)
    sent: Side = Side.REQUEST


@dataclass(frozen=True, slots=True)
class _Comparison:
    """State that the comparison of all operations shares."""

    schemas: Schemas
    security: Security
    addresses: Addresses


def differences(previous: Document, current: Document, *, bounds: Bounds | None = None) -> Iterator[Difference]:
    """Yield everything that the rules object to when one document becomes the other, each once.

    Args:
        previous: The document that was.
        current: The document that is.
        bounds: The bounds of the comparison of schemas, unless they are the usual ones.
    """
    all_ = _Comparison(Schemas(bounds), Security(previous, current), Addresses(previous, current))
    yield from all_.security.differences()
    for key, sent in (("paths", Side.REQUEST), ("webhooks", Side.RESPONSE)):
        for path in kept(previous, current, key):
            yield from _path(path, key, current, sent, all_)
    yield from all_.addresses.differences()


def _path(path: Kept, key: str, current: Document, sent: Side, all_: _Comparison) -> Iterator[Difference]:
    element = f"#/{key}/{escaped(path.name)}"
    if path.after is None:
        what = "Path" if key == "paths" else "Webhook"
        yield Difference(
            Edit.PATH_DELETED, current.root.get(key) or current.root, element, f"{what} {path.name} was deleted."
        )
        return
    if any(new != old for new, old in path.renamed.items()):
        text = f"The parameters of path {path.name} were renamed: {path.now}."
        yield Difference(Edit.PATH_PARAMETER_NAME, path.after, element, text)
    for call in _calls(path.name, path.before, path.after, sent, path.renamed):
        if isinstance(call, Call):
            if key == "paths":
                all_.addresses.add(path, call.name, call.before, call.after)
            yield from _operation(call, all_)
        else:
            yield call


def _calls(path: str, before: Node, after: Node, sent: Side, renamed: Mapping[str, str]) -> Iterator[Call | Difference]:
    """Yield the operations that are left, and the others as differences."""
    left = dict(operations_of(after))
    for method, was in operations_of(before):
        is_now, name = left.get(method), f"{method.upper()} {path}"
        was.object()
        if is_now is None:
            yield Difference(Edit.OPERATION_DELETED, after, was.shown, f"Operation {name} was deleted.")
        else:
            yield Call(name, was, is_now, before, after, renamed, sent)


def _operation(call: Call, all_: _Comparison) -> Iterator[Difference]:
    yield from _same_id(call)
    yield from all_.security.of_operation(call.name, call.before, call.after)
    was = parameters.declared(call.path_before, call.before)
    is_now = parameters.declared(call.path_after, call.after, call.renamed)
    yield from parameters.compare(parameters.Call(call.name, call.after, call.sent, all_.schemas), was, is_now)
    yield from bodies.requests(call.name, call.before, call.after, call.sent, all_.schemas)
    yield from responses.compare(call.name, call.before, call.after, call.sent.other, all_.schemas)
    yield from _callbacks(call, all_)


def _callbacks(call: Call, all_: _Comparison) -> Iterator[Difference]:
    """Calls in the other direction: the provider sends the request."""
    before, after = (dict(_pushed(each)) for each in (call.before, call.after))
    for name, was in before.items():
        # The name is local to the document, too; what is called is said by the expression.
        is_now = after.get(name) or next(
            (each for each in after.values() if set(_names(each)) >= set(_names(was))), None
        )
        if is_now is None:
            text = f"Callback {name!r} of {call.name} was deleted."
            yield Difference(Edit.PATH_DELETED, call.after.get("callbacks") or call.after, was.shown, text)
            continue
        for expression, item in was.members():
            left = is_now.get(expression)
            if expression.startswith("x-"):
                continue
            if left is None:
                text = f"Callback {name!r} of {call.name} no longer goes to {expression}."
                yield Difference(Edit.PATH_DELETED, is_now, item.shown, text)
            elif all_.schemas.is_first((expression, name, item.place, left.place, call.sent)):
                yield from _called_back(f"{expression} of callback {name!r}", item, left, call.sent.other, all_)


def _called_back(name: str, before: Node, after: Node, sent: Side, all_: _Comparison) -> Iterator[Difference]:
    for call in _calls(name, before, after, sent, {}):
        if isinstance(call, Call):
            yield from _operation(call, all_)
        else:
            yield call


def _pushed(operation: Node) -> Iterator[tuple[str, Node]]:
    found = operation.get("callbacks")
    for name, callback in found.members() if found is not None else ():
        callback.object()
        yield name, callback


def _names(callback: Node) -> list[str]:
    return [name for name in callback.object() if not name.startswith("x-")]


def _same_id(call: Call) -> Iterator[Difference]:
    before, after = (node.object().get("operationId") for node in (call.before, call.after))
    if before and before != after:
        text = f"The operationId of {call.name} changed from {before!r} to {after!r}."
        yield Difference(Edit.OPERATION_ID, call.after.raw("operationId") or call.after, call.before.shown, text)
