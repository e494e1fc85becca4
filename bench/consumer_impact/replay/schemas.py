"""JSON schemas of OpenAPI documents of version 3.0 and 3.1, made ready for a validator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator

_MAPS = ("properties", "patternProperties", "$defs", "dependentSchemas")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_SINGLE = ("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames")


def resolved(value: Any, document: Mapping[str, Any]) -> Any:
    """Follow a reference within the document; anything else is returned as it is."""
    while isinstance(value, Mapping) and "$ref" in value:
        reference = value["$ref"]
        assert reference.startswith("#/"), reference
        found: Any = document
        for part in reference[2:].split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        value = found
    return value


def inlined(schema: Any, document: Mapping[str, Any]) -> Any:
    """Return a schema without references, and with the ``nullable`` of version 3.0 as a type."""
    schema = resolved(schema, document)
    if not isinstance(schema, Mapping):
        return schema
    copied: dict[str, Any] = dict(schema)
    for key in _MAPS:
        if key in copied:
            copied[key] = {name: inlined(each, document) for name, each in copied[key].items()}
    for key in _LISTS:
        if key in copied:
            copied[key] = [inlined(each, document) for each in copied[key]]
    for key in _SINGLE:
        if key in copied:
            copied[key] = inlined(copied[key], document)
    if copied.pop("nullable", False) and "type" in copied:
        copied["type"] = [copied["type"], "null"]
        if "enum" in copied:
            copied["enum"] = [*copied["enum"], None]
    return copied


def undeclared(value: Any, schema: Any, path: str = "$", *, hidden: str) -> Iterator[str]:
    """Say which names in a value no schema declares, or are hidden in this direction.

    Args:
        value: The value.
        schema: A schema without references.
        path: Where the value is.
        hidden: Keyword of a property that does not count: ``readOnly`` in requests, ``writeOnly`` in responses.
    """
    if isinstance(value, list):
        for index, each in enumerate(value):
            for items in _parts(schema, "items", value):
                yield from undeclared(each, items, f"{path}[{index}]", hidden=hidden)
    elif isinstance(value, dict):
        parts = list(_parts(schema, "", value))
        properties = {name: each for part in parts for name, each in part.get("properties", {}).items()}
        if not any(_is_open(part) for part in parts) and (properties or schema.get("additionalProperties") is False):
            yield from (f"{path}.{name} is gone" for name in value if name not in properties)
        for name in value.keys() & properties.keys():
            yield from _hidden_in(value[name], properties[name], f"{path}.{name}", hidden)


def _is_open(part: Mapping[str, Any]) -> bool:
    return isinstance(part.get("additionalProperties"), Mapping) or "patternProperties" in part


def _hidden_in(value: Any, schema: Any, path: str, hidden: str) -> Iterator[str]:
    if isinstance(schema, Mapping) and schema.get(hidden):
        yield f"{path} is {hidden}"
    else:
        yield from undeclared(value, schema, path, hidden=hidden)


def _parts(schema: Any, key: str, value: Any) -> Iterator[Any]:
    """Yield a schema with all that it is composed of, as far as a value takes it, or what these have under a key."""
    if not isinstance(schema, Mapping):
        return
    if not key:
        yield schema
    elif key in schema:
        yield schema[key]
    for group in ("allOf", "anyOf", "oneOf"):
        branches = schema.get(group, ())
        taken = [each for each in branches if group != "allOf" and Draft202012Validator(each).is_valid(value)]
        for each in taken or branches:
            yield from _parts(each, key, value)
