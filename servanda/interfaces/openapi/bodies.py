"""Bodies of requests and responses, by their media types."""

from __future__ import annotations

from collections.abc import Iterator

from servanda.interfaces.openapi import encodings, media
from servanda.interfaces.openapi.difference import Difference, Edit, Side
from servanda.interfaces.openapi.document import Node
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
            text = f"The media type of the {label} changed from {one} to the range {other}."
            yield Difference(Edit.MEDIA_TYPE_WIDENED, new[other], old[one].shown, text, side)


def _accepts(one: str, other: str) -> bool:
    return media.describing(other, (one,)) is not None


def _content(names: tuple[str, str, str], before: Node, after: Node, way: tuple[Side, Schemas]) -> Iterator[Difference]:
    label, old, new = names
    side, schemas = way
    one, other = before.raw("schema"), after.raw("schema")
    if one is not None or other is not None:
        anything, still_anything = (Node({}, each.pointer, each.document, each.via) for each in (before, after))
        was, is_now = encodings.comparable((old, new), before, after, side) or (one, other)
        yield from schemas.compare(was or anything, is_now or still_anything, side)
    yield from encodings.compare(label, (old, new), before, after, way)
