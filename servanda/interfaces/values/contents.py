"""Contents of a kept value, held against what a format says of them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from google.protobuf.message import DecodeError

from servanda.errors import InterfaceError
from servanda.extras import naming_extra
from servanda.interfaces.values.format import Content, Encoding

Decoders: TypeAlias = Mapping[str, Sequence[Callable[[bytes], object]]]
"""By full name of a message what decodes it, as each version of its definition does; raises ``DecodeError``."""
_INTEGER: Final = re.compile(rb"-?\d{1,20}")
_LONGEST: Final = 100
_TYPES: Final = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer", float: "number"}


@dataclass(frozen=True, slots=True)
class Objection:
    """Part of a format that a value does not satisfy; nothing of the value itself, which may be secret.

    Attributes:
        what: The end of a sentence about the key.
        expected: What the format says.
        actual: What is there instead.
    """

    what: str
    expected: str
    actual: str


def objection(value: bytes, content: Content, decoders: Decoders) -> Objection | None:
    """Return what a format does not admit of a value; ``None`` if it is as it has to be.

    Args:
        value: A value or a field of one.
        content: What the format says of it.
        decoders: For protobuf; bytes of a message that is not among them are not looked into.

    Raises:
        InterfaceError: The JSON Schema of the format is none.
    """
    unreadable = Objection("holds what the format does not admit", content.shown, f"{len(value)} bytes")
    match content.encoding:
        case Encoding.PROTOBUF:
            known = decoders.get(content.message, ())
            return None if not known or any(_decodes(value, decode) for decode in known) else unreadable
        case Encoding.BINARY:
            return None
        case Encoding.INTEGER:
            read: Callable[[bytes], object] = _integer
        case Encoding.TEXT:
            read = bytes.decode
        case Encoding.JSON:
            read = json.loads
    try:
        found = read(value)
    except (ValueError, RecursionError):
        return unreadable
    return None if content.schema is None else _unsatisfied(found, content.schema)


def _integer(value: bytes) -> int:
    # As Redis writes one; leading zeros are no JSON.
    if not _INTEGER.fullmatch(value):
        raise ValueError
    return int(value)


def _decodes(value: bytes, decode: Callable[[bytes], object]) -> bool:
    try:
        decode(value)
    except DecodeError:
        return False
    return True


def _unsatisfied(value: object, schema: Mapping[str, object]) -> Objection | None:
    # Of an extra: whoever only compares formats needs none of it.
    with naming_extra():
        import jsonschema  # noqa: PLC0415
        import referencing  # noqa: PLC0415
        from referencing.exceptions import Unresolvable  # noqa: PLC0415

    # With a registry of its own nothing is fetched.
    validator = jsonschema.Draft202012Validator(schema, registry=referencing.Registry())
    try:
        validator.check_schema(schema)
        error = jsonschema.exceptions.best_match(validator.iter_errors(value))
    except jsonschema.exceptions.SchemaError as failure:
        raise InterfaceError(f"the schema of a format is no JSON Schema: {failure.message}") from failure
    except Unresolvable as failure:
        raise InterfaceError(f"the schema of a format refers to what it does not hold: {failure.ref}") from failure
    if error is None:
        return None
    says = json.dumps(error.validator_value, ensure_ascii=False, default=str)
    what = f"does not satisfy the schema of the format at {error.json_path}"
    return Objection(what, f"{error.validator}: {says[:_LONGEST]}", _type_of(error.instance, error))


def _type_of(value: Any, error: Any) -> str:
    if error.validator == "required":
        return f"no {', '.join(sorted(set(error.validator_value) - set(value)))}"
    return _TYPES.get(type(value), "null")
