"""Filling examples with the values that generators make.

What the consumer sends takes the values of all generators. What it expects takes only those of provider states: a date
or a random number is another one in every run, and its rule tells which one is meant.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import parse_qsl, urlencode

from servanda.documents import parse_payload
from servanda.errors import ContractError
from servanda.pact import generated, media, paths
from servanda.pact.document import Body, Generator, Interaction, Part

if TYPE_CHECKING:
    from google.protobuf.message import Message

_P = TypeVar("_P", bound=Part)
_I = TypeVar("_I", bound=Interaction)
_ByPath = Mapping[str, Generator]


def resolve(interaction: _I, values: Mapping[str, object]) -> _I:
    """Apply the generators of the fields and bodies of an interaction.

    Args:
        interaction: As recorded.
        values: What the provider states were given and what they returned, by name; a name that is not there leaves
            the example as it is.

    Raises:
        ContractError: A generator points to something that the example does not have, or cannot be used.
    """
    if not any(part.generators for part in (*interaction.requests, *interaction.responses)):
        return interaction
    requests = tuple(_part(part, values, interaction.input) for part in interaction.requests)
    expected = tuple(_of_states(part) for part in interaction.responses)
    responses = tuple(
        replace(_part(filled, values, interaction.output), generators=part.generators)
        for filled, part in zip(expected, interaction.responses, strict=True)
    )
    return replace(interaction, requests=requests, responses=responses)


def _of_states(part: _P) -> _P:
    return replace(
        part,
        generators={
            category: {path: each for path, each in by_path.items() if each.kind in generated.OF_STATES}
            for category, by_path in part.generators.items()
        },
    )


def _part(part: _P, values: Mapping[str, object], message: type[Message] | None) -> _P:
    fields = dict(part.fields)
    for category in ("header", "metadata"):
        for key, generator in part.generators.get(category, {}).items():
            own, index = place(key, fields)
            if own in fields:
                fields[own] = tuple(
                    generated.text(generator, values, value) if index in (None, number) else value
                    for number, value in enumerate(fields[own])
                )
    return replace(part, fields=fields, body=_body(part, values, message))


def place(key: str, names: Collection[str]) -> tuple[str, int | None]:
    """Return the name that the key of a generator points to, and the index of one of its values, or ``None`` for all.

    Args:
        key: For example ``id``, ``id[0]``, ``$.id[0]``, or ``ids[]``, which is a name as well.
        names: Those of the headers, parameters or fields that are there, in whose spelling it is returned.
    """
    # Names of headers are the same in any case, those of parameters are not.
    spelled = {own.lower(): own for own in names} | {own: own for own in names}
    if (whole := spelled.get(key) or spelled.get(key.lower())) is not None:
        return whole, None
    name, *steps = paths.parse(key if key.startswith("$") else f"$.{key}") or ("",)
    index = next((step for step in steps if isinstance(step, int)), None)
    return spelled.get(str(name)) or spelled.get(str(name).lower(), str(name)), index


def _body(part: Part, values: Mapping[str, object], message: type[Message] | None) -> Body | None:
    generators = part.generators.get("body", {})
    if part.body is None or not generators:
        return part.body
    if message is not None:
        # Contracts over HTTP do without protobuf.
        from servanda.pact import message_filling  # noqa: PLC0415

        return replace(part.body, content=message_filling.fill(message, part.body.content, generators, values))
    fill = next((fill for is_of, fill in _FILLERS if is_of(part.body.content_type)), None)
    return part.body if fill is None else replace(part.body, content=fill(part.body.content, generators, values))


def _json(content: bytes, generators: _ByPath, values: Mapping[str, object]) -> bytes:
    try:
        document = parse_payload(content)
    except ValueError as error:
        raise ContractError(f"the example is not JSON: {error}", hint="record the contract again") from None
    for path, generator in generators.items():
        document = _fill_json(document, paths.parse(path), generator, values)
    return json.dumps(document, ensure_ascii=False).encode()


def _form(content: bytes, generators: _ByPath, values: Mapping[str, object]) -> bytes:
    pairs = parse_qsl(content.decode("utf-8", errors="replace"), keep_blank_values=True)
    for path, generator in generators.items():
        name, index = place(path, dict(pairs))
        places = [number for number, (key, _) in enumerate(pairs) if key == name]
        for number in places if index is None else places[index : index + 1]:
            pairs[number] = (name, generated.text(generator, values, pairs[number][1]))
    return urlencode(pairs).encode()


def _xml(content: bytes, generators: _ByPath, values: Mapping[str, object]) -> bytes:
    # Few contracts have XML.
    from servanda.pact import xml_filling  # noqa: PLC0415

    return xml_filling.fill(content, generators, values)


def _text(content: bytes, generators: _ByPath, values: Mapping[str, object]) -> bytes:
    whole = generators.get("$")
    return content if whole is None else generated.text(whole, values, content.decode("utf-8", "replace")).encode()


_FILLERS = (
    (media.is_json, _json),
    (media.is_form, _form),
    (media.is_xml, _xml),
    (media.is_text, _text),
)


def _fill_json(document: object, path: paths.Path, generator: Generator, values: Mapping[str, object]) -> object:
    if not path:
        return generated.value(generator, values, document)
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
