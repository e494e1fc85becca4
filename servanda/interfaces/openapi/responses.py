"""Responses with their headers, by the statuses that they describe."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from servanda.interfaces.openapi import reading, statuses, written
from servanda.interfaces.openapi.bodies import contents
from servanda.interfaces.openapi.difference import Difference, Edit, Side
from servanda.interfaces.openapi.document import Node, escaped
from servanda.interfaces.openapi.schema import schema
from servanda.interfaces.openapi.schemas import Schemas


def compare(name: str, before: Node, after: Node, side: Side, schemas: Schemas) -> Iterator[Difference]:
    """Yield what changed in what comes back."""
    was, is_now = before.get("responses"), after.get("responses")
    if was is None or is_now is None:
        return
    old, new = _entries(was), _entries(is_now)
    paired = list(statuses.pairs(old.keys(), new.keys()))
    for errors in statuses.left_out(old.keys(), new.keys()) if any(one == "default" for one, _ in paired) else ():
        text = f"Response default of {name} described {errors}, which nothing describes any more."
        yield Difference(Edit.RESPONSE_DELETED, is_now, f"{was.shown}/default", text)
    for status, left in statuses.narrowed(old.keys(), new.keys()):
        text = f"Response {status} of {name}: statuses that came before can come no more, except {left}."
        yield Difference(Edit.VALUES_GONE, is_now, f"{was.shown}/{escaped(status)}", text, Side.RESPONSE)
    for status in sorted(old.keys() - {one for one, _ in paired}):
        text = f"Response {status} of {name} was deleted."
        yield Difference(Edit.RESPONSE_DELETED, is_now, f"{was.shown}/{escaped(status)}", text)
    for one, other in paired:
        if one.upper() == other.upper():
            yield from _response(one, f"response {one} of {name}", old[one], new[other], (side, schemas))
        else:
            yield from _Other(name, was, one, other).differences(old[one], new[other], (side, schemas))
    expected = {other for _, other in paired}
    for status, response in new.items() if side is Side.RESPONSE else ():
        if statuses.is_success(status) and status not in expected:
            text = f"Response {status} of {name} is new, and older consumers do not expect it."
            yield Difference(Edit.RESPONSE_ADDED, response, f"{was.shown}/{escaped(status)}", text)


@dataclass(frozen=True, slots=True)
class _Other:
    """An answer that another entry describes than before: nobody edited the entries, it went from one to the other.

    Attributes:
        name: The operation, for messages.
        responses: Where the entries were.
        was: The status of the entry that described it.
        now: The status of the one that does.
    """

    name: str
    responses: Node
    was: str
    now: str

    def differences(self, before: Node, after: Node, way: tuple[Side, Schemas]) -> Iterator[Difference]:
        """Yield what the answer has no more, told of the operation."""
        side, schemas = way
        is_exception = statuses.is_broader(self.was, self.now)
        if is_exception and not (after.object().get("content") or after.object().get("headers")):
            return  # an entry of its own that says nothing of a body is mostly no more than a remark
        now = f"its own entry, not by {self.was}" if is_exception else self.now
        element = f"{self.responses.shown}/{escaped(self.now if is_exception else self.was)}"
        status = self.now if is_exception else self.was
        label = f"response {self.was} of {self.name}"
        # An exception need not say again what may be missing anyway.
        optional = set(_optional(before)) if is_exception else set[str]()
        for each in _response(status, label, before, after, (side, schemas.anew())):
            if each.edit in _DELETIONS and each.element in optional:
                continue
            text = f"Response {status} of {self.name} is now described by {now}: {each.message}"
            yield replace(each, element=element, message=text)


_DELETIONS: Final = frozenset({Edit.HEADER_DELETED, Edit.PROPERTY_DELETED})


def _optional(response: Node) -> Iterator[str]:
    """Yield headers and properties of a response that may be missing, as findings name them."""
    for _, header in written.headers_of(response).values():
        if header.object().get("required") is not True:
            yield header.shown
    content = response.get("content")
    for _, body in content.members() if content is not None else ():
        said = body.raw("schema")
        found = schema(said) if said is not None else None
        if found is not None:
            names = found.properties.keys() - found.required
            yield from (f"{found.node.shown}/properties/{each}" for name in names for each in (name, escaped(name)))


def _entries(responses: Node) -> dict[str, Node]:
    """Return the responses by status; what extends OpenAPI is none.

    Raises:
        InterfaceError: One of them is no object.
    """
    found = {status: node for status, node in responses.members() if not status.startswith("x-")}
    for node in found.values():
        node.object()
    return found


def _response(status: str, label: str, before: Node, after: Node, way: tuple[Side, Schemas]) -> Iterator[Difference]:
    if statuses.has_body(status):
        yield from contents(label, before, after, *way)
    yield from _headers(label, before, after, *way)


def _headers(label: str, before: Node, after: Node, side: Side, schemas: Schemas) -> Iterator[Difference]:
    left = written.headers_of(after)
    for key, (name, header) in written.headers_of(before).items():
        if key not in left:
            text = f"Header {name!r} of the {label} was deleted."
            yield Difference(Edit.HEADER_DELETED, after.get("headers") or after, header.shown, text)
            continue
        kept = left[key][1]
        if header.object().get("required") is True and kept.object().get("required") is not True:
            text = f"Header {name!r} of the {label} is required no more."
            yield Difference(Edit.HEADER_DELETED, kept, header.shown, text)
        told = reading.Told(name, f"header {name!r} of the {label}", header.shown, Edit.ENCODING, side)
        was, is_now = (written.written(each, "header") for each in (header, kept))
        yield from reading.compare(told, was, is_now, schemas)
