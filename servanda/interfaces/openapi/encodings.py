"""Parts of forms, in multipart and URL-encoded bodies: how the value of each property is written.

Source: OpenAPI 3.1.1 "Encoding Object". In 3.0 the style counts for URL-encoded bodies alone; servers go by it in both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from servanda.interfaces.openapi import media, reading, written
from servanda.interfaces.openapi.difference import Difference, Edit, Side
from servanda.interfaces.openapi.document import Node, escaped
from servanda.interfaces.openapi.kinds import ARRAY, EVERY_KIND, OBJECT, kinds
from servanda.interfaces.openapi.schema import schema
from servanda.interfaces.openapi.schemas import Schemas
from servanda.interfaces.openapi.written import Written
from servanda.pact.media import is_json

_BYTES: Final = ("binary", "base64", "byte")
_STYLED: Final = ("style", "explode", "allowReserved")


def compare(
    label: str, media_types: tuple[str, str], before: Node, after: Node, way: tuple[Side, Schemas]
) -> Iterator[Difference]:
    """Yield what changed in the way in which the parts of a form are written.

    Args:
        label: The body, for messages.
        media_types: Its media type as it was and as it is.
        before: What the document said of it.
        after: What it says.
        way: What consumers do with it, and the comparison of schemas.
    """
    if not all(map(media.is_form, media_types)):
        return
    was, is_now = _properties(before), _properties(after)
    for name in (each for each in was if each in is_now):
        parts = (
            _Part(before, before.get("encoding", name), was[name], media_types[0]),
            _Part(after, after.get("encoding", name), is_now[name], media_types[1]),
        )
        element = f"{before.shown}/encoding/{escaped(name)}"
        yield from _part((name, f"part {name!r} of the {label}", element), *parts, way)


def comparable(media_types: tuple[str, str], before: Node, after: Node, side: Side) -> tuple[Node, Node] | None:
    """Return the schemas of two forms as if what is sent had the type as which it is read; ``None`` for other bodies.

    Args:
        media_types: The media type of the body as it was and as it is.
        before: What the document said of the body.
        after: What it says.
        side: What consumers do with it.

    Raises:
        InterfaceError: What is said of a part is no object, or a schema is none.
    """
    if not all(map(media.is_form, media_types)):
        return None
    states = [_listing(each) for each in (before, after)]
    (one, was), (other, is_now) = states
    if one is None or other is None:
        return None
    changed: tuple[dict[str, Node], dict[str, Node]] = ({}, {})
    for name in (each for each in was if each in is_now):
        parts = (
            _Part(before, before.get("encoding", name), was[name], media_types[0]).as_sent,
            _Part(after, after.get("encoding", name), is_now[name], media_types[1]).as_sent,
        )
        found = reading.comparable(side, *parts)
        for own, node, part in zip(changed, found, parts, strict=True):
            if node is not part.schema:
                own[name] = node
    return reading.with_members(one, changed[0]) or one, reading.with_members(other, changed[1]) or other


def _listing(body: Node) -> tuple[Node | None, Mapping[str, Node]]:
    """Return the schema of a form with its properties; ``None`` if it has none."""
    said = body.raw("schema")
    if said is None:
        return None, {}
    return said.document.resolve(said), schema(said).properties


def elements(before: Node | None, after: Node | None) -> Iterator[str]:
    """Yield parts of a form and their headers as findings name them.

    Raises:
        InterfaceError: What is said of a part is no object.
    """
    states = [body for body in (before, after) if body is not None]
    for encoding in filter(None, (body.get("encoding") for body in states)):
        for name, part in encoding.members():
            headers = part.get("headers")
            for body in states:
                element = f"{body.shown}/encoding/{escaped(name)}"
                yield element
                yield from (f"{element}/headers/{escaped(each)}" for each in (headers.object() if headers else ()))


def _properties(body: Node) -> dict[str, Node]:
    found = body.raw("schema")
    return dict(schema(found).properties) if found is not None else {}


class _Part:
    """One property of a form, in one state."""

    def __init__(self, body: Node, encoding: Node | None, value: Node, media_type: str) -> None:
        self.node = encoding or body
        self.said = encoding.object() if encoding is not None else {}
        # A style that is written decides; without one only URL-encoded bodies have it.
        self.is_styled = media.is_urlencoded(media_type) or any(name in self.said for name in _STYLED)
        style = str(self.said.get("style", "form"))
        self.written = Written(self.node, value, style, self.said.get("explode", style == "form") is True)
        self.allows_reserved = self.said.get("allowReserved") is True

    def example(self, kind: str) -> str:
        # Without a style, the items of a list are parts of the same name, as in the style "form".
        return self.written.example(kind) if self.is_styled or kind != OBJECT else "a part of its own"

    @property
    def as_sent(self) -> Written:
        """Return how the value is written; what is no text by itself is written as a body of its own."""
        inner = kinds(self.written.schema)
        items = self.written.schema.get("items")
        inner |= kinds(items) if items is not None else frozenset()
        is_body = not self.is_styled and (inner & {OBJECT} or any(map(is_json, self.content_types)))
        return replace(self.written, media_type="application/json") if is_body else self.written

    @property
    def content_types(self) -> list[str]:
        """Return what its own body may be; empty if the style decides."""
        if self.is_styled:
            return []
        said = self.said.get("contentType")
        if said is not None:
            return [each.strip() for each in str(said).split(",")]
        return sorted({"application/json" if kind == OBJECT else "text/plain" for kind in self._inner_kinds()})

    def _inner_kinds(self) -> frozenset[str]:
        """Return the kinds of what a body holds; none if they do not tell its media type."""
        value = self.written.schema
        found = value.document.resolve(value)
        inner = kinds(value)
        if inner == EVERY_KIND or (isinstance(found.value, dict) and found.value.get("format") in _BYTES):
            return frozenset()
        return inner - {ARRAY}

    @property
    def headers(self) -> dict[str, tuple[str, Node]]:
        """Return the headers of the part by name in lower case."""
        return written.headers_of(self.node) if self.said else {}


def _part(names: tuple[str, str, str], before: _Part, after: _Part, way: tuple[Side, Schemas]) -> Iterator[Difference]:
    name, label, element = names
    side, _ = way
    place = after.node.raw("style") or after.node.raw("explode") or after.node
    both = sorted(kinds(before.written.schema) & kinds(after.written.schema))
    changed = next((kind for kind in both if before.example(kind) != after.example(kind)), None)
    if changed is not None:
        was, is_now = (each.example(changed).replace("{n}", name) for each in (before, after))
        text = f"The {label} is serialized as {is_now}; before: {was}."
        yield Difference(Edit.ENCODING, place, element, text, side)
    sender, receiver = (before, after) if side is Side.REQUEST else (after, before)
    if sender.allows_reserved and not receiver.allows_reserved:
        verb = "no longer allows" if side is Side.REQUEST else "now allows"
        text = f"The {label} {verb} reserved characters that are not percent-encoded."
        yield Difference(Edit.ENCODING, after.node.raw("allowReserved") or after.node, element, text, side)
    sent, read = sender.content_types, receiver.content_types
    # Where neither state says a media type, it follows from the schema, and so does what is told of it.
    is_said = "contentType" in before.said or "contentType" in after.said
    if is_said and read and any(media.describing(each, read) is None for each in sent):
        was, is_now = (" or ".join(each.content_types) or "none" for each in (before, after))
        text = f"The content type of the {label} changed from {was} to {is_now}."
        yield Difference(Edit.ENCODING, after.node.raw("contentType") or after.node, element, text, side)
    yield from _headers((label, element), before, after, way)


def _headers(names: tuple[str, str], before: _Part, after: _Part, way: tuple[Side, Schemas]) -> Iterator[Difference]:
    label, element = names
    side, schemas = way
    for key, (name, header) in after.headers.items() if side is Side.REQUEST else ():
        was = before.headers.get(key)
        if header.object().get("required") is True and (was is None or was[1].object().get("required") is not True):
            text = f"Header {name!r} of the {label} became required."
            yield Difference(Edit.PART_HEADER, header, f"{element}/headers/{escaped(name)}", text, side)
    for key in (each for each in before.headers if each in after.headers):
        name, header = before.headers[key]
        one, other = (written.written(each, "header") for each in (header, after.headers[key][1]))
        place = f"{element}/headers/{escaped(name)}"
        told = reading.Told(name, f"header {name!r} of the {label}", place, Edit.ENCODING, side)
        yield from reading.compare(told, one, other, schemas)
