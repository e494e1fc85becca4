"""Filling examples with the values that provider states returned.

Generators of other kinds (random numbers, dates) are left alone: the example is a valid value, and it is the same in
every run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import replace
from typing import TypeVar, cast

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from servanda.documents import parse_payload
from servanda.errors import ContractError
from servanda.pact import media, paths
from servanda.pact.descriptors import FieldType, decode
from servanda.pact.document import Body, Generator, Interaction, Part

_P = TypeVar("_P", bound=Part)
_I = TypeVar("_I", bound=Interaction)

_PLACEHOLDER = re.compile(r"\$\{([^{}]+)\}")


def resolve(interaction: _I, values: Mapping[str, object]) -> _I:
    """Apply every ``ProviderState`` generator of the fields and bodies of an interaction.

    Args:
        interaction: As recorded.
        values: What the provider states were given and what they returned, by name; a name that is not there leaves
            the example as it is.

    Raises:
        ContractError: A generator points to something that the example does not have.
    """
    requests = tuple(_part(part, values, interaction.input) for part in interaction.requests)
    responses = tuple(_part(part, values, interaction.output) for part in interaction.responses)
    return replace(interaction, requests=requests, responses=responses)


def _part(part: _P, values: Mapping[str, object], message: type[Message] | None) -> _P:
    fields = dict(part.fields)
    for category in ("header", "metadata"):
        for key, generator in part.generators.get(category, {}).items():
            own = next((own for own in fields if own.lower() == name(key).lower()), None)
            if own is not None:
                fields[own] = tuple(text(generator, values, value) for value in fields[own])
    return replace(part, fields=fields, body=_body(part, values, message))


def name(key: str) -> str:
    """Return the name that the key of a generator points to, for example of a header or a parameter."""
    return str(paths.parse(key)[0]) if key.startswith("$") else key.partition("[")[0]


def _body(part: Part, values: Mapping[str, object], message: type[Message] | None) -> Body | None:
    generators = part.generators.get("body", {})
    if part.body is None or not generators:
        return part.body
    if message is not None:
        example = decode(message, part.body.content)
        for path, generator in generators.items():
            _fill_message(example, paths.parse(path), generator, values)
        return replace(part.body, content=example.SerializeToString(deterministic=True))
    if media.is_json(part.body.content_type):
        try:
            document = parse_payload(part.body.content)
        except ValueError as error:
            raise ContractError(f"the example is not JSON: {error}", hint="record the contract again") from None
        for path, generator in generators.items():
            document = _fill_json(document, paths.parse(path), generator, values)
        return replace(part.body, content=json.dumps(document, ensure_ascii=False).encode())
    return part.body


def _fill_json(document: object, path: paths.Path, generator: Generator, values: Mapping[str, object]) -> object:
    if not path:
        return _value(generator, values, document)
    step, rest = path[0], path[1:]
    if isinstance(document, dict):
        chosen = list(document) if isinstance(step, paths.Wildcard) else [step] if step in document else []
        for key in chosen:
            document[key] = _fill_json(document[key], rest, generator, values)
    elif isinstance(document, list):
        indexes = range(len(document)) if isinstance(step, paths.Wildcard) else [step]
        for index in indexes:
            if isinstance(index, int) and index < len(document):
                document[index] = _fill_json(document[index], rest, generator, values)
    return document


def _fill_message(message: Message, path: paths.Path, generator: Generator, values: Mapping[str, object]) -> None:
    place = paths.render(path)
    holder = _holder(message, path[:-1])
    field = holder.DESCRIPTOR.fields_by_name.get(str(path[-1])) if holder is not None and path else None
    if holder is None or field is None or field.is_repeated or field.message_type is not None:
        raise ContractError(f"the example has no single value at {place} to replace by a value of a provider state")
    value = _value(generator, values, getattr(holder, field.name))
    try:
        setattr(holder, field.name, _as(field, value))
    except (KeyError, OverflowError, TypeError, ValueError) as error:
        raise ContractError(
            f"the value {value!r:.80} of a provider state cannot be inserted at {place}: {error}"
        ) from error


def _holder(message: Message, path: paths.Path) -> Message | None:
    """Return the message within a message that these steps lead to."""
    found: object = message
    for step in path:
        match found, step:
            case Message(), str() if step in found.DESCRIPTOR.fields_by_name:
                found = getattr(found, step)
            case MutableMapping(), str() if step in found:
                found = found[step]
            case Sequence(), int() if step < len(found):
                found = found[step]
            case _:
                return None
    return found if isinstance(found, Message) else None


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


def text(generator: Generator, values: Mapping[str, object], example: str) -> str:
    """Return what a generator puts in place of a text; see :func:`resolve` for the values."""
    value = _value(generator, values, example)
    return value if isinstance(value, str) else json.dumps(value)


def _value(generator: Generator, values: Mapping[str, object], example: object) -> object:
    expression = generator.values.get("expression")
    if generator.kind != "ProviderState" or not isinstance(expression, str):
        return example
    whole = _PLACEHOLDER.fullmatch(expression)
    if whole is not None:
        return values.get(whole[1], example)
    if expression in values:
        return values[expression]
    names = _PLACEHOLDER.findall(expression)
    if not names or any(name not in values for name in names):
        return example
    return _PLACEHOLDER.sub(lambda found: str(values[found[1]]), expression)
