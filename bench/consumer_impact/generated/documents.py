"""Edits of OpenAPI documents: properties, parameters, responses, headers, operations, demands on values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from bench.consumer_impact.generated.candidate import Candidate

Path = tuple[str | int, ...]
_TYPES = ("string", "integer", "number", "boolean", "object", "array")
_LIMITS: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "string": ({"minLength": 3}, {"maxLength": 3}, {"pattern": "^[a-f]"}, {"format": "uuid"}, {"const": "late"}),
    "integer": ({"minimum": 5}, {"maximum": 100}, {"multipleOf": 50}, {"exclusiveMinimum": 250}),
    "array": ({"minItems": 2}, {"maxItems": 0}, {"uniqueItems": True}),
}
_IN_VERSION_30 = ("const", "exclusiveMinimum")


def candidates(name: str, document: Mapping[str, Any]) -> Iterator[Candidate]:
    """Yield all edits of a document.

    Args:
        name: Name of its provider.
        document: The former state.
    """
    is_old = document["openapi"].startswith("3.0")
    for schema, found in document["components"]["schemas"].items():
        at: Path = ("components", "schemas", schema)
        if "properties" in found:
            yield from _object(name, at, found)
        for each, described in found.get("properties", {}).items():
            yield from _schema(name, (*at, "properties", each), described, is_old=is_old)
    for parameter, found in document["components"].get("parameters", {}).items():
        yield from _schema(name, ("components", "parameters", parameter, "schema"), found["schema"], is_old=is_old)
    for response, found in document["components"].get("responses", {}).items():
        yield from _response(name, ("components", "responses", response), found)
    for path, item in document["paths"].items():
        for verb, operation in item.items():
            if verb == "parameters":
                continue
            yield from _operation(name, ("paths", path, verb), operation, is_old=is_old)


def _candidate(name: str, kind: str, at: Path, what: str, do: Callable[[Any], None]) -> Candidate:
    def edit(document: Any) -> None:
        for part in at:
            document = document[part]
        do(document)

    where = "/".join(map(str, at))
    return Candidate(f"openapi: {kind}", f"{name} {where}{f': {what}' if what else ''}", edit, document=name)


def _gone(name: str, kind: str, at: Path) -> Candidate:
    def do(holder: Any) -> None:
        del holder[at[-1]]

    return _candidate(name, kind, at[:-1], f"no {at[-1]}", do)


def _object(name: str, at: Path, schema: Mapping[str, Any]) -> Iterator[Candidate]:
    required = schema.get("required", [])
    for each in schema.get("properties", {}):

        def gone(found: Any, each: str = each) -> None:
            del found["properties"][each]
            if each in found.get("required", []):
                found["required"].remove(each)

        yield _candidate(name, "delete property", at, each, gone)
        others = [one for one in required if one != each]
        edit = partial(_update, added={"required": others if each in required else [*required, each]})
        yield _candidate(name, "free property" if each in required else "require property", at, each, edit)

    def closed(found: Any) -> None:
        found["additionalProperties"] = False

    def more(found: Any) -> None:
        found["properties"]["desk"] = {"type": "string"}
        found.setdefault("required", []).append("desk")

    yield _candidate(name, "close object", at, "", closed)
    yield _candidate(name, "new required property", at, "", more)


def _schema(name: str, at: Path, schema: Mapping[str, Any], *, is_old: bool) -> Iterator[Candidate]:
    if "$ref" in schema:
        return
    kinds = schema.get("type", ())
    for kind in _TYPES:
        if kind != kinds:
            yield _candidate(name, "retype", at, kind, partial(_retype, kind=kind))
    if schema.get("nullable") or "null" in kinds:
        yield _candidate(name, "no null", at, "", _no_null)
    yield from _values(name, at, schema)
    for limit in _LIMITS.get(kinds if isinstance(kinds, str) else "", ()):
        if not (is_old and any(key in _IN_VERSION_30 for key in limit)) and not schema.keys() & limit.keys():
            yield _candidate(name, "limit", at, str(dict(limit)), partial(_update, added=limit))
    for key in ("readOnly", "writeOnly"):
        if "properties" in at:
            yield _candidate(name, key, at, "", partial(_update, added={key: True}))


def _values(name: str, at: Path, schema: Mapping[str, Any]) -> Iterator[Candidate]:
    for value in schema.get("enum", ()):
        others = [each for each in schema["enum"] if each != value]
        yield _candidate(name, "drop value", at, value, partial(_update, added={"enum": others}))
        yield _candidate(name, "one value", at, value, partial(_update, added={"enum": [value]}))
    if "enum" in schema:
        yield _candidate(name, "add value", at, "", partial(_update, added={"enum": [*schema["enum"], "else"]}))


def _update(found: Any, added: Mapping[str, Any]) -> None:
    found.update(added)


def _retype(found: Any, kind: str) -> None:
    found.clear()
    found["type"] = kind
    if kind == "array":
        found["items"] = {"type": "string"}


def _no_null(found: Any) -> None:
    found.pop("nullable", None)
    if isinstance(found.get("type"), list):
        found["type"] = next(kind for kind in found["type"] if kind != "null")


def _operation(name: str, at: Path, operation: Mapping[str, Any], *, is_old: bool) -> Iterator[Candidate]:
    yield _gone(name, "delete operation", at)
    for index, parameter in enumerate(operation.get("parameters", ())):
        if "$ref" in parameter:
            continue
        place = (*at, "parameters", index)
        yield from _schema(name, (*place, "schema"), parameter["schema"], is_old=is_old)
        if parameter["in"] != "path":
            yield _gone(name, "delete parameter", place)
        if not parameter.get("required"):
            yield _candidate(name, "require parameter", place, "", partial(_update, added={"required": True}))
    yield _candidate(name, "new parameter", at, "required", _new_parameter)
    yield _candidate(name, "security", at, "", partial(_update, added={"security": [{"key": []}]}))
    if "requestBody" in operation:
        yield _gone(name, "delete body", (*at, "requestBody"))
        yield _candidate(name, "media type", (*at, "requestBody", "content"), "", _other_media)
    for status, response in operation["responses"].items():
        place = (*at, "responses", status)
        if len(operation["responses"]) > 1:
            yield _gone(name, "delete response", place)
        yield _candidate(name, "other status", (*at, "responses"), status, partial(_moved, status=status))
        if "$ref" not in response:
            yield from _response(name, place, response)


def _response(name: str, at: Path, response: Mapping[str, Any]) -> Iterator[Candidate]:
    for header in response.get("headers", ()):
        yield _gone(name, "delete header", (*at, "headers", header))
    if "content" in response:
        yield _candidate(name, "media type", (*at, "content"), "", _other_media)
        yield _candidate(name, "other schema", (*at, "content", "application/json"), "", _other_schema)


def _new_parameter(operation: Any) -> None:
    added = {"name": "tenant", "in": "query", "required": True, "schema": {"type": "string"}}
    operation.setdefault("parameters", []).append(added)


def _other_media(content: Any) -> None:
    content["application/xml"] = content.pop("application/json")


def _moved(responses: Any, status: str) -> None:
    responses["202" if status.startswith("2") else "418"] = responses.pop(status)


def _other_schema(media: Any) -> None:
    media["schema"] = {"type": "object", "required": ["other"], "properties": {"other": {"type": "string"}}}
