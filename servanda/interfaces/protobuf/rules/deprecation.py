"""Rules about the end of elements: first deprecated, then, after the date that was promised, deleted.

The date is a line ``Sunset: YYYY-MM-DD`` in the comment of the element. It is the first day on which the element may be
gone (the meaning of the Sunset header of RFC 8594).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from google.protobuf.descriptor_pb2 import DescriptorProto, EnumDescriptorProto, ServiceDescriptorProto
from google.protobuf.message import Message

from servanda.interfaces.effect import MAY_AFFECT_USERS
from servanda.interfaces.protobuf.rules.categories import Category
from servanda.interfaces.protobuf.rules.subject import Comparison, Subject
from servanda.interfaces.protobuf.schema import Element, File, State
from servanda.interfaces.protobuf.schema.comments import comments
from servanda.interfaces.protobuf.schema.element import fields, methods, values
from servanda.interfaces.rule import Objection, Remedy, Rule
from servanda.protobuf_runtime import equal
from servanda.verdict import Severity

Kind = TypeVar("Kind", bound=Element[Any])

_NO_FILE = File(b"")
_SUNSET = re.compile(r"^[ \t\r*]*[Ss]unset:(?P<date>[^\n]*)", re.MULTILINE)
_MARK = b"unset:"


def deprecated_before_delete(comparison: Comparison) -> Iterator[Objection]:
    """Something that is gone and was not deprecated in the state before."""
    for gone in _gone(comparison):
        if not _is_deprecated(gone):
            text = f"{_kind(gone)} {gone.name!r} was deleted without having been deprecated before."
            yield _at_remains(gone, comparison.differing[1], text)


def sunset_before_delete(comparison: Comparison) -> Iterator[Objection]:
    """Something that is gone before the date that was promised."""
    today = comparison.conventions.today
    promised = any(file.mentions(_MARK) for file in comparison.differing[0].files.values())
    for gone in _gone(comparison) if promised and today is not None else ():
        date = _date(gone)
        if date is not None and today is not None and today < date:
            text = f"{_kind(gone)} {gone.name!r} was deleted before its sunset on {date.isoformat()}."
            yield _at_remains(gone, comparison.differing[1], text)


def sunset_no_advance(comparison: Comparison) -> Iterator[Objection]:
    """Object to an end that comes sooner than promised."""
    # Comments are no content: what says something else about itself is in a file that counts as unchanged elsewhere.
    previous, current = comparison.previous.files, comparison.current.files
    marked = list(_marked(_rewritten(current, previous)))
    before = {_key(element): element for element in _marked(_rewritten(previous, current) if marked else ())}
    for element in marked:
        key = _key(element)
        old, new = _date(before[key]) if key in before else None, _date(element)
        if old is not None and new is not None and new < old:
            text = f"The sunset of {element.full_name!r} moved from {old.isoformat()} to {new.isoformat()}."
            yield _at(element, text)


def sunset_no_overdue(comparison: Comparison) -> Iterator[Objection]:
    """Something that is still there on or after the day on which it was to be gone."""
    today = comparison.conventions.today
    for element in _marked(comparison.current.files.values()) if today is not None else ():
        date = _date(element)
        if date is not None and today is not None and date <= today:
            yield _at(element, f"The sunset of {element.full_name!r} was on {date.isoformat()}.")


def sunset_is_date(comparison: Comparison) -> Iterator[Objection]:
    """Object to a promise that nobody can hold anybody to."""
    for element in _marked(comparison.current.files.values()):
        if _date(element) is None:
            written = _written(element)
            yield _at(element, f"The sunset of {element.full_name!r} is {written!r}, not a date like 2027-01-31.")


def _gone(comparison: Comparison) -> Iterator[Element[Message]]:
    """Yield the outermost elements that are gone."""
    previous, current = comparison.differing
    for path, file in previous.files.items():
        now = current.files.get(path)
        for element in _changed(file, now):
            is_outermost = element.parent is None or _left(current, element.parent)
            is_renamed = now is not None and _is_in_renamed_package(element, now)
            if is_outermost and not is_renamed and _left(current, element) is None:
                yield element


def _is_in_renamed_package(element: Element[Message], now: File) -> bool:
    """Tell whether a file has an element in another package only, which is told of the file."""
    is_there = any(element.nested_name in each for each in (now.messages, now.enums, now.services))
    return is_there and now.package != element.file.package


def _changed(file: File, now: File | None) -> Iterator[Element[Message]]:
    """Yield the elements of a file of which something may be gone: not those that the file still has as they were."""
    as_is = now if now is not None and now.package == file.package else _NO_FILE
    for message in _others(file.messages, as_is.messages):
        yield from _in_message(message)
    for enum in _others(file.enums, as_is.enums):
        yield from _in_enum(enum)
    for service in _others(file.services, as_is.services):
        yield from _in_service(service)
    yield from file.extensions.values()


def _others(elements: Mapping[str, Kind], now: Mapping[str, Kind]) -> Iterator[Kind]:
    return (
        element for name, element in elements.items() if name not in now or not equal(now[name].proto, element.proto)
    )


def _left(state: State, element: Element[Message]) -> Element[Message] | None:
    """Return what is left of an element under another name or in another file; ``None`` if it is gone."""
    number = getattr(element.proto, "number", None)
    if number is None:
        return _named(state, element.full_name)
    extendee = getattr(element.proto, "extendee", "")
    if extendee:
        return state.extensions.get((extendee, number))
    owner = element.parent.full_name if element.parent is not None else ""
    if owner in state.messages:
        found = fields(state.messages[owner]).get(number)
        if found is not None:
            return found
    named = values(state.enums[owner]).get(number) if owner in state.enums else None
    return next(iter(named.values())) if named else None


def _named(state: State, name: str) -> Element[Message] | None:
    message = state.messages.get(name)
    if message is not None and not message.proto.options.map_entry:
        return message
    service, _, rpc = name.rpartition(".")
    within = methods(state.services[service]) if service in state.services else {}
    return state.enums.get(name) or state.services.get(name) or within.get(rpc)


def _in_file(file: File) -> Iterator[Element[Message]]:
    for message in file.messages.values():
        yield from _in_message(message)
    for enum in file.enums.values():
        yield from _in_enum(enum)
    for service in file.services.values():
        yield from _in_service(service)
    yield from file.extensions.values()


def _in_message(message: Element[DescriptorProto]) -> Iterator[Element[Message]]:
    if not message.proto.options.map_entry:
        yield message
        yield from fields(message).values()


def _in_enum(enum: Element[EnumDescriptorProto]) -> Iterator[Element[Message]]:
    yield enum
    for names in values(enum).values():
        yield next(iter(names.values()))


def _in_service(service: Element[ServiceDescriptorProto]) -> Iterator[Element[Message]]:
    yield service
    yield from methods(service).values()


def _key(element: Element[Message]) -> Hashable:
    """Return what makes it the same element under another name: fields and enum values are their numbers."""
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


def _marked(files: Iterable[File]) -> Iterator[Element[Message]]:
    """Elements whose comment promises an end."""
    for file in files:
        if file.mentions(_MARK):
            for element in _in_file(file):
                if _written(element) is not None:
                    yield element


def _rewritten(files: Mapping[str, File], other: Mapping[str, File]) -> Iterator[File]:
    """Yield files that are not the same, comments included, in another state."""
    return (file for path, file in files.items() if path not in other or other[path].raw != file.raw)


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


def _at_remains(gone: Element[Message], current: State, text: str) -> Objection:
    """Return an objection at what contained the element, else at nothing: its file may be gone or not."""
    around = _left(current, gone.parent) if gone.parent is not None else None
    if around is not None:
        return Objection(around.file.path, around.span(), gone.full_name, text, gone.file.path)
    file = current.files.get(gone.file.path)
    still = file is not None and any(_in_file(file))
    return Objection(gone.file.path if still else "", None, gone.full_name, text, gone.file.path)


RULES: tuple[Rule, ...] = (
    Rule(
        id="DEPRECATION_BEFORE_DELETE",
        purpose="Checks that only what was deprecated is deleted.",
        why=(
            "Consumers got no warning from their compiler or linter, so the deletion is the first that they hear of it."
        ),
        categories=(Category.DEPRECATION,),
        subject=Subject.STATE,
        handler=deprecated_before_delete,
        severity=Severity.WARNING,
        breaks=None,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Keep $kind $name for now, mark it deprecated, and name the day from which on it may be gone.",
            migrate=(
                "Wait until that day, and let every consumer leave $name; 'servanda usage $element' names those that "
                "did not."
            ),
            contract="Delete $name on that day or later, with the number and name of a field or value reserved.",
            before="$declaration",
            after="// Sunset: YYYY-MM-DD\n$deprecated",
        ),
    ),
    Rule(
        id="DEPRECATION_SUNSET_BEFORE_DELETE",
        purpose="Checks that nothing is deleted before its sunset.",
        why="Consumers planned their move for the promised date, and those that have not moved yet break before it.",
        categories=(Category.DEPRECATION,),
        subject=Subject.STATE,
        handler=sunset_before_delete,
        severity=Severity.WARNING,
        breaks=None,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Put $kind $name back, with its deprecation and its sunset date.",
            migrate=(
                "Wait for the date, or ask every user of $name to leave earlier; 'servanda usage $element' names them."
            ),
            contract="Delete $name on its sunset date or later.",
            before="$declaration",
            after="$deprecated  // stays until its sunset",
        ),
    ),
    Rule(
        id="DEPRECATION_SUNSET_NO_ADVANCE",
        purpose="Checks that no sunset moves to an earlier date.",
        why="Consumers that planned for the later date lose the promised time.",
        categories=(Category.DEPRECATION,),
        subject=Subject.STATE,
        handler=sunset_no_advance,
        severity=Severity.WARNING,
        breaks=None,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Restore the later date in the comment of $name.",
            migrate=(
                "Ask every user of $name whether the earlier date is possible; 'servanda usage $element' names them."
            ),
            contract=(
                "Advance the sunset of $name when all of them have left, or simply delete it on the promised date."
            ),
            before="$declaration",
            after="// Sunset: the date that was promised\n$deprecated",
        ),
    ),
    Rule(
        id="DEPRECATION_SUNSET_NO_OVERDUE",
        purpose="Checks that nothing stays after its sunset.",
        why=(
            "A date that passes without consequence teaches consumers to ignore every sunset, and the provider goes "
            "on maintaining dead code."
        ),
        categories=(Category.DEPRECATION,),
        subject=Subject.STATE,
        handler=sunset_no_overdue,
        severity=Severity.WARNING,
        breaks=None,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Decide about $kind $name now: give its sunset a later date, or delete it.",
            migrate="Let the last consumers leave $name; 'servanda usage $element' names them.",
            contract="Delete $name, with the number and name of a field or value reserved.",
            before="$declaration",
            after="// Sunset: a date that still lies ahead\n$deprecated",
        ),
    ),
    Rule(
        id="DEPRECATION_SUNSET_IS_DATE",
        purpose="Checks that sunsets are dates.",
        why=(
            "Nobody can tell when a text such as 'next year' has come, so no consumer plans for it and no check "
            "reminds of it."
        ),
        categories=(Category.DEPRECATION,),
        subject=Subject.STATE,
        handler=sunset_is_date,
        severity=Severity.WARNING,
        breaks=None,
        effect=MAY_AFFECT_USERS,
        remedy=Remedy(
            expand="Write the sunset of $name as YYYY-MM-DD, such as 2027-01-31.",
            migrate="Tell every user of $name the date; 'servanda usage $element' names them.",
            contract="Delete $name on that date or later.",
            before="$declaration",
            after="// Sunset: YYYY-MM-DD\n$deprecated",
        ),
    ),
)
