"""Messages worth trying on rules: with one field set, or with several that belong together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice, product
from typing import Any, Final

from google.protobuf import message_factory

from servanda.interfaces.protobuf.constraints.seeds import Seeds
from servanda.interfaces.protobuf.constraints.values import Value, values
from servanda.protobuf_runtime import is_repeated

_NOT_SET: Final = "not set"
_TRIED_IN_PAIRS: Final = 50
_LONGEST_LIST: Final = 20_000
_FEW: Final = 12
_MOST_COMBINATIONS: Final = 4_000
_FULL_PRODUCT: Final = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message to try.

    Attributes:
        data: The message as bytes.
        shown: What is set in it, as a person reads it.
    """

    data: bytes
    shown: str

    @property
    def is_absence(self) -> bool:
        """Tell whether nothing is set: a zero value without presence is the same."""
        return not self.data


IsGood = Callable[[bytes, bool], bool]
"""Tells whether a list or a map is refused for nothing that is in it; if the second is true, for none of its keys."""


def with_field(kind: Any, field: Any, seeds: Seeds, is_good: IsGood) -> Iterator[Candidate]:
    """Yield messages in which one field is set or not.

    Args:
        kind: The class of the message.
        field: The descriptor of its field.
        seeds: What the rules mention.
        is_good: Tells whether what is in a list or a map is accepted, whatever is said of the whole.
    """
    yield Candidate(b"", _NOT_SET)
    if not is_repeated(field):
        for value in _inner_values(field, seeds):
            yield _single(kind, field, value)
    elif field.message_type is not None and field.message_type.GetOptions().map_entry:
        yield from _maps(kind, field, seeds, is_good)
    else:
        yield from _lists(kind, field, seeds, is_good)


def of_fields(kind: Any, seeds: Seeds, mentioned: frozenset[str]) -> Iterator[Candidate]:
    """Yield messages in which several fields are set, above all those that are mentioned.

    Args:
        kind: The class of the message.
        seeds: What the rules mention.
        mentioned: Names of fields that the rules mention.
    """
    fields = list(kind.DESCRIPTOR.fields)
    chosen = [field for field in fields if field.name in mentioned] or fields
    options = {field.name: [None, *_few(field, seeds)] for field in fields}
    yield Candidate(b"", "no field set")
    for field in chosen:
        for value in options[field.name][1:]:
            yield _of(kind, {field: value})
    if len(chosen) <= _FULL_PRODUCT:
        every = product(*(options[field.name] for field in chosen))
        for each in islice(every, _MOST_COMBINATIONS):
            yield _of(kind, dict(zip(chosen, each, strict=True)))
    else:
        yield from _pairs(kind, chosen, options)
    for index in range(1, _FEW):
        yield _of(kind, {field: options[field.name][index % len(options[field.name])] for field in chosen})
        yield _of(kind, {field: options[field.name][min(index, len(options[field.name]) - 1)] for field in fields})


def _pairs(kind: Any, chosen: Sequence[Any], options: dict[str, list[Value | None]]) -> Iterator[Candidate]:
    for size in range(2, len(chosen) + 1):
        for some in islice(combinations(chosen, size), _MOST_COMBINATIONS // 20):
            yield _of(kind, {field: options[field.name][-1] for field in some})
    pairs = (
        {one: first, other: second}
        for one, other in combinations(chosen, 2)
        for first, second in product(options[one.name][1:], options[other.name][1:])
    )
    for each in islice(pairs, _MOST_COMBINATIONS):
        yield _of(kind, each)


def _few(field: Any, seeds: Seeds) -> list[Value]:
    found = [value for value in islice(_inner_values(field, seeds), 400) if len(value.shown) < 80]
    mentioned = {*map(repr, seeds.texts), *map(repr, seeds.numbers)}
    first = [value for value in found if value.shown in mentioned]
    sized = [value for value in found if isinstance(value.content, str) and len(value.content) in seeds.sizes]
    lengths = {len(value.content): value for value in reversed(sized)}
    return list({value.shown: value for value in (*first, *found[:4], *lengths.values(), *found)}.values())[:_FEW]


def _inner_values(field: Any, seeds: Seeds) -> Iterator[Value]:
    """Yield single values; of a message of the interface's own also some with fields in them."""
    yield from values(field, seeds)
    inner = field.message_type
    if inner is None or inner.file.package == "google.protobuf" or inner.GetOptions().map_entry:
        return
    for each in inner.fields:
        if each.message_type is not None or is_repeated(each):
            continue
        for value in islice(values(each, seeds), 200):
            made = message_factory.GetMessageClass(inner)()
            setattr(made, each.name, value.content)
            yield Value(made.SerializeToString(), f"{each.name}: {value.shown}")


def _single(kind: Any, field: Any, value: Value) -> Candidate:
    message = kind()
    _set(message, field, value.content)
    return Candidate(message.SerializeToString(), value.shown)


def _set(message: Any, field: Any, content: Any) -> None:
    if field.message_type is not None:
        inner = getattr(message, field.name)
        inner.MergeFromString(content)
        inner.SetInParent()
    else:
        setattr(message, field.name, content)


def _of(kind: Any, content: dict[Any, Value | None]) -> Candidate:
    message = kind()
    told = []
    for field, value in content.items():
        if value is None:
            continue
        told.append(f"{field.name}: {value.shown}")
        if not is_repeated(field):
            _set(message, field, value.content)
        elif field.message_type is not None and field.message_type.GetOptions().map_entry:
            continue
        elif field.message_type is not None:
            getattr(message, field.name).add().MergeFromString(value.content)
        else:
            getattr(message, field.name).append(value.content)
    return Candidate(message.SerializeToString(), ", ".join(told) or "no field set")


def _lists(kind: Any, field: Any, seeds: Seeds, is_good: IsGood) -> Iterator[Candidate]:
    items = list(_inner_values(field, seeds))
    good: list[Value] = []
    for item in items:
        single = _list(kind, field, [item])
        yield single
        if is_good(single.data, False):
            good.append(item)
    for item in good[:_TRIED_IN_PAIRS]:
        yield _list(kind, field, [item, item])
    for size in seeds.sizes if good else ():
        if 1 < size <= _LONGEST_LIST:
            yield _list(kind, field, _enough(good, size))
            yield _list(kind, field, good[:1] * size)
            for item in items if size <= _FEW else good[:_TRIED_IN_PAIRS]:
                others = [each for each in good if each is not item] or good
                yield _list(kind, field, [item, *_enough(others, size - 1)])


def _list(kind: Any, field: Any, items: Sequence[Value]) -> Candidate:
    message = kind()
    if field.message_type is not None:
        for item in items:
            getattr(message, field.name).add().MergeFromString(item.content)
    else:
        getattr(message, field.name).extend(item.content for item in items)
    return Candidate(message.SerializeToString(), _listed([item.shown for item in items]))


def _enough(good: list[Value], size: int) -> list[Value]:
    return (good * (size // len(good) + 1))[:size]


def _listed(shown: Sequence[str]) -> str:
    if len(shown) <= 3:
        return f"[{', '.join(shown)}]"
    return f"[{', '.join(shown[:2])}, ...] ({len(shown)} items)"


def _maps(kind: Any, field: Any, seeds: Seeds, is_good: IsGood) -> Iterator[Candidate]:
    key_field = field.message_type.fields_by_name["key"]
    value_field = field.message_type.fields_by_name["value"]

    def make(entries: Sequence[tuple[Value, Value]]) -> Candidate:
        message: Any = kind()
        target = getattr(message, field.name)
        for key, value in entries:
            if value_field.message_type is not None:
                target[key.content].MergeFromString(value.content)
            else:
                target[key.content] = value.content
        told = [f"{key.shown}: {value.shown}" for key, value in entries[:2]]
        rest = f", ...}} ({len(entries)} pairs)" if len(entries) > 2 else "}"
        return Candidate(message.SerializeToString(), f"{{{', '.join(told)}{rest}")

    keys = list(values(key_field, seeds))
    contents = list(_inner_values(value_field, seeds))
    good_keys = [key for key in keys if is_good(make([(key, contents[0])]).data, True)]
    first = next(iter(good_keys), keys[0])
    good = [content for content in contents if is_good(make([(first, content)]).data, False)]
    filler = next(iter(good), contents[0])
    for content in contents:
        yield make([(first, content)])
    for key in keys:
        yield make([(key, filler)])
    usable = [key for key in good_keys if is_good(make([(key, filler)]).data, False)] or good_keys
    for size in seeds.sizes:
        if size <= len(usable):
            yield make([(key, filler) for key in usable[:size]])


def names_in(expressions: Iterable[str]) -> frozenset[str]:
    """Return all words of these expressions, names of fields among them."""
    return frozenset(word for each in expressions for word in re.findall(r"[A-Za-z_]\w*", each))
