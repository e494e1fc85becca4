"""protovalidate's rules as keywords of JSON Schema 2020-12.

A keyword stands here if every value that the rules accept satisfies it; what JSON Schema cannot say (CEL, lengths in
bytes) is left to the service, which answers with INVALID_ARGUMENT.
"""

from __future__ import annotations

import re
from typing import Any, Final

from buf.validate import validate_pb2
from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor

Schema = dict[str, Any]

_FORMATS: Final = {
    "email": "email",
    "hostname": "hostname",
    "ipv4": "ipv4",
    "ipv6": "ipv6",
    "uri": "uri",
    "uri_ref": "uri-reference",
    "uuid": "uuid",
}
_BOUNDS: Final = {"gte": "minimum", "gt": "exclusiveMinimum", "lte": "maximum", "lt": "exclusiveMaximum"}


def rules_of(field: FieldDescriptor) -> validate_pb2.FieldRules:
    """Return the rules of a field; without any, the empty ones."""
    rules: validate_pb2.FieldRules = field.GetOptions().Extensions[validate_pb2.field]
    return rules


def string_keywords(rules: validate_pb2.StringRules) -> Schema:
    """Keywords for a string."""
    keywords: Schema = {}
    if rules.HasField("len"):
        keywords |= {"minLength": rules.len, "maxLength": rules.len}
    if rules.min_len:
        keywords["minLength"] = rules.min_len
    if rules.HasField("max_len") or rules.HasField("max_bytes"):
        # A character has a byte at least.
        keywords["maxLength"] = rules.max_len if rules.HasField("max_len") else rules.max_bytes
    patterns = _patterns(rules)
    if len(patterns) == 1:
        keywords["pattern"] = patterns[0]
    elif patterns:
        keywords["allOf"] = [{"pattern": pattern} for pattern in patterns]
    well_known = rules.WhichOneof("well_known")
    if well_known in _FORMATS and getattr(rules, well_known):
        keywords["format"] = _FORMATS[well_known]
    return keywords | _choice(rules)


def number_keywords(rules: Any) -> Schema:
    """Keywords for a number, from the rules of its type."""
    bounds = {
        keyword: getattr(rules, name)
        for name, keyword in _BOUNDS.items()
        if name in rules.DESCRIPTOR.fields_by_name and rules.HasField(name)
    }
    return bounds | _choice(rules)


def enum_keywords(enum: EnumDescriptor, rules: validate_pb2.EnumRules) -> Schema:
    """Return the names that may stand for an enum."""
    numbers = set(getattr(rules, "in")) or {rules.const} if rules.HasField("const") or getattr(rules, "in") else None
    names = [
        value.name
        for value in enum.values
        if value.number not in rules.not_in and (numbers is None or value.number in numbers)
    ]
    return {"enum": names}


def array_keywords(rules: validate_pb2.RepeatedRules) -> Schema:
    """Keywords for an array."""
    keywords: Schema = {}
    if rules.min_items:
        keywords["minItems"] = rules.min_items
    if rules.HasField("max_items"):
        keywords["maxItems"] = rules.max_items
    if rules.unique:
        keywords["uniqueItems"] = True
    return keywords


def map_keywords(rules: validate_pb2.MapRules) -> Schema:
    """Keywords for the object that a map is."""
    keywords: Schema = {}
    if rules.min_pairs:
        keywords["minProperties"] = rules.min_pairs
    if rules.HasField("max_pairs"):
        keywords["maxProperties"] = rules.max_pairs
    names = string_keywords(rules.keys.string)
    if names:
        keywords["propertyNames"] = names
    return keywords


def _patterns(rules: validate_pb2.StringRules) -> list[str]:
    patterns = [rules.pattern] if rules.HasField("pattern") else []
    if rules.prefix:
        patterns.append(f"^{re.escape(rules.prefix)}")
    if rules.suffix:
        patterns.append(f"{re.escape(rules.suffix)}$")
    if rules.contains:
        patterns.append(re.escape(rules.contains))
    return patterns


def _choice(rules: Any) -> Schema:
    if rules.HasField("const"):
        return {"const": rules.const}
    allowed, forbidden = list(getattr(rules, "in")), list(rules.not_in)
    if allowed:
        return {"enum": allowed}
    return {"not": {"enum": forbidden}} if forbidden else {}
