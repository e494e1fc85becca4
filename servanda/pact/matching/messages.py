"""Protobuf messages as trees of values, and their comparison.

proto3 does not send a field without presence whose value is the default, so "absent" and "default" are one: an example
that is not the default asks for the field, an example that is the default (written down in the ``expectations`` of the
pact) accepts it absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, cast

from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import DecodeError, Message

from servanda.pact import paths
from servanda.pact.descriptors import FieldType, MessageType, map_value
from servanda.pact.matching.defaults import with_defaults, written_fields
from servanda.pact.matching.protobuf_values import EnumName, Omissible
from servanda.pact.matching.values import Comparison
from servanda.pact.paths import Path, Wildcard
from servanda.pact.rules import Rule, RuleList, Rules
from servanda.protobuf_runtime import is_repeated
from servanda.verdict import Mismatch

_TEXTUAL: Final = frozenset({"google.protobuf.Timestamp", "google.protobuf.Duration"})
_WRAPPERS: Final = frozenset(
    f"google.protobuf.{name}Value"
    for name in ("Double", "Float", "Int64", "UInt64", "Int32", "UInt32", "Bool", "String", "Bytes")
)
_JSON: Final = frozenset({"google.protobuf.Struct", "google.protobuf.Value", "google.protobuf.ListValue"})


def match_message(
    expected: Message,
    actual: bytes,
    rules: Rules,
    expectations: Mapping[str, object],
    *,
    allow_unexpected: bool = True,
    encoded: bytes = b"",
) -> tuple[Mismatch, ...]:
    """Return what an encoded message has otherwise than the example and its rules say.

    Args:
        expected: The example.
        actual: The encoded message; it is decoded as the type of the example, fields unknown to it are ignored.
        rules: Rules for its fields.
        expectations: What the consumer wrote for the example.
        allow_unexpected: Whether fields may be set that the example does not set.
        encoded: The example as it is in the contract, where a default may be written down as well.
    """
    rules = _with_limits(rules)
    decoded = type(expected)()
    try:
        decoded.ParseFromString(actual)
    except DecodeError:
        wanted = f"a message {expected.DESCRIPTOR.full_name}"
        return (Mismatch("$", wanted, f"0x{actual[:64].hex()}", f"the body cannot be decoded as {wanted}"),)
    wanted_tree = with_defaults(tree(expected, rules), expected.DESCRIPTOR, expectations)
    if encoded:
        wanted_tree = with_defaults(wanted_tree, expected.DESCRIPTOR, written_fields(expected.DESCRIPTOR, encoded))
    comparison = Comparison(rules, allow_unexpected=allow_unexpected)
    return tuple(comparison.compare(wanted_tree, tree(decoded, rules, booleans=True)))


def tree(message: Message, rules: Rules, path: Path = paths.ROOT, *, booleans: bool = False) -> dict[str, object]:
    """Return the fields that a message sets, by their names in the definition.

    Enum values are names (numbers where unknown), bytes stay bytes, a Timestamp or Duration is text as in JSON and a
    wrapper is its value - unless a rule looks inside them.

    Args:
        message: The message.
        rules: The rules that it is compared with.
        path: Where the message stands.
        booleans: Whether booleans without presence are there also when they are false: of them, unlike of other
            types, the default is an answer.
    """
    values = {
        field.name: _field(field, value, rules, (*path, field.name), booleans=booleans)
        for field, value in message.ListFields()
    }
    if booleans:
        for field in message.DESCRIPTOR.fields:
            if field.type == FieldDescriptor.TYPE_BOOL and not is_repeated(field) and not field.has_presence:
                values.setdefault(field.name, Omissible(value=False))
    return values


def _field(field: FieldType, value: object, rules: Rules, path: Path, *, booleans: bool) -> object:
    of_value = map_value(field)
    if of_value is not None:
        return {
            _key(key): _single(of_value, entry, rules, (*path, _key(key)), booleans=booleans)
            for key, entry in cast("Mapping[object, object]", value).items()
        }
    if is_repeated(field):
        elements = enumerate(cast("list[object]", value))
        return [_single(field, element, rules, (*path, index), booleans=booleans) for index, element in elements]
    return _single(field, value, rules, path, booleans=booleans)


def _key(key: object) -> str:
    return str(key).lower() if isinstance(key, bool) else str(key)


def _single(field: FieldType, value: object, rules: Rules, path: Path, *, booleans: bool) -> object:
    if isinstance(value, Message):
        leaf = _is_leaf(value.DESCRIPTOR, rules, path)
        return _leaf(value) if leaf else tree(value, rules, path, booleans=booleans)
    if field.enum_type is not None:
        known = field.enum_type.values_by_number.get(cast("int", value))
        return EnumName(known.name) if known else value
    return value


def _is_leaf(descriptor: MessageType, rules: Rules, path: Path) -> bool:
    name = descriptor.full_name
    return name in _JSON or (name in _TEXTUAL | _WRAPPERS and not rules.below(path))


def _leaf(value: Message) -> object:
    if value.DESCRIPTOR.full_name in _WRAPPERS:
        return next(
            (of_value for _, of_value in value.ListFields()), value.DESCRIPTOR.fields_by_name["value"].default_value
        )
    return json_format.MessageToDict(value)


def _with_limits(rules: Rules) -> Rules:
    """Return rules in which limits of a list stand at the list.

    For ``atLeast(1), eachValue(matching(type, 'x'))`` the stock protobuf plugin writes them at its elements
    (``$.list.*``).
    """
    limits = {
        path[:-1]: tuple(rule for rule in found.rules if rule.values.keys() & {"min", "max"})
        for path, found in rules.entries
        if path and path[-1] is Wildcard.ANY
    }
    return Rules(tuple((path, _limited(found, limits.get(path, ()))) for path, found in rules.entries))


def _limited(found: RuleList, limits: tuple[Rule, ...]) -> RuleList:
    is_each_value = any(rule.match == "eachValue" for rule in found.rules)
    return replace(found, rules=(*found.rules, *limits)) if is_each_value and limits else found
