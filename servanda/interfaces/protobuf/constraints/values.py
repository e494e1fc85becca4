"""Values worth trying, for every type of field."""

from __future__ import annotations

import itertools
import math
import struct
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from google.protobuf import message_factory
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from servanda.interfaces.protobuf.constraints.seeds import Seeds, points
from servanda.interfaces.protobuf.constraints.texts import blobs, texts

_NANOS: Final = 1_000_000_000
_LONGEST_DURATION: Final = 315_576_000_000 * _NANOS
_FIRST_MOMENT, _LAST_MOMENT = -62_135_596_800 * _NANOS, 253_402_300_799 * _NANOS + _NANOS - 1
_INTEGERS: Final = MappingProxyType(
    {
        FieldDescriptor.CPPTYPE_INT32: (-(1 << 31), (1 << 31) - 1),
        FieldDescriptor.CPPTYPE_INT64: (-(1 << 63), (1 << 63) - 1),
        FieldDescriptor.CPPTYPE_UINT32: (0, (1 << 32) - 1),
        FieldDescriptor.CPPTYPE_UINT64: (0, (1 << 64) - 1),
    }
)
_WRAPPERS: Final = frozenset(
    f"google.protobuf.{name}Value"
    for name in ("Bool", "Bytes", "Double", "Float", "Int32", "Int64", "String", "UInt32", "UInt64")
)


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a field.

    Attributes:
        content: What to set; a message is given as its bytes.
        shown: The value as a person reads it.
    """

    content: Any
    shown: str


def values(field: Any, seeds: Seeds) -> Iterator[Value]:
    """Yield single values of a field, or of the items of a list, simple ones first.

    Args:
        field: The descriptor of the field.
        seeds: What the rules mention.
    """
    if field.message_type is not None:
        yield from _of_message(field.message_type, seeds)
    elif field.enum_type is not None:
        yield from _of_enum(field.enum_type, seeds)
    else:
        yield from _SCALARS[field.cpp_type](field, seeds)


def shown(value: object) -> str:
    """Return a scalar as a person reads it, in few words."""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str | bytes) or len(value) <= _SHOWN:
        return repr(value)
    unit = "characters" if isinstance(value, str) else "bytes"
    return f"{value[:_START]!r}... ({len(value)} {unit})"


_SHOWN, _START = 60, 12


def _plain(content: object) -> Value:
    return Value(content, shown(content))


def _integers(field: Any, seeds: Seeds) -> Iterator[Value]:
    low, high = _INTEGERS[field.cpp_type]
    numbers = (int(number) for number in seeds.numbers if math.isfinite(number))
    return map(_plain, points(numbers, low, high))


def _floats(field: Any, seeds: Seeds) -> Iterator[Value]:
    single = field.cpp_type == FieldDescriptor.CPPTYPE_FLOAT
    finite = sorted({0.0, 1.0, -1.0, *(float(number) for number in seeds.numbers if math.isfinite(number))})
    gaps = [(one + other) / 2 for one, other in itertools.pairwise(finite)]
    near = [_next(number, up=up, single=single) for number in finite for up in (False, True)]
    extremes = [3.0e38, -3.0e38] if single else [1.7e308, -1.7e308]
    infinite = [math.inf, -math.inf, math.nan]
    found = dict.fromkeys([*finite, *gaps, *(n + step for n in finite for step in (-1.0, 1.0)), *near, *extremes])
    return map(_plain, [*sorted(found, key=abs), *infinite])


def _next(number: float, *, up: bool, single: bool) -> float:
    toward = math.inf if up else -math.inf
    if not single:
        return math.nextafter(number, toward)
    try:
        rounded = struct.unpack("f", struct.pack("f", number))[0]
    except OverflowError:
        return number
    # The neighbour among floats of 32 bits; a step of less than its spacing would be rounded away.
    step = abs(rounded) * 2.0**-23 or 2.0**-149
    return float(rounded + (step if up else -step))


def _of_enum(enum: Any, seeds: Seeds) -> Iterator[Value]:
    names = {value.number: value.name.partition("_")[2].partition("_")[2] for value in enum.values}
    numbers = [*names, *(int(number) for number in seeds.numbers if math.isfinite(number))]
    low, high = _INTEGERS[FieldDescriptor.CPPTYPE_INT32]
    for number in dict.fromkeys([*names, *points(numbers, low, high)]):
        yield Value(number, f"{names[number]} ({number})" if number in names else str(number))


def _of_message(kind: Any, seeds: Seeds) -> Iterator[Value]:
    name = kind.full_name
    if name == "google.protobuf.Duration":
        for number in points(seeds.instants, -_LONGEST_DURATION, _LONGEST_DURATION):
            yield Value(_instant(kind, number), f"{number / _NANOS:.9g}s")
    elif name == "google.protobuf.Timestamp":
        yield from _moments(kind, seeds)
    elif name in _WRAPPERS:
        inner = kind.fields_by_name["value"]
        for value in values(inner, seeds):
            yield Value(_made(kind, value=value.content), value.shown)
    elif name == "google.protobuf.Any":
        for url in ("", *seeds.texts, "type.googleapis.com/google.protobuf.Empty"):
            yield Value(_made(kind, type_url=url), f"Any of type {url!r}")
    elif name == "google.protobuf.FieldMask":
        yield from _masks(kind, seeds)
    else:
        yield Value(b"", "an empty message")


def _moments(kind: Any, seeds: Seeds) -> Iterator[Value]:
    now = time.time_ns() // _NANOS * _NANOS
    hour = 3600 * _NANOS
    for number in points(seeds.instants, _FIRST_MOMENT, _LAST_MOMENT):
        yield Value(_instant(kind, number), _date(number))
    # Seconds more or less than the rule says: the validator looks at the clock later than this does.
    near = sorted({hour, *(abs(instant) + step * _NANOS for instant in seeds.instants for step in (-9, 0, 9))})
    between = [(one + other) // 2 for one, other in itertools.pairwise(near)]
    for away in (*near, *between):
        for number, word in ((now + away, "after"), (now - away, "before")):
            if _FIRST_MOMENT <= number <= _LAST_MOMENT and away > 0:
                yield Value(_instant(kind, number), f"{away / _NANOS:.9g}s {word} now")


def _masks(kind: Any, seeds: Seeds) -> Iterator[Value]:
    mentioned = list(seeds.texts)
    paths = [[], *([each] for each in mentioned), *([f"{each}.x"] for each in mentioned), ["other"], mentioned]
    paths += [mentioned[:end] for end in range(2, len(mentioned))] + [mentioned[1:]]
    paths += [[each.rpartition(".")[0]] for each in mentioned if "." in each]
    for each in paths:
        yield Value(_made(kind, paths=each), f"the mask {','.join(each)!r}")


def _instant(kind: Any, nanoseconds: int) -> bytes:
    seconds, nanos = divmod(nanoseconds, _NANOS)
    if kind.full_name.endswith(".Duration") and seconds < 0 and nanos:
        seconds, nanos = seconds + 1, nanos - _NANOS  # both parts of a duration have its sign
    return _made(kind, seconds=seconds, nanos=nanos)


def _made(kind: Any, **parts: Any) -> bytes:
    message: Message = message_factory.GetMessageClass(kind)(**parts)
    return message.SerializeToString()


def _date(nanoseconds: int) -> str:
    seconds, nanos = divmod(nanoseconds, _NANOS)
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return f"{whole}{f'.{nanos:09}' if nanos else ''}Z"


_SCALARS: Final[Mapping[int, Callable[[Any, Seeds], Iterator[Value]]]] = MappingProxyType(
    {
        **dict.fromkeys(_INTEGERS, _integers),
        FieldDescriptor.CPPTYPE_FLOAT: _floats,
        FieldDescriptor.CPPTYPE_DOUBLE: _floats,
        FieldDescriptor.CPPTYPE_BOOL: lambda _, __: iter(map(_plain, (False, True))),
        FieldDescriptor.CPPTYPE_STRING: lambda field, seeds: map(
            _plain, blobs(seeds) if field.type == FieldDescriptor.TYPE_BYTES else texts(seeds)
        ),
    }
)
