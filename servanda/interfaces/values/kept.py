"""Values that a Redis keeps, held against the formats that are declared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from servanda.interfaces.values.contents import Decoders, objection
from servanda.interfaces.values.format import Content, Format, RedisType
from servanda.interfaces.values.pattern import Pattern

_GRACE_SECONDS: Final = 1.0
_NO_DECODERS: Final[Decoders] = MappingProxyType({})
# What names one value among others, in a key that nobody declared: a word with a short number, such as "user-2", is a
# version of what is kept.
_NAMED: Final = re.compile(r"(?<![^:])(?![A-Za-z][A-Za-z_.-]*\d{1,2}(?![^:]))[^:]*\d[^:]*")


@dataclass(frozen=True, slots=True)
class Kept:
    """A value as it is kept.

    Attributes:
        type: Type as Redis calls it.
        ttl: Seconds until it goes; ``None`` for never.
        contents: What it holds by the name of the field; of a string by "". Of other types nothing.
    """

    key: str
    type: str
    ttl: float | None
    contents: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deviation:
    """One thing about a kept value that no format admits.

    Attributes:
        key: Pattern of the format; of a key without one the key, with ``*`` for what names one value.
        place: ``key``, ``type``, ``ttl``, or ``value`` with the name of a field.
        what: The deviation, as the end of a sentence about the key.
        expected: What the formats say; ``None`` if there is none.
        actual: What is kept; of contents only how long they are or their type, since they may be secret.
    """

    key: str
    place: str
    what: str
    expected: str | None
    actual: str | None


def deviations(
    kept: Kept, formats: Iterable[Format], namespace: str, decoders: Decoders = _NO_DECODERS
) -> Iterator[Deviation]:
    """Yield what the formats do not admit; where several match, each of them may admit it.

    Args:
        kept: The value.
        formats: Formats of all versions that write.
        namespace: Namespace of the keys.
        decoders: Decode contents that are protobuf; those of other messages are not looked into.

    Raises:
        InterfaceError: The JSON Schema of a format is none.
    """
    matching = [
        each for each in formats if each.type is not RedisType.CHANNEL and each.key.matches(kept.key, namespace)
    ]
    if not matching:
        key = _without_names(kept.key, namespace)
        yield Deviation(key, "key", "is written, and no format declares it", None, kept.type)
        return
    typed = [each for each in matching if each.type == kept.type]
    if not typed:
        types = " or ".join(sorted({each.type for each in matching}))
        yield Deviation(matching[0].key.text, "type", "has another type than declared", types, kept.type)
        return
    yield from _ttl(kept, typed)
    yield from _contents(kept, typed, decoders)


def _ttl(kept: Kept, formats: Sequence[Format]) -> Iterator[Deviation]:
    limits = [each.ttl for each in formats if each.ttl is not None]
    if len(limits) < len(formats):
        return
    key, longest = formats[0].key.text, max(limits)
    if kept.ttl is None:
        yield Deviation(key, "ttl", "never expires", f"{longest} s", "none")
    elif kept.ttl > longest + _GRACE_SECONDS:
        yield Deviation(key, "ttl", "stays longer than declared", f"{longest} s", f"{kept.ttl:.0f} s")


def _contents(kept: Kept, formats: Sequence[Format], decoders: Decoders) -> Iterator[Deviation]:
    key = formats[0].key.text
    for name, value in kept.contents.items():
        contents = [content for each in formats for content in _of_field(each, name)]
        if not contents:
            yield Deviation(key, f"value {name}", "has a field that no format declares", None, name)
            continue
        found = [objection(value, content, decoders) for content in contents]
        objections = [each for each in found if each is not None]
        if len(objections) == len(contents):
            expected = " or ".join(sorted({each.expected for each in objections}))
            place = f"value {name}".rstrip()
            yield Deviation(key, place, objections[0].what, expected, objections[0].actual)
    missing = [
        {name for name, content in each.contents.items() if content.is_required and name and name not in kept.contents}
        for each in formats
    ]
    if kept.type == RedisType.HASH and kept.contents and all(missing):
        name = min(missing[0])
        yield Deviation(key, f"value {name}", "lacks a field", formats[0].contents[name].shown, None)


def _of_field(each: Format, name: str) -> Iterator[Content]:
    for pattern, content in each.contents.items():
        if pattern == name or (pattern and Pattern(pattern).matches(name)):
            yield content


def _without_names(key: str, namespace: str) -> str:
    rest = key.removeprefix(namespace)
    return ("{namespace}" if rest != key else "") + _NAMED.sub("*", rest)
