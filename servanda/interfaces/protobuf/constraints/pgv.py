"""Rules of protoc-gen-validate, read as the rules of protovalidate that mean the same.

Source: validate/validate.proto of protoc-gen-validate, and "Migrate from protoc-gen-validate" of the documentation of
protovalidate, which took over its names.
"""

from __future__ import annotations

from typing import Any, Final

from google.protobuf.message import Message

from servanda.protobuf_runtime import is_repeated

FIELD_RULES: Final = "validate.rules"
ONEOF_REQUIRED: Final = "validate.required"
MESSAGE_DISABLED: Final = "validate.disabled"
MESSAGE_IGNORED: Final = "validate.ignored"

_IGNORE_IF_ZERO, _IGNORE_ALWAYS = 1, 3
# Rules of protoc-gen-validate that stand for a setting of the field as a whole.
_REQUIRED, _IGNORE_EMPTY, _SKIP = "required", "ignore_empty", "skip"
_HEADER_NAME, _HEADER_VALUE = 1, 2


def translated(rules: Message, target: type[Message]) -> Message:
    """Return ``validate.FieldRules`` as ``buf.validate.FieldRules``.

    Args:
        rules: What is written.
        target: The class of ``buf.validate.FieldRules``.
    """
    found = target()
    _field(rules, found)
    return found


# ``Any``: classes of the state's own, of which nothing is known before.
def _field(rules: Any, target: Any) -> None:
    for kind, inner in rules.ListFields():
        if not isinstance(inner, Message):
            continue
        if getattr(inner, _REQUIRED, False):
            target.required = True
        if getattr(inner, _IGNORE_EMPTY, False):
            target.ignore = _IGNORE_IF_ZERO
        if getattr(inner, _SKIP, False):
            target.ignore = _IGNORE_ALWAYS
        # What is written for "message" says nothing else.
        if kind.name in target.DESCRIPTOR.fields_by_name:
            part = getattr(target, kind.name)
            _rules(inner, part)
            if not part.ListFields():
                target.ClearField(kind.name)


def _rules(rules: Any, target: Any) -> None:
    for field, value in rules.ListFields():
        known = target.DESCRIPTOR.fields_by_name.get(field.name)
        if known is None:
            continue
        if known.message_type is not None and known.message_type.name == "FieldRules":
            _field(value, getattr(target, field.name))
        elif known.message_type is not None:
            _same_bytes(value, getattr(target, field.name), many=is_repeated(known))
        elif is_repeated(known):
            getattr(target, field.name).extend(value)
        else:
            setattr(target, field.name, value)
    # Without "strict", protoc-gen-validate takes an empty name of a header as it takes an empty value.
    if getattr(rules, "well_known_regex", 0) == _HEADER_NAME and not getattr(rules, "strict", True):
        target.well_known_regex = _HEADER_VALUE


def _same_bytes(value: Any, target: Any, *, many: bool) -> None:
    for each in value if many else ():
        target.add().MergeFromString(each.SerializeToString())
    if not many:
        target.MergeFromString(value.SerializeToString())
