"""Bodies of a request and of the expected answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from servanda.documents import parse_payload
from servanda.interfaces.effect import Access
from servanda.interfaces.openapi import encodings, media, statuses
from servanda.interfaces.openapi.document import Node, escaped
from servanda.interfaces.openapi.schema import schema
from servanda.interfaces.openapi.usage.both import Both, Touch, touches
from servanda.interfaces.openapi.usage.operations import Call
from servanda.interfaces.openapi.usage.parameters import value_of
from servanda.interfaces.openapi.usage.payloads import Payload
from servanda.interfaces.openapi.usage.refusals import fits
from servanda.pact import Part
from servanda.pact.media import is_json
from servanda.pact.paths import Path, Wildcard
from servanda.transports.http.interaction import HttpResponse

_MISSING: Final = object()


def sent(call: Call, request: Part, payload: Payload, *, judged: bool) -> Iterator[Touch]:
    """Yield the body of a request; a body that is left out is told as well."""
    own = call.operation.own
    body = own.get("requestBody")
    if not body:
        return
    if request.body is None or not request.body.content:
        if judged:
            yield from touches(body, Access.OMIT)
            yield from touches(own, Access.OMIT, inside="requestBody")
        return
    yield from touches(body, Access.WRITE)
    yield from touches(own, Access.WRITE, inside="requestBody")
    yield from _content(body, request, Access.WRITE, payload)


def expected(call: Call, answer: HttpResponse, payload: Payload) -> Iterator[Touch]:
    """Yield the answer, as far as the consumer looks at it; and answers that are new to it."""
    responses = call.operation.own.get("responses")
    was, is_now = (_names(each) for each in (responses.before, responses.after))
    yield from (
        touch for name in is_now if name not in was for touch in touches(responses, Access.CALL, inside=escaped(name))
    )
    old, new = _fitting(str(answer.status), was), _fitting(str(answer.status), is_now)
    if old is not None and statuses.is_success(old) and new == "default" and "default" in was:
        new = None  # it meant errors, and still does
    response = Both(
        responses.before.get(old) if responses.before and old else None,
        responses.after.get(new) if responses.after and new else None,
    )
    refused = "" if new else f"responses: {', '.join(is_now) or 'none'}"
    yield from touches(response, Access.READ, refused=refused)
    for name in {old: None, new: None}:
        if name is not None:
            yield from touches(responses, Access.READ, inside=escaped(name), refused=refused)
    if response:
        yield from _headers(response, answer, payload)
        yield from _content(response, answer, Access.READ, payload)


def _fitting(status: str, names: tuple[str, ...]) -> str | None:
    """Return the response of a status; where none is described, the default may be meant all the same."""
    return statuses.describing(status, names) or statuses.describing("default", names)


def _names(responses: Node | None) -> tuple[str, ...]:
    return tuple(responses.object()) if responses is not None else ()


def _headers(response: Both, answer: Part, payload: Payload) -> Iterator[Touch]:
    headers = response.get("headers")
    looked_at = {name.lower(): values for name, values in answer.fields.items()}
    left = {name.lower() for name in _names(headers.after)}
    for name in headers.names():
        values = looked_at.get(name.lower())
        if values is None:
            continue
        refused = "" if name.lower() in left else "headers: gone"
        header = headers.get(name)
        yield from touches(header, Access.READ, refused=refused)
        yield from touches(headers, Access.READ, inside=escaped(name), refused=refused)
        # Of a text by rules nobody knows what else may come.
        rules = answer.rules_of("header")
        is_exact = all(rules.at(path) is None for path in ((name,), (name, 0)))
        described = header.raw("schema")
        read = payload if is_exact and not _is_still_meant(values, described) else Payload(Access.READ, judged=False)
        yield from read.touched(value_of(values, described), described)


def _is_still_meant(values: tuple[str, ...], described: Both) -> bool:
    """Tell whether a text can mean a value that the header may have now: a text does not tell its type."""
    now = described.after
    return now is not None and fits(schema(now), value_of(values, Both(None, now)))


def _content(part: Both, body: Part, access: Access, payload: Payload) -> Iterator[Touch]:
    """Yield the media type of a body, and what it holds if it is JSON; what has only rules counts as well."""
    sent = (body.body.content_type if body.body else "") or body.first("content-type") or ""
    content = part.get("content")
    old, new = _media_type(sent, _names(content.before)), _media_type(sent, _names(content.after))
    found = Both(
        content.before.get(old) if content.before and old else None,
        content.after.get(new) if content.after and new else None,
    )
    if body.body is None or not found:
        return
    yield from touches(found, access)
    for element in encodings.elements(found.before, found.after):
        yield Touch(element, access)
    if not is_json(sent or old or new or ""):
        return
    value = _json(body.body.content)
    if value is not _MISSING:
        rules = body.rules_of("body")
        yield from (payload.by(rules) if access is Access.READ else payload).touched(value, found.raw("schema"))
    for path, _ in body.rules_of("body").entries:
        yield from Payload(access, judged=False).touched(_skeleton(path), found.raw("schema"))


def _media_type(sent: str, names: tuple[str, ...]) -> str | None:
    """Return the entry for a media type, the most exact one; the only JSON if the contract does not say."""
    if not sent:
        return next((name for name in names if is_json(name)), None)
    return media.describing(sent, names)


def _json(content: bytes) -> object:
    try:
        value: object = parse_payload(content)
    except ValueError:
        return _MISSING  # a contract about a body that is no JSON, for example one that has to be refused
    return value


def _skeleton(path: Path) -> object:
    """Return the least value that has something at a path."""
    value: object = {}
    for step in reversed(path):
        value = [value] if isinstance(step, int) or step is Wildcard.INDEX else {str(step): value}
    return value
