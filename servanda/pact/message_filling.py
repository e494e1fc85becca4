"""Filling examples that are protobuf messages with the values that generators make."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from typing import cast

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from servanda.errors import ContractError
from servanda.pact import generated, paths
from servanda.pact.descriptors import FieldType, decode
from servanda.pact.document import Generator
from servanda.protobuf_runtime import is_repeated


def fill(
    message: type[Message], content: bytes, generators: Mapping[str, Generator], values: Mapping[str, object]
) -> bytes:
    """Return an example with the values of its generators.

    Args:
        message: What the example is.
        content: The encoded example.
        generators: By the path of the field.
        values: Those of the provider states, by name.

    Raises:
        ContractError: The example is no such message, or a generator points to something that it does not have.
    """
    example = decode(message, content)
    for path, generator in generators.items():
        _fill_one(example, paths.parse(path), generator, values)
    return example.SerializeToString(deterministic=True)


def _fill_one(message: Message, path: paths.Path, generator: Generator, values: Mapping[str, object]) -> None:
    place = paths.render(path)
    holders = _holders(message, path[:-1])
    name_of_field = str(path[-1]) if path else ""
    if not holders or not all(_is_single(holder, name_of_field) for holder in holders):
        raise ContractError(f"the example has no single value at {place} to replace by a value of a provider state")
    for holder in holders:
        value = generated.value(generator, values, getattr(holder, name_of_field))
        try:
            setattr(holder, name_of_field, _as(holder.DESCRIPTOR.fields_by_name[name_of_field], value))
        except (KeyError, OverflowError, TypeError, ValueError) as error:
            raise ContractError(
                f"the value {value!r:.80} of a provider state cannot be inserted at {place}: {error}"
            ) from error


def _is_single(holder: Message, name_of_field: str) -> bool:
    field = holder.DESCRIPTOR.fields_by_name.get(name_of_field)
    return field is not None and not is_repeated(field) and field.message_type is None


def _holders(message: Message, path: paths.Path) -> list[Message]:
    """Return the messages within a message that these steps lead to."""
    found: list[object] = [message]
    for step in path:
        found = [inner for each in found for inner in _inner(each, step)]
    return [each for each in found if isinstance(each, Message)]


def _inner(found: object, step: paths.Step) -> Sequence[object]:
    match found, step:
        case Message(), str() if step in found.DESCRIPTOR.fields_by_name:
            return [getattr(found, step)]
        case MutableMapping(), paths.Wildcard.ANY:
            return [found[key] for key in sorted(found)]
        case MutableMapping(), str() if step in found:
            return [found[step]]
        case Sequence(), paths.Wildcard() if not isinstance(found, str | bytes):
            return list(found)
        case Sequence(), int() if step < len(found):
            return [found[step]]
        case _:
            return []


def _as(field: FieldType, value: object) -> object:
    if field.cpp_type in (FieldDescriptor.CPPTYPE_DOUBLE, FieldDescriptor.CPPTYPE_FLOAT):
        return float(cast("float", value))
    if field.cpp_type == FieldDescriptor.CPPTYPE_BOOL:
        return value in (True, "true")
    if field.enum_type is not None:
        return field.enum_type.values_by_name[value].number if isinstance(value, str) else value
    if field.cpp_type == FieldDescriptor.CPPTYPE_STRING:
        is_bytes = field.type == FieldDescriptor.TYPE_BYTES
        return str(value).encode() if is_bytes and not isinstance(value, bytes) else value if is_bytes else str(value)
    return int(cast("int", value))
