"""The value that a reader gets when the writer leaves a field out."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Mapping

from google.protobuf import text_encoding
from google.protobuf.descriptor_pb2 import FieldDescriptorProto

from servanda.errors import InterfaceError
from servanda.interfaces.protobuf.schema import Element, State
from servanda.interfaces.protobuf.schema.features import Label, Type

Value = bool | int | float | str | bytes


_LONGEST_INTEGER = 64


class Single(float):
    """A float of 32 bits; it equals a double that it is the closest float of."""

    def __new__(cls, value: float) -> Single:
        """Round to 32 bits."""
        finite = math.isfinite(value)
        return super().__new__(cls, struct.unpack("f", struct.pack("f", value))[0] if finite else value)


def default(field: Element[FieldDescriptorProto], state: State) -> Value | None:
    """Return the default, implicit or declared; ``None`` for a field that cannot have one.

    Raises:
        InterfaceError: What is declared is no value of the field's type.
    """
    proto = field.proto
    if proto.label == Label.LABEL_REPEATED or proto.type in {Type.TYPE_MESSAGE, Type.TYPE_GROUP}:
        return None
    text = proto.default_value if proto.HasField("default_value") else ""
    if proto.type == Type.TYPE_ENUM:
        return _enum_default(field, text, state)
    try:
        return _READERS.get(proto.type, _integer)(text)
    except (OverflowError, ValueError) as error:  # no compiler writes this; an image may hold it
        what = f"the default '{text:.80}' of the field '{field.full_name}' is no value of its type"
        raise InterfaceError(what, where=field.file.path, hint="make the image again") from error


def same(before: Value, after: Value) -> bool:
    """Tell whether two defaults are one value, their types apart: another rule speaks about types."""
    texts = (str, bytes)
    if isinstance(before, texts) or isinstance(after, texts):
        return _as_bytes(before) == _as_bytes(after)
    if (
        isinstance(before, Single) != isinstance(after, Single)
        and isinstance(before, float)
        and isinstance(after, float)
    ):
        before, after = Single(before), Single(after)
    if math.isnan(before) or math.isnan(after):
        return math.isnan(before) and math.isnan(after)
    return before == after


def _as_bytes(value: Value) -> object:
    return value.encode() if isinstance(value, str) else value


def _enum_default(field: Element[FieldDescriptorProto], text: str, state: State) -> int:
    declared = state.enum(field.proto.type_name.removeprefix("."), field.file.path)
    if declared is None or not declared.value:
        return 0
    named = next((value for value in declared.value if value.name == text), declared.value[0])
    return named.number


def _integer(text: str) -> Value:
    number = int(text or 0)
    if number.bit_length() > _LONGEST_INTEGER:
        raise OverflowError("no integer of protobuf is so long")
    return number


_READERS: Mapping[int, Callable[[str], Value]] = {
    Type.TYPE_STRING: str,
    Type.TYPE_BYTES: text_encoding.CUnescape,
    Type.TYPE_BOOL: lambda text: text == "true",
    Type.TYPE_FLOAT: lambda text: Single(float(text or 0)),
    Type.TYPE_DOUBLE: lambda text: float(text or 0),
}
