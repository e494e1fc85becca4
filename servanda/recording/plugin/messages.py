"""Building an example message from what a consumer wrote, with the matching rules beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from google.protobuf import json_format
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from servanda.errors import RecordingError
from servanda.pact import paths
from servanda.pact.descriptors import FieldType, map_value
from servanda.pact.paths import Path, Wildcard
from servanda.protobuf_runtime import is_repeated
from servanda.recording.plugin import definitions
from servanda.recording.plugin.expressions import Definition

_AS_JSON: Final = frozenset(
    {
        "google.protobuf.Duration",
        "google.protobuf.FieldMask",
        "google.protobuf.ListValue",
        "google.protobuf.Struct",
        "google.protobuf.Timestamp",
        "google.protobuf.Value",
        *(f"google.protobuf.{kind}Value" for kind in ("Bool", "Bytes", "Double", "Float", "String")),
        *(f"google.protobuf.{kind}Value" for kind in ("Int32", "Int64", "UInt32", "UInt64")),
    }
)
"""Messages that may be written as in the protobuf JSON mapping."""

_OF_EACH: Final = frozenset({"eachValue", "values"})


@dataclass(slots=True)
class Example:
    """An example message while it is built.

    Attributes:
        rules: Matching rules by path, as a pact file holds them.
        generators: Generators by path, as a pact file holds them.
    """

    message: Message
    rules: dict[str, list[Mapping[str, object]]] = field(default_factory=dict)
    generators: dict[str, Mapping[str, object]] = field(default_factory=dict)


def build(message: type[Message], values: Mapping[str, object]) -> Example:
    """Return the example that these values describe.

    Raises:
        RecordingError: A field does not exist or cannot hold its value.
    """
    example = Example(message())
    _Builder(example).fill(example.message, values, paths.ROOT)
    return example


class _Builder:
    def __init__(self, example: Example) -> None:
        self._example = example

    def fill(self, message: Message, values: Mapping[str, object], path: Path) -> None:
        for name, value in values.items():
            described = message.DESCRIPTOR.fields_by_name.get(name)
            if described is None:
                known = ", ".join(entry.name for entry in message.DESCRIPTOR.fields)
                raise RecordingError(
                    f"{paths.render((*path, name))}: {message.DESCRIPTOR.full_name} has no field '{name}'",
                    hint=f"its fields: {known}",
                )
            self._field(message, described, value, (*path, name))

    def _field(self, message: Message, described: FieldType, value: object, path: Path) -> None:
        of_value = map_value(described)
        if of_value is not None:
            self._map(getattr(message, described.name), of_value, value, path)
        elif is_repeated(described):
            self._repeated(getattr(message, described.name), described, value, path)
        elif described.message_type is not None:
            child = getattr(message, described.name)
            child.SetInParent()
            self._message(child, value, path)
        else:
            definition = self._define(value, path)
            setattr(message, described.name, _scalar(described, definition.value, path))

    def _define(self, value: object, path: Path) -> Definition:
        try:
            definition = definitions.define(value)
        except RecordingError as error:
            raise RecordingError(f"{paths.render(path)}: {error.what}", hint=error.hint) from error
        place = paths.render(path)
        if definition.rules:
            known = self._example.rules.setdefault(place, [])
            known.extend(rule for rule in definition.rules if rule not in known)
        if definition.generator:
            self._example.generators[place] = definition.generator
        return definition

    def _message(self, message: Message, value: object, path: Path) -> None:
        if definitions.is_matcher(value) or isinstance(value, str):
            value = self._define(value, path).value
        if isinstance(value, Mapping) and message.DESCRIPTOR.full_name != "google.protobuf.Struct":
            self.fill(message, value, path)
        elif message.DESCRIPTOR.full_name in _AS_JSON:
            try:
                json_format.Parse(json.dumps(value), message)
            except json_format.ParseError as error:
                raise RecordingError(f"{paths.render(path)}: {error}") from error
        else:
            wanted = f"an object with fields of {message.DESCRIPTOR.full_name}"
            raise RecordingError(f"{paths.render(path)} is {value!r}, expected {wanted}")

    def _repeated(self, elements: Any, described: FieldType, value: object, path: Path) -> None:
        step: int | Wildcard = 0
        if isinstance(value, Mapping) and definitions.MATCH in value:
            value, step = self._described_elements(value, path), Wildcard.INDEX
        elif definitions.is_matcher(value):
            value, step = self._define(value, path).value, Wildcard.INDEX
        elif isinstance(value, str) and definitions.define(value).rules:
            value, step = self._described_list(value, path)
        elif isinstance(value, Mapping) and described.message_type is not None:
            value = [value]  # one element that stands alone
        if not isinstance(value, list):
            raise RecordingError(f"{paths.render(path)} is {value!r}, expected a list")
        for index, entry in enumerate(value):
            place = (*path, index if isinstance(step, int) else step)
            self._element(elements, described, entry, place)

    def _described_list(self, value: str, path: Path) -> tuple[list[object], int | Wildcard]:
        """Return the elements of ``atLeast(2), eachValue(...)``, or the one of ``matching(type, 'a')``."""
        definition = definitions.define(value)
        if not any(rule["match"] in _OF_EACH or rule.keys() & {"min", "max"} for rule in definition.rules):
            return [value], 0
        if definition.reference:
            raise RecordingError(f"{paths.render(path)}: '{definition.reference}' is referred to but not defined")
        self._define(value, path)
        example = next((rule["value"] for rule in definition.rules if "value" in rule), definition.value)
        return [example], Wildcard.INDEX

    def _described_elements(self, value: Mapping[str, object], path: Path) -> list[object]:
        """``{"pact:match": "eachValue(matching($'line')), atLeast(1)", "line": {...}}``."""
        definition = self._define(value[definitions.MATCH], path)
        if definition.reference:
            if definition.reference not in value:
                raise RecordingError(f"{paths.render(path)}: '{definition.reference}' is referred to but not defined")
            return [value[definition.reference]]
        inner = next((rule for rule in definition.rules if "value" in rule), None)
        return [entry for name, entry in value.items() if name != definitions.MATCH] or (
            [inner["value"]] if inner else []
        )

    def _element(self, elements: Any, described: FieldType, value: object, path: Path) -> None:
        if described.message_type is not None:
            self._message(elements.add(), value, path)
            return
        definition = self._define(value, path)
        example = definition.value
        if example is None and definition.rules:
            example = definition.rules[0].get("value")
        elements.append(_scalar(described, example, path))

    def _described_entries(self, value: Mapping[str, object], path: Path) -> Mapping[str, object]:
        """``{"pact:match": "eachKey(...), eachValue(matching($'line'))", "line": {...}}``."""
        definition = self._define(value[definitions.MATCH], path)
        if definition.reference and not value.keys() - {definitions.MATCH}:
            raise RecordingError(f"{paths.render(path)}: '{definition.reference}' is referred to but not defined")
        return {
            _example_key(definition) if name == definition.reference else name: entry
            for name, entry in value.items()
            if name != definitions.MATCH
        }

    def _map(self, entries: Any, of_value: FieldType, value: object, path: Path) -> None:
        if definitions.is_matcher(value):
            value = self._define(value, path).value
        if not isinstance(value, Mapping):
            raise RecordingError(f"{paths.render(path)} is {value!r}, expected an object")
        if definitions.MATCH in value:
            value = self._described_entries(value, path)
        rules = self._example.rules.get(paths.render(path), [])
        alike = any(rule["match"] in _OF_EACH for rule in rules)
        of_key = cast("Any", of_value.containing_type).fields_by_name["key"]
        for name, entry in value.items():
            place: Path = (*path, Wildcard.ANY if alike else name)
            key = _scalar(of_key, name if of_key.cpp_type == FieldDescriptor.CPPTYPE_STRING else _parsed(name), place)
            if of_value.message_type is not None:
                self._message(entries[key], entry, place)
            else:
                entries[key] = _scalar(of_value, self._define(entry, place).value, place)


def _example_key(definition: Definition) -> str:
    """Return the key of the entry that is described by a reference: that of ``eachKey``, else the reference itself."""
    keys = (rule.get("value") for rule in definition.rules if rule["match"] == "eachKey")
    return str(next((key for key in keys if key is not None), definition.reference))


def _parsed(name: str) -> object:
    try:
        return json.loads(name)
    except ValueError:
        return name


def _scalar(described: FieldType, value: object, path: Path) -> object:
    """Return the value as the field's Python type."""
    found = _converted(described, value)
    if found is None:
        wanted = _TYPE_NAMES.get(described.type, "text")
        if described.enum_type is not None:
            wanted = f"one of {', '.join(entry.name for entry in described.enum_type.values)}"
        raise RecordingError(f"{paths.render(path)} is {value!r}, expected {wanted}")
    return found


def _converted(described: FieldType, value: object) -> object:
    match described.cpp_type:
        case FieldDescriptor.CPPTYPE_STRING if described.type == FieldDescriptor.TYPE_BYTES:
            return value.encode() if isinstance(value, str) else None
        case FieldDescriptor.CPPTYPE_STRING:
            return value if isinstance(value, str) else None
        case FieldDescriptor.CPPTYPE_BOOL:
            return {"true": True, "false": False}.get(str(value).lower())
        case FieldDescriptor.CPPTYPE_ENUM:
            return _enum(described, value)
        case FieldDescriptor.CPPTYPE_DOUBLE | FieldDescriptor.CPPTYPE_FLOAT:
            return _number(value)
    return _integer(described, value)


def _enum(described: FieldType, value: object) -> int | None:
    known = cast("Any", described.enum_type)
    if isinstance(value, str) and value in known.values_by_name:
        return int(known.values_by_name[value].number)
    number = _number(value)
    return int(number) if number is not None and number.is_integer() and int(number) in known.values_by_number else None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except (OverflowError, ValueError):
        return None


def _integer(described: FieldType, value: object) -> int | None:
    if isinstance(value, str):
        try:
            number = int(value)
        except ValueError:
            return None
    elif isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer():
        number = int(value)
    else:
        return None
    low, high = _RANGES[described.cpp_type]
    return number if low <= number <= high else None


_RANGES: Final = {
    FieldDescriptor.CPPTYPE_INT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_INT64: (-(2**63), 2**63 - 1),
    FieldDescriptor.CPPTYPE_UINT32: (0, 2**32 - 1),
    FieldDescriptor.CPPTYPE_UINT64: (0, 2**64 - 1),
}
_TYPE_NAMES: Final = {
    getattr(FieldDescriptor, f"TYPE_{name.upper()}"): f"a value of type {name}"
    for name in (
        "double",
        "float",
        "int64",
        "uint64",
        "int32",
        "fixed64",
        "fixed32",
        "bool",
        "string",
        "bytes",
        "uint32",
    )
}
