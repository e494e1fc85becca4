"""Fields that validators do not look into: whatever rules there are inside, they refuse nothing that comes this way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from google.protobuf.descriptor_pb2 import DescriptorProto

from servanda.interfaces.protobuf.compiler import VALIDATE
from servanda.interfaces.protobuf.constraints import pgv
from servanda.interfaces.protobuf.options import FIELD_RULES, Options
from servanda.interfaces.protobuf.schema import File

Way = tuple[str, str]
"""Full name of a message, and of the type of one of its fields."""

_IGNORE_ALWAYS: Final = 3
_OLDER: Final = "validate/validate.proto"


def closed_ways(files: Iterable[File], options: Options) -> frozenset[Way]:
    """Return the ways from messages to types of their fields that no validator takes.

    Where rules of both kinds are in use, ``buf.validate`` and those of protoc-gen-validate, one of the two validators
    may look where the other does not: nothing is closed then.

    Args:
        files: The files of a state, imported ones included.
        options: Reader of their options.
    """
    known = tuple(files)
    imported = {path for file in known for path in file.dependencies}
    kinds = [name for path, name in ((VALIDATE, FIELD_RULES), (_OLDER, pgv.FIELD_RULES)) if path in imported]
    if len(kinds) != 1:
        return frozenset()
    using = (file for file in known if file.mentions(b"validate"))
    return frozenset(
        way
        for file in using
        for each in file.messages.values()
        for way in _closed(each.full_name, each.proto, options, kinds[0])
    )


def _closed(name: str, message: DescriptorProto, options: Options, kind: str) -> Iterator[Way]:
    """Yield the ways of one message that are closed by every field of the type."""
    types = [(field.type_name.removeprefix("."), field) for field in message.field if field.type_name]
    opened = {to for to, field in types if not _is_closed(options.message_in(field, kind))}
    return ((name, to) for to, _ in types if to not in opened)


# ``Any``: classes of the state's own, of which nothing is known before, not even whether they have these fields.
def _is_closed(rules: Any) -> bool:
    items = getattr(getattr(rules, "repeated", None), "items", None)
    values = getattr(getattr(rules, "map", None), "values", None)
    return any(_is_ignored(each) for each in (rules, items, values))


def _is_ignored(rules: Any) -> bool:
    return getattr(rules, "ignore", None) == _IGNORE_ALWAYS or getattr(getattr(rules, "message", None), "skip", False)
