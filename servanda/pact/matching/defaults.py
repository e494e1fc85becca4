"""Defaults of protobuf fields that a consumer wrote down and the encoding leaves out."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from typing import cast

from google.protobuf import empty_pb2
from google.protobuf.message import DecodeError
from google.protobuf.unknown_fields import UnknownFieldSet

from servanda.pact.descriptors import FieldType, MessageType, map_value
from servanda.pact.matching.protobuf_values import EnumName, Omissible
from servanda.protobuf_runtime import is_repeated

_MATCH = "pact:match"


def with_defaults(
    values: Mapping[str, object], descriptor: MessageType, written: Mapping[str, object]
) -> dict[str, object]:
    """Return the fields of an example with the defaults that its author wrote down.

    Args:
        values: The fields of the example.
        descriptor: Its type.
        written: What the author wrote: the ``expectations`` of the contract, or :func:`written_fields`.
    """
    filled = dict(values)
    for name, value in written.items():
        field = descriptor.fields_by_name.get(name)
        if field is None or value is None:  # what is written as null says nothing
            continue
        if name not in filled:
            filled[name] = _default(field) if field.has_presence else Omissible(_default(field))
        elif field.message_type is not None:
            filled[name] = _within(filled[name], field, value)
    return filled


def _within(found: object, field: FieldType, written: object) -> object:
    """Fill the messages that a field holds: one, the elements of a list or the values of a map."""
    of_value, holder = map_value(field), field.message_type
    if of_value is not None:
        if of_value.message_type is None or not isinstance(found, dict) or not isinstance(written, Mapping):
            return found
        template = _template(written)
        return {key: _filled(each, of_value.message_type, written.get(key, template)) for key, each in found.items()}
    if isinstance(found, list):
        template = _template(written) if isinstance(written, Mapping) else None
        listed = written if isinstance(written, list) else [template] * len(found)
        return [_filled(each, holder, entry) for each, entry in zip_longest(found, listed[: len(found)])]
    return _filled(found, holder, written)


def _template(written: Mapping[str, object]) -> object:
    """Return the example that ``eachValue(matching($'name'))`` refers to, or that stands alone."""
    return next((each for name, each in written.items() if name != _MATCH and isinstance(each, Mapping)), None)


def _filled(found: object, descriptor: MessageType | None, written: object) -> object:
    if descriptor is None or not isinstance(found, dict) or not isinstance(written, Mapping):
        return found
    return with_defaults(cast("dict[str, object]", found), descriptor, written)


def _default(field: FieldType) -> object:
    if is_repeated(field):
        return [] if map_value(field) is None else {}
    if field.message_type is not None:
        return {}
    if field.enum_type is not None:
        return EnumName(field.enum_type.values_by_number[field.default_value].name)
    return field.default_value


def written_fields(descriptor: MessageType, encoded: bytes) -> dict[str, object]:
    """Return which fields an encoded message names, also where they have the default: some writers encode it.

    Returns:
        By name ``True``, or the same of the message, the messages of a list or those of a map.
    """
    written: dict[str, object] = {}
    try:
        # A message of no fields leaves all of them unknown, as they are encoded.
        fields = UnknownFieldSet(empty_pb2.Empty.FromString(encoded))
    except DecodeError:
        return written
    for found in (fields[index] for index in range(len(fields))):
        field = descriptor.fields_by_number.get(found.field_number)
        if field is None:
            continue
        inner = field.message_type
        if inner is None or not isinstance(found.data, bytes):
            written[field.name] = True
        elif map_value(field) is None and not is_repeated(field):
            written[field.name] = written_fields(inner, found.data)
        elif map_value(field) is None:
            cast("list[object]", written.setdefault(field.name, [])).append(written_fields(inner, found.data))
    return written
