"""Interactions over HTTP against a provider that does what its OpenAPI document says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

import jsonschema

from bench.consumer_impact.replay.differing import is_like, type_of
from bench.consumer_impact.replay.schemas import inlined, resolved, undeclared
from bench.consumer_impact.scenario.interactions import Http

# A contract names a part of a response only: what it does not name may still be there.
_ABOUT_ABSENCE = frozenset({"required", "minProperties", "minItems", "dependentRequired", "minContains"})
Document = Mapping[str, Any]
Operation = tuple[Mapping[str, Any], Mapping[str, str]]
"""An operation with the values in its path."""


def breaks(exchange: Http, before: Document, after: Document) -> str:
    """Say why an exchange breaks; empty if it holds."""
    old, new = _operation(exchange, before), _operation(exchange, after)
    assert old is not None, exchange.path
    if new is None:
        return f"there is no operation {exchange.method} {exchange.path}"
    if not exchange.is_invalid:
        refused = _refused(exchange, after, new)
        if refused and not _refused(exchange, before, old):
            return refused
    unanswered = _unanswered(exchange, after, new[0])
    return unanswered if unanswered and not _unanswered(exchange, before, old[0]) else ""


def _operation(exchange: Http, document: Document) -> Operation | None:
    """Return the operation that a request means; a path without parameters takes precedence."""
    for template, item in sorted(document.get("paths", {}).items(), key=lambda pair: pair[0].count("{")):
        pattern = re.sub(r"\\\{(.+?)\\\}", "([^/]+)", re.escape(template))
        matched = re.fullmatch(pattern, exchange.path)
        if matched is None or exchange.method.lower() not in item:
            continue
        names = re.findall(r"\{(.+?)\}", template)
        values = dict(zip(names, map(unquote, matched.groups()), strict=True))
        operation = dict(item[exchange.method.lower()])
        operation["parameters"] = [*item.get("parameters", ()), *operation.get("parameters", ())]
        return operation, values
    return None


def _refused(exchange: Http, document: Document, called: Operation) -> str:
    operation, _ = called
    found = _unauthorized(exchange, document, operation)
    if found:
        return found
    for problem in _parameters(exchange, document, called):
        return problem
    return _body(exchange, document, operation)


def _unauthorized(exchange: Http, document: Document, operation: Mapping[str, Any]) -> str:
    demands = operation.get("security", document.get("security", []))
    if not demands:
        return ""
    schemes = document.get("components", {}).get("securitySchemes", {})
    for demand in demands:
        if all(_carries(exchange, schemes[name]) for name in demand):
            return ""
    return "the request carries no credentials"


def _carries(exchange: Http, scheme: Mapping[str, Any]) -> bool:
    if scheme["type"] == "apiKey" and scheme["in"] == "query":
        return scheme["name"] in exchange.query
    name = scheme["name"] if scheme["type"] == "apiKey" else "Authorization"
    return name.lower() in {header.lower() for header in exchange.request_headers}


def _parameters(exchange: Http, document: Document, called: Operation) -> Iterator[str]:
    operation, placed = called
    declared = {"query": set[str](), "header": set[str]()}
    for entry in operation["parameters"]:
        parameter = resolved(entry, document)
        name, where = parameter["name"], parameter["in"]
        if where == "cookie":
            continue
        declared.setdefault(where, set()).add(name.lower() if where == "header" else name)
        texts = _texts(exchange, name, where, placed)
        if texts is None:
            if parameter.get("required"):
                yield f"the parameter {name} is required"
            continue
        schema = inlined(parameter["schema"], document)
        # Else each value stands alone: https://spec.openapis.org/oas/v3.1.1.html#style-values
        is_joined = where == "query" and not parameter.get("explode", True) and schema.get("type") == "array"
        read = ",".join(texts).split(",") if is_joined else texts
        if not any(_fits(value, schema) for value in _readings(read, schema)):
            yield f"the parameter {name} is refused: {texts}"
    for name in exchange.query:
        if name not in declared["query"]:
            yield f"there is no parameter {name}"
    for name in exchange.request_headers:
        if name.lower() not in declared["header"]:
            yield f"there is no header {name}"


def _texts(exchange: Http, name: str, where: str, placed: Mapping[str, str]) -> list[str] | None:
    if where == "path":
        return [placed[name]] if name in placed else None
    if where == "query":
        return exchange.query.get(name)
    return next((texts for header, texts in exchange.request_headers.items() if header.lower() == name.lower()), None)


def _readings(texts: list[str], schema: Mapping[str, Any]) -> Iterator[Any]:
    """Yield what the text of a parameter may stand for: text has no type of its own."""
    if len(texts) == 1:
        yield texts[0]
        try:
            value = json.loads(texts[0])
        except ValueError:
            value = None
        if not isinstance(value, str | dict | list):
            yield value
    yield list(texts)
    items = schema.get("items", {})
    yield [next((value for value in _readings([text], items) if _fits(value, items)), text) for text in texts]


def _fits(value: Any, schema: Mapping[str, Any]) -> bool:
    return bool(jsonschema.Draft202012Validator(schema).is_valid(value))


def _body(exchange: Http, document: Document, operation: Mapping[str, Any]) -> str:
    if "requestBody" not in operation:
        return "" if exchange.body is None else "the operation takes no body"
    told = resolved(operation["requestBody"], document)
    if exchange.body is None:
        return "a body is required" if told.get("required") else ""
    schema = _json_schema(told.get("content", {}), document)
    if schema is None:
        return "the operation takes no JSON"
    for error in jsonschema.Draft202012Validator(schema).iter_errors(exchange.body):
        return f"the body is refused: {error.message}"
    return next(undeclared(exchange.body, schema, hidden="readOnly"), "")


def _json_schema(content: Mapping[str, Any], document: Document) -> Mapping[str, Any] | None:
    for media in ("application/json", "application/*", "*/*"):
        if media in content:
            schema: Mapping[str, Any] = inlined(content[media].get("schema", {}), document)
            return schema
    return None


def _unanswered(exchange: Http, document: Document, operation: Mapping[str, Any]) -> str:
    answers = operation.get("responses", {})
    status = str(exchange.status)
    told = answers.get(status, answers.get(f"{status[0]}XX", answers.get("default")))
    if told is None:
        return f"there is no response {status}"
    response = resolved(told, document)
    return _without_headers(exchange, document, response) or _other_content(exchange, document, response)


def _without_headers(exchange: Http, document: Document, response: Mapping[str, Any]) -> str:
    headers = {name.lower(): resolved(entry, document) for name, entry in response.get("headers", {}).items()}
    for name, texts in exchange.headers.items():
        if name.lower() not in headers:
            return f"the header {name} is gone"
        schema = inlined(headers[name.lower()].get("schema", {}), document)
        if not any(_fits(value, schema) for value in _readings(list(texts), schema)):
            return f"the header {name} cannot be {texts} any more"
    return ""


def _other_content(exchange: Http, document: Document, response: Mapping[str, Any]) -> str:
    if exchange.answer is None:
        return ""
    schema_ = _json_schema(response.get("content", {}), document)
    if schema_ is None:
        return "the response is no JSON any more"
    for error in _impossible(jsonschema.Draft202012Validator(schema_).iter_errors(exchange.answer), exchange.like):
        return f"the response cannot be that any more: {error.message}"
    return next(undeclared(exchange.answer, schema_, hidden="writeOnly"), "")


def _impossible(errors: Any, like: Sequence[str]) -> Iterator[Any]:
    for error in errors:
        if error.validator in _ABOUT_ABSENCE or _has_others(error, like):
            continue
        if error.context:
            branches: dict[Any, list[Any]] = {}
            for inner in error.context:
                branches.setdefault(inner.schema_path[0], []).append(inner)
            if any(not list(_impossible(branch, like)) for branch in branches.values()):
                continue
        yield error


def _has_others(error: Any, like: Sequence[str]) -> bool:
    """Tell whether a contract that expects a type has room for what the schema still allows."""
    if error.validator == "type" or not is_like(error.json_path, like):
        return False
    allowed = {"enum": error.validator_value, "const": [error.validator_value]}.get(error.validator, [error.instance])
    return any(type_of(value) == type_of(error.instance) for value in allowed)
