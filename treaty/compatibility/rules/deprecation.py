"""Rules about the end of elements: first deprecated, then, after the date that was promised, deleted.

The date is a line ``Sunset: YYYY-MM-DD`` in the comment of the element. It is the first day on which the element may be
gone (the meaning of the Sunset header of RFC 8594).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Hashable, Iterator, Mapping

from google.protobuf.message import Message

from treaty.compatibility.rules.rule import Comparison, Objection
from treaty.compatibility.schema import Element, File, State
from treaty.compatibility.schema.comments import comments
from treaty.compatibility.schema.element import fields, methods, values

Elements = Mapping[Hashable, Element[Message]]

_SUNSET = re.compile(r"^[\s*]*[Ss]unset:(?P<date>[^\n]*)", re.MULTILINE)
_MARK = b"unset:"


def deprecated_before_delete(comparison: Comparison) -> Iterator[Objection]:
    """Something that is gone and was not deprecated in the state before."""
    for gone, current in _gone(comparison):
        if not _is_deprecated(gone):
            text = f"{_kind(gone)} {gone.name!r} was deleted without having been deprecated before."
            yield _at_remains(gone, current, text)


def sunset_before_delete(comparison: Comparison) -> Iterator[Objection]:
    """Something that is gone before the date that was promised."""
    today = comparison.conventions.today
    promised = any(_MARK in file.raw for file in comparison.previous.files.values())
    for gone, current in _gone(comparison) if promised and today is not None else ():
        date = _date(gone)
        if date is not None and today is not None and today < date:
            text = f"{_kind(gone)} {gone.name!r} was deleted before its sunset on {date.isoformat()}."
            yield _at_remains(gone, current, text)


def sunset_no_advance(comparison: Comparison) -> Iterator[Objection]:
    """An end that comes sooner than promised."""
    before = dict(_marked(comparison.previous))
    for key, element in _marked(comparison.current):
        old, new = _date(before[key]) if key in before else None, _date(element)
        if old is not None and new is not None and new < old:
            text = f"The sunset of {element.full_name!r} moved from {old.isoformat()} to {new.isoformat()}."
            yield _at(element, text)


def sunset_no_overdue(comparison: Comparison) -> Iterator[Objection]:
    """Something that is still there on or after the day on which it was to be gone."""
    today = comparison.conventions.today
    for _, element in _marked(comparison.current) if today is not None else ():
        date = _date(element)
        if date is not None and today is not None and date <= today:
            yield _at(element, f"The sunset of {element.full_name!r} was on {date.isoformat()}.")


def sunset_is_date(comparison: Comparison) -> Iterator[Objection]:
    """A promise that nobody can hold anybody to."""
    for _, element in _marked(comparison.current):
        if _date(element) is None:
            written = _written(element)
            yield _at(element, f"The sunset of {element.full_name!r} is {written!r}, not a date like 2027-01-31.")


def _gone(comparison: Comparison) -> Iterator[tuple[Element[Message], Elements]]:
    """The outermost elements that are gone, each with all that is left."""
    previous, current = comparison.differing
    left = dict(_elements(current))
    for key, element in _elements(previous):
        if key not in left and (element.parent is None or _key(element.parent) in left):
            yield element, left


def _elements(state: State) -> Iterator[tuple[Hashable, Element[Message]]]:
    for file in state.files.values():
        for element in _in_file(file):
            yield _key(element), element


def _in_file(file: File) -> Iterator[Element[Message]]:
    for message in file.messages.values():
        if not message.proto.options.map_entry:
            yield message
            yield from fields(message).values()
    for enum in file.enums.values():
        yield enum
        for names in values(enum).values():
            yield next(iter(names.values()))
    for service in file.services.values():
        yield service
        yield from methods(service).values()
    yield from file.extensions.values()


def _key(element: Element[Message]) -> Hashable:
    """What makes it the same element under another name: fields and enum values are their numbers."""
    number = getattr(element.proto, "number", None)
    owner = getattr(element.proto, "extendee", "") or (element.parent.full_name if element.parent else "")
    return (owner, number) if number is not None else element.full_name


def _is_deprecated(element: Element[Message]) -> bool:
    inside: Element[Message] | None = element
    while inside is not None:
        if inside.proto.options.deprecated:  # type: ignore[attr-defined]  # all of these kinds have options
            return True
        inside = inside.parent
    return element.file.proto.options.deprecated


def _marked(state: State) -> Iterator[tuple[Hashable, Element[Message]]]:
    """Elements whose comment promises an end."""
    for file in state.files.values():
        if _MARK in file.raw:
            for element in _in_file(file):
                if _written(element) is not None:
                    yield _key(element), element


def _written(element: Element[Message]) -> str | None:
    found = _SUNSET.search(comments(element.file).get(element.path, ""))
    return found["date"].strip() if found else None


def _date(element: Element[Message]) -> dt.date | None:
    try:
        return dt.date.fromisoformat(_written(element) or "")
    except ValueError:
        return None


def _kind(element: Element[Message]) -> str:
    name = type(element.proto).__name__.removesuffix("DescriptorProto")
    return {"": "Message", "EnumValue": "Enum value", "Method": "RPC"}.get(name, name)


def _at(element: Element[Message], text: str) -> Objection:
    return Objection(element.file.path, element.span(), element.full_name, text, element.file.path)


def _at_remains(gone: Element[Message], left: Elements, text: str) -> Objection:
    """An objection at what contained the element, else at nothing: its file may be gone or not."""
    around = left.get(_key(gone.parent)) if gone.parent is not None else None
    if around is not None:
        return Objection(around.file.path, around.span(), gone.full_name, text, gone.file.path)
    still = any(element.file.path == gone.file.path for element in left.values())
    return Objection(gone.file.path if still else "", None, gone.full_name, text, gone.file.path)
