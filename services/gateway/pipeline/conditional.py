"""The etag of a resource as the ETag of HTTP (RFC 9110, sections 8.8.3 and 13)."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final

import grpc
from google.protobuf.descriptor import Descriptor

from platformkit.status import FieldViolation
from platformkit.transcoding import (
    EdgeError,
    EdgeRequest,
    Handler,
    HttpResponse,
    Route,
    WholeBody,
    invalid_request,
)

IF_MATCH: Final = "if-match"
IF_NONE_MATCH: Final = "if-none-match"
ETAG: Final = "etag"
STALE: Final = "ETAG_STALE"
"""Reason with which a service refuses a change of a resource that has another etag by now."""

_TAGS: Final = re.compile(r'(?:(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"(?:\s*,\s*|$))+')
_TAG: Final = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')


async def map_etags(request: EdgeRequest, handler: Handler) -> HttpResponse:
    """Hand ``if-match`` on as the etag of the request's message, and return that of the resource as ``etag``.

    A change with ``if-match`` of a resource that has another etag by now is 412; a read with ``if-none-match`` of one
    that is still the same is 304.

    Raises:
        ServiceError: INVALID_ARGUMENT, the header is malformed, contradicts the body, or the rpc knows no etag.
        EdgeError: 412, the etag can never be that of a resource.
    """
    if request.match is None:
        return await handler(request)
    route = request.match.route
    if request.headers.get(IF_MATCH, "*").strip() != "*":
        request = await _with_etag(request, route, request.headers[IF_MATCH])
    response = await handler(request)
    if IF_MATCH in request.headers and _is_stale(response):
        return replace(response, status=int(HTTPStatus.PRECONDITION_FAILED), body=_with_code(response.body))
    tag = _etag(response, route) if response.status == HTTPStatus.OK else ""
    if not tag:
        return response
    headers = {**response.headers, ETAG: f'"{tag}"'}
    if route.verb == "GET" and _matches(request.headers.get(IF_NONE_MATCH, ""), tag):
        kept = {name: value for name, value in headers.items() if name != "content-type"}
        return HttpResponse(HTTPStatus.NOT_MODIFIED, kept)
    return replace(response, headers=headers)


async def _with_etag(request: EdgeRequest, route: Route, header: str) -> EdgeRequest:
    tags = _tags(header, IF_MATCH)
    if len(tags) != 1:
        raise _malformed(IF_MATCH, "names several etags; a resource has one")
    ((weak, tag),) = tags
    if weak:
        # RFC 9110, section 13.1.1: the comparison is strong, and a weak one is never equal.
        raise _failed_precondition()
    field = route.body_field
    inside = route.method.input_type if field is None else field.message_type
    if not route.body or not _knows_etag(inside):
        raise _malformed(IF_MATCH, f"{route.method.full_name} knows no etag")
    document = _document(await request.body.read())
    if document is None:
        # What is wrong with the body is told where it is read.
        return request
    if document.get(ETAG, tag) != tag:
        raise _malformed(IF_MATCH, "says another etag than the body")
    return replace(request, body=WholeBody(json.dumps({**document, ETAG: tag}).encode()))


def _etag(response: HttpResponse, route: Route) -> str:
    output = route.method.output_type
    document: Any = _document(response.body) or {}
    if ETAG not in output.fields_by_name:
        resources = [field for field in output.fields if not field.is_repeated and _knows_etag(field.message_type)]
        if len(resources) != 1:
            return ""
        document = document if route.response_body else document.get(resources[0].json_name, {})
    tag = document.get(ETAG, "")
    return tag if isinstance(tag, str) and _TAG.fullmatch(f'"{tag}"') else ""


def _knows_etag(message: Descriptor | None) -> bool:
    return message is not None and ETAG in message.fields_by_name


def _document(body: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _matches(header: str, tag: str) -> bool:
    if not header:
        return False
    return header.strip() == "*" or any(each == tag for _, each in _tags(header, IF_NONE_MATCH))


def _tags(header: str, name: str) -> list[tuple[str, str]]:
    if _TAGS.fullmatch(header.strip()) is None:
        raise _malformed(name, 'is no list of etags such as "a1b2"')
    return _TAG.findall(header)


def _is_stale(response: HttpResponse) -> bool:
    if response.status != HTTPStatus.CONFLICT:
        return False
    error = (_document(response.body) or {}).get("error", {})
    return any(detail.get("reason") == STALE for detail in error.get("details", ()))


def _with_code(body: bytes) -> bytes:
    document: Any = json.loads(body)
    document["error"]["code"] = int(HTTPStatus.PRECONDITION_FAILED)
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _failed_precondition() -> EdgeError:
    return EdgeError(
        HTTPStatus.PRECONDITION_FAILED,
        grpc.StatusCode.ABORTED,
        "a weak etag never matches; send the etag as it was told",
        reason=STALE,
    )


def _malformed(name: str, what: str) -> Exception:
    return invalid_request(FieldViolation(name, what, "MALFORMED_HEADER"))
