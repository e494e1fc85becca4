"""Random schemas, other ways to write the same, edits of them, and values that they may admit."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from random import Random
from typing import Any

Schema = dict[str, Any]
Schemas = dict[str, Schema]

_NAMES = ("a", "b", "c", "d")
_TEXTS = ("x", "y", "zz", "kind", "")
_REFERENCE = "#/components/schemas/"


class Chance:
    """Schemas of OpenAPI 3.1 that follow from a source of chance; what they refer to is kept beside them."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.components: Schemas = {}

    def schema(self, depth: int = 3) -> Schema:
        """Return a schema."""
        kinds: list[Callable[[int], Schema]] = [self._text, self._number, self._listed, self._truth]
        if depth > 0:
            kinds += [self._object, self._object, self._array, self._choice, self._nullable, self._reference, self._all]
            kinds += [self._refusing]
        return self.random.choice(kinds)(depth)

    def _text(self, depth: int) -> Schema:
        del depth
        return {"type": "string", **self._some({"minLength": (1, 2, 3), "maxLength": (3, 4, 5)})}

    def _number(self, depth: int) -> Schema:
        del depth
        bounds = self._some({"minimum": (-1, 0, 1), "exclusiveMaximum": (5, 6), "multipleOf": (1, 2, 3)})
        return {"type": self.random.choice(("integer", "number")), **bounds}

    def _listed(self, depth: int) -> Schema:
        del depth
        if self.random.random() < 0.3:
            return {"const": self.random.choice((*_TEXTS, 1, 2, None, True))}
        values = self.random.sample((*_TEXTS, 1, 2, 3, None), self.random.randint(1, 4))
        return {"enum": values}

    def _truth(self, depth: int) -> Schema:
        del depth
        return {"type": "boolean"}

    def _object(self, depth: int) -> Schema:
        names = self.random.sample(_NAMES, self.random.randint(0, 3))
        found: Schema = {"type": "object", "properties": {name: self.schema(depth - 1) for name in names}}
        required = [name for name in names if self.random.random() < 0.4]
        if required:
            found["required"] = required
        if self.random.random() < 0.3:
            found["additionalProperties"] = self.random.choice((False, True, {"type": "integer"}))
        return found

    def _array(self, depth: int) -> Schema:
        limits = self._some({"minItems": (1, 2), "maxItems": (2, 3), "uniqueItems": (True,)})
        return {"type": "array", "items": self.schema(depth - 1), **limits}

    def _choice(self, depth: int) -> Schema:
        keyword = self.random.choice(("oneOf", "anyOf"))
        if keyword == "oneOf":
            tags = self.random.sample(_TEXTS[:4], self.random.randint(2, 3))
            return {"oneOf": [self._tagged(tag, depth - 1) for tag in tags]}
        return {"anyOf": [self.schema(depth - 1) for _ in range(self.random.randint(1, 3))]}

    def _tagged(self, tag: str, depth: int) -> Schema:
        found = self._object(max(depth, 1))
        found["properties"]["kind"] = {"const": tag}
        return self._named({**found, "required": [*found.get("required", ()), "kind"]})

    def _nullable(self, depth: int) -> Schema:
        found = self.schema(depth - 1)
        if isinstance(found.get("type"), str) and self.random.random() < 0.5:
            return {**found, "type": [found["type"], "null"]}
        return {"anyOf": [found, {"type": "null"}]}

    def _all(self, depth: int) -> Schema:
        return {"allOf": [self._object(depth), self._object(depth)]}

    def _refusing(self, depth: int) -> Schema:
        """Return a schema with ``not``, of what its values may be."""
        found = self.schema(depth - 1)
        if "not" in found or "$ref" in found:
            return found
        names = list(found.get("properties", _NAMES))
        refused: list[Callable[[int], Schema]] = [self._text, self._number, self._listed]
        refused += [lambda _: {"required": self.random.sample(names, min(2, len(names)))}] if names else []
        refused += [lambda _: {"properties": {name: self._listed(0) for name in names[:1]}, "required": names[:1]}]
        return {**found, "not": self.random.choice(refused)(0)}

    def _reference(self, depth: int) -> Schema:
        return self._named(self.schema(depth - 1))

    def _named(self, schema: Schema) -> Schema:
        if self.random.random() < 0.5:
            return schema
        name = f"S{len(self.components)}"
        self.components[name] = schema
        return {"$ref": _REFERENCE + name}

    def _some(self, keywords: Mapping[str, tuple[Any, ...]]) -> Schema:
        return {name: self.random.choice(values) for name, values in keywords.items() if self.random.random() < 0.3}


def document(schema: Schema, components: Schemas) -> Schema:
    """Return an OpenAPI document that has a schema in a request and in an answer."""
    content = {"content": {"application/json": {"schema": schema}}}
    operation = {"requestBody": content, "responses": {"200": {"description": "Fine.", **content}}}
    info = {"title": "Made up", "version": "1"}
    return {
        "openapi": "3.1.0",
        "info": info,
        "paths": {"/a": {"post": operation}},
        "components": {"schemas": components},
    }


def rewritten(random: Random, schema: Schema, components: Schemas) -> tuple[Schema, Schemas]:
    """Return schemas that admit the same, with parts of them written otherwise."""
    renamed = {name: f"R{name}" if random.random() < 0.5 else name for name in components}
    extra: Schemas = {}
    walk = _Rewriting(random, renamed, components, extra)
    found = walk(schema)
    others = {renamed[name]: walk(each) for name, each in components.items()}
    return found, {**others, **extra}


class _Rewriting:
    """A walk over schemas that writes some of them otherwise."""

    def __init__(self, random: Random, renamed: Mapping[str, str], components: Schemas, extra: Schemas) -> None:
        self._random = random
        self._renamed = renamed
        self._components = components
        self._extra = extra

    def __call__(self, schema: Schema, depth: int = 0) -> Schema:
        found = self._inside(schema, depth)
        for way in self._random.sample(_WAYS, len(_WAYS)):
            if self._random.random() < 0.3:
                found = way(self, found)
        return found

    def _inside(self, schema: Schema, depth: int) -> Schema:
        if "$ref" in schema:
            name = schema["$ref"].removeprefix(_REFERENCE)
            if depth < 4 and self._random.random() < 0.3:
                return self(self._components[name], depth + 1)
            return {"$ref": _REFERENCE + self._renamed[name]}
        found = dict(schema)
        for name in ("oneOf", "anyOf", "allOf"):
            if name in found:
                found[name] = [self(each, depth) for each in found[name]]
        if "properties" in found:
            found["properties"] = {name: self(each, depth) for name, each in found["properties"].items()}
        for name in ("items", "additionalProperties"):
            if isinstance(found.get(name), dict):
                found[name] = self(found[name], depth)
        return found

    def extracted(self, schema: Schema) -> Schema:
        """Move a schema to the components."""
        if "$ref" in schema:
            return schema
        name = f"E{len(self._extra)}"
        self._extra[name] = schema
        return {"$ref": _REFERENCE + name}

    def wrapped(self, schema: Schema) -> Schema:
        """Put a schema into a list of one."""
        return {self._random.choice(("oneOf", "anyOf", "allOf")): [schema]}

    def shuffled(self, schema: Schema) -> Schema:
        """Change the order in which nothing lies."""
        found = dict(schema)
        for name in ("oneOf", "anyOf", "allOf", "enum", "required"):
            if name in found:
                found[name] = self._random.sample(found[name], len(found[name]))
        return found

    def spelled_out(self, schema: Schema) -> Schema:
        """Write values as alternatives, or alternatives as values."""
        if schema.keys() == {"enum"}:
            keyword = self._random.choice(("oneOf", "anyOf"))
            return {keyword: [{"const": value, "title": str(value)} for value in schema["enum"]]}
        return {"enum": [schema["const"]]} if schema.keys() == {"const"} else schema

    def split(self, schema: Schema) -> Schema:
        """Write types as alternatives."""
        if not isinstance(schema.get("type"), list):
            return schema
        return {"anyOf": [{**schema, "type": each} for each in schema["type"]]}

    def parted(self, schema: Schema) -> Schema:
        """Write what has to hold together as parts."""
        names = [name for name in schema if name not in {"properties", "additionalProperties", "$ref"}]
        if len(names) < 2:
            return schema
        moved = self._random.choice(names)
        rest = {name: value for name, value in schema.items() if name != moved}
        return {"allOf": [rest, {moved: schema[moved]}]}

    def spread(self, schema: Schema) -> Schema:
        """Move what all alternatives keep into each of them."""
        for name in ("oneOf", "anyOf"):
            around = {key: value for key, value in schema.items() if key != name}
            if name in schema and around and "additionalProperties" not in around and "anyOf" not in around:
                return {name: [{"allOf": [around, each]} for each in schema[name]]}
        return schema

    def bounded(self, schema: Schema) -> Schema:
        """Write a bound of whole numbers otherwise."""
        if schema.get("type") == "integer" and "minimum" in schema:
            rest = {name: value for name, value in schema.items() if name != "minimum"}
            return {**rest, "exclusiveMinimum": schema["minimum"] - 1}
        return schema


_WAYS = (
    *(_Rewriting.extracted, _Rewriting.wrapped, _Rewriting.shuffled, _Rewriting.spelled_out, _Rewriting.split),
    *(_Rewriting.parted, _Rewriting.spread, _Rewriting.bounded),
)


def edited(random: Random, schema: Schema, components: Schemas, other: Callable[[], Schema]) -> tuple[Schema, Schemas]:
    """Return schemas with one or two edits that may admit more, less or something else."""
    both = copy.deepcopy({"": schema, **components})
    for _ in range(random.randint(1, 2)):
        places = list(_places(both))
        if places:
            holder, key = random.choice(places)
            holder[key] = _edit(random, holder[key], other)
    return both.pop(""), both


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield where schemas are held."""
    for key, each in value.items():
        yield value, key
        yield from _inner(each)


def _inner(schema: Any) -> Iterator[tuple[Any, Any]]:
    if not isinstance(schema, dict):
        return
    for name in ("oneOf", "anyOf", "allOf"):
        for index, each in enumerate(schema.get(name, ())):
            yield schema[name], index
            yield from _inner(each)
    if "properties" in schema:
        yield from _places(schema["properties"])
    if isinstance(schema.get("items"), dict):
        yield schema, "items"
        yield from _inner(schema["items"])


def _edit(random: Random, schema: Schema, other: Callable[[], Schema]) -> Schema:
    edits: list[Callable[[], Schema]] = [other, lambda: {"anyOf": [schema, {"type": "null"}]}]
    edits += [lambda: {"anyOf": [schema, other()]}]
    for name in ("minLength", "maxLength", "minItems", "maxItems", "minimum", "exclusiveMaximum"):
        if name in schema:
            edits += [partial(dict, schema, **{name: max(0, schema[name] + random.choice((-1, 1)))})]
    if "enum" in schema:
        edits += [lambda: {**schema, "enum": [*schema["enum"], "new"]}]
        edits += [lambda: {**schema, "enum": schema["enum"][1:] or [0]}]
    for name, swapped in (("oneOf", "anyOf"), ("anyOf", "oneOf")):
        if name in schema:
            edits += [partial(dict, schema, **{name: schema[name][1:] or [{}]})]
            rest = {key: value for key, value in schema.items() if key != name}
            edits += [partial(dict, rest, **{swapped: schema[name]})] if swapped not in schema else []
    if "properties" in schema:
        edits += [lambda: _object_edit(random, schema, other)] * 4
    return random.choice(edits)()


def _object_edit(random: Random, schema: Schema, other: Callable[[], Schema]) -> Schema:
    names, required = list(schema["properties"]), schema.get("required", [])
    what = random.choice(("add", "require", "relax", "close", "open", "demand"))
    if what == "add":
        return {**schema, "properties": {**schema["properties"], random.choice(_NAMES): other()}}
    if what == "require" and names:
        return {**schema, "required": [*required, random.choice([n for n in names if n not in required] or ["e"])]}
    if what == "relax" and required:
        return {**schema, "required": required[1:]}
    if what == "close":
        return {**schema, "additionalProperties": False}
    if what == "open":
        return {**schema, "additionalProperties": True}
    return {**schema, "additionalProperties": {"type": "string"}}


def value(random: Random, schema: Any, components: Schemas, depth: int = 0) -> Any:
    """Return a value that a schema may admit, of listed properties alone where it lists any."""
    if not isinstance(schema, dict) or depth > 8:
        return random.choice((1, "x", None))
    if "$ref" in schema:
        return value(random, components[schema["$ref"].removeprefix(_REFERENCE)], components, depth + 1)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return random.choice(schema["enum"])
    parts = [value(random, each, components, depth + 1) for each in schema.get("allOf", ())]
    for name in ("oneOf", "anyOf"):
        if name in schema:
            parts += [value(random, random.choice(schema[name]), components, depth + 1)]
    own = {name: each for name, each in schema.items() if name not in {"allOf", "oneOf", "anyOf"}}
    if own.keys() - {"required", "title"} or not parts:
        parts.append(_own_value(random, own, components, depth))
    if all(isinstance(part, dict) for part in parts):
        return {name: each for part in parts for name, each in part.items()}
    return random.choice(parts)


def _own_value(random: Random, schema: Schema, components: Schemas, depth: int) -> Any:
    kinds = schema.get("type", "object" if "properties" in schema else ["string", "integer", "object", "null"])
    kind = random.choice(kinds) if isinstance(kinds, list) else kinds
    if kind == "object":
        required = schema.get("required", ())
        names = [name for name in schema.get("properties", {}) if name in required or random.random() < 0.6]
        found = {name: value(random, schema["properties"][name], components, depth + 1) for name in names}
        additional = schema.get("additionalProperties")
        if isinstance(additional, dict) and additional and random.random() < 0.3:
            found[random.choice((*_NAMES, "e"))] = value(random, additional, components, depth + 1)
        return found
    if kind == "array":
        return [value(random, schema.get("items", {}), components, depth + 1) for _ in range(random.randint(0, 3))]
    scalars: Mapping[str, tuple[Any, ...]] = {
        "string": ("", "x", "y", "zz", "kind", "aaa", "aaaa", "aaaaa"),
        "integer": tuple(range(-2, 8)),
        "number": (*range(-2, 8), 0.5, 4.5),
        "boolean": (True, False),
        "null": (None,),
    }
    return random.choice(scalars[kind])
