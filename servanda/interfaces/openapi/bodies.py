"""Bodies of requests, and responses with their headers."""

from __future__ import annotations

from collections.abc import Iterator

from servanda.interfaces.openapi import encodings, media, reading, statuses, written
from servanda.interfaces.openapi.difference import Difference, Edit, Side
from servanda.interfaces.openapi.document import Node, escaped
from servanda.interfaces.openapi.schemas import Schemas


def requests(name: str, before: Node, after: Node, side: Side, schemas: Schemas) -> Iterator[Difference]:
    """Yield what changed in the body that is sent."""
    was, is_now = before.get("requestBody"), after.get("requestBody")
    required = is_now is not None and is_now.object().get("required") is True
    if was is None:
        if is_now is not None and required:
            text = f"The request body of {name} is new and required."
            yield Difference(Edit.BODY_REQUIRED, is_now, f"{before.shown}/requestBody", text)
        return
    if is_now is None:
        text = f"The request body of {name} was deleted."
        yield Difference(Edit.BODY_DELETED, after, f"{before.shown}/requestBody", text)
        return
    if required and was.object().get("required") is not True:
        text = f"The request body of {name} became required."
        yield Difference(Edit.BODY_REQUIRED, is_now.raw("required") or is_now, was.shown, text)
    yield from contents(f"request body of {name}", was, is_now, side, schemas)


def responses(name: str, before: Node, after: Node, side: Side, schemas: Schemas) -> Iterator[Difference]:
    """Yield what changed in what comes back."""
    was, is_now = before.get("responses"), after.get("responses")
    if was is None or is_now is None:
        return
    old, new = _entries(was), _entries(is_now)
    paired = list(statuses.pairs(old.keys(), new.keys()))
    for status in sorted(old.keys() - {one for one, _ in paired}):
        text = f"Response {status} of {name} was deleted."
        yield Difference(Edit.RESPONSE_DELETED, is_now, f"{was.shown}/{escaped(status)}", text)
    for one, other in paired:
        # An entry of its own that says nothing of a body is mostly no more than a remark.
        if not (statuses.is_broader(one, other) and _says_nothing(new[other])):
            label = f"response {one} of {name}" + (f", now {other}," if one.upper() != other.upper() else "")
            yield from contents(label, old[one], new[other], side, schemas)
            yield from _headers(label, old[one], new[other], side, schemas)
    expected = {other for _, other in paired}
    for status, response in new.items() if side is Side.RESPONSE else ():
        if statuses.is_success(status) and status not in expected:
            text = f"Response {status} of {name} is new, and older consumers do not expect it."
            yield Difference(Edit.RESPONSE_ADDED, response, f"{was.shown}/{escaped(status)}", text)


def _entries(responses: Node) -> dict[str, Node]:
    """Return the responses by status; what extends OpenAPI is none.

    Raises:
        InterfaceError: One of them is no object.
    """
    found = {status: node for status, node in responses.members() if not status.startswith("x-")}
    for node in found.values():
        node.object()
    return found


def _says_nothing(response: Node) -> bool:
    return not response.object().get("content") and not response.object().get("headers")


def contents(label: str, before: Node, after: Node, side: Side, schemas: Schemas) -> Iterator[Difference]:
    """Yield what changed in the media types of a body and in what they hold."""
    was, is_now = before.get("content"), after.get("content")
    old = dict(was.members()) if was is not None else {}
    new = dict(is_now.members()) if is_now is not None else {}
    paired = list(media.pairs(old.keys(), new.keys()))
    gone = old.keys() - {one for one, other in paired if side is Side.RESPONSE or _accepts(other, one)}
    for media_type in sorted(gone):
        text = f"Media type {media_type} of the {label} was deleted."
        yield Difference(Edit.MEDIA_TYPE_DELETED, is_now or after, old[media_type].shown, text, side)
    for one, other in paired:
        yield from _content((label, one, other), old[one], new[other], (side, schemas))
        if side is Side.RESPONSE and not any(_accepts(each, other) for each in old):
            text = f"The {label} was {one} and may be any {other} now."
            yield Difference(Edit.MEDIA_TYPE_WIDENED, new[other], old[one].shown, text, side)


def _accepts(one: str, other: str) -> bool:
    return media.describing(other, (one,)) is not None


def _content(names: tuple[str, str, str], before: Node, after: Node, way: tuple[Side, Schemas]) -> Iterator[Difference]:
    label, old, new = names
    side, schemas = way
    one, other = before.raw("schema"), after.raw("schema")
    if one is not None or other is not None:
        anything, still_anything = (Node({}, each.pointer, each.document, each.via) for each in (before, after))
        yield from schemas.compare(one or anything, other or still_anything, side)
    yield from encodings.compare(label, (old, new), before, after, way)


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
