"""Bodies of requests, and responses with their headers."""

from __future__ import annotations

from collections.abc import Iterator

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
    for status, response in was.members():
        left = is_now.get(status)
        if left is None:
            text = f"Response {status} of {name} was deleted."
            yield Difference(Edit.RESPONSE_DELETED, is_now, f"{was.shown}/{escaped(status)}", text)
            continue
        label = f"response {status} of {name}"
        yield from contents(label, response, left, side, schemas)
        yield from _headers(label, response, left, side, schemas)
    for status, response in is_now.members():
        if status[:1] in {"1", "2", "3"} and was.get(status) is None:
            text = f"Response {status} of {name} is new, and older consumers do not expect it."
            yield Difference(Edit.RESPONSE_ADDED, response, f"{was.shown}/{escaped(status)}", text)


def contents(label: str, before: Node, after: Node, side: Side, schemas: Schemas) -> Iterator[Difference]:
    """Yield what changed in the media types of a body and in what they hold."""
    was, is_now = before.get("content"), after.get("content")
    for media_type, body in was.members() if was is not None else ():
        left = is_now.get(media_type) if is_now is not None else None
        if left is None:
            text = f"Media type {media_type} of the {label} was deleted."
            yield Difference(Edit.MEDIA_TYPE_DELETED, is_now or after, body.shown, text, side)
            continue
        one, other = body.raw("schema"), left.raw("schema")
        if one is not None or other is not None:
            everything = Node({}, body.pointer, body.document), Node({}, left.pointer, left.document)
            yield from schemas.compare(one or everything[0], other or everything[1], side)


def _headers(label: str, before: Node, after: Node, side: Side, schemas: Schemas) -> Iterator[Difference]:
    was, is_now = before.get("headers"), after.get("headers")
    left = {name.lower(): header for name, header in is_now.members()} if is_now is not None else {}
    for name, header in was.members() if was is not None else ():
        kept = left.get(name.lower())
        if kept is None:
            text = f"Header {name!r} of the {label} was deleted."
            yield Difference(Edit.HEADER_DELETED, is_now or after, header.shown, text)
            continue
        if header.object().get("required") is True and kept.object().get("required") is not True:
            text = f"Header {name!r} of the {label} is required no more."
            yield Difference(Edit.HEADER_DELETED, kept, header.shown, text)
        one, other = header.raw("schema"), kept.raw("schema")
        if one is not None and other is not None:
            yield from schemas.compare(one, other, side)
