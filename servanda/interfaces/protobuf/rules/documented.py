"""Meanings of a field that is not set, by its comment or by its enum."""

from __future__ import annotations

import re

from google.protobuf.descriptor_pb2 import FieldDescriptorProto

from servanda.interfaces.protobuf.rules.prose import changes_behaviour, has_to_be_true, meanings, names_effect
from servanda.interfaces.protobuf.schema import Element, State
from servanda.interfaces.protobuf.schema.features import Type

_NO_VALUE = re.compile(r"(_|^)(UNSPECIFIED|UNKNOWN|UNDEFINED|UNSET|UNCHANGED|INVALID|ERROR|NONE|DEFAULT)(_|$)")


def effect_of_zero(field: Element[FieldDescriptorProto], comment: str, state: State) -> str:
    """Return why the zero value of a field changes what happens; empty if nothing says that it does.

    Args:
        field: The field.
        comment: What its comment says.
        state: The state that it is in.
    """
    said = next((meaning.text for meaning in meanings(comment) if changes_behaviour(meaning)), "")
    if said:
        return f"its zero value means {said!r}"
    if field.proto.type == Type.TYPE_BOOL and has_to_be_true(comment):
        return "its comment says that true keeps what happens today"
    if field.proto.type != Type.TYPE_ENUM:
        return ""
    declared = state.enum(field.proto.type_name.removeprefix("."), field.file.path)
    first = declared.value[0].name if declared is not None and declared.value else ""
    is_action = names_effect(first.replace("_", " ")) and not _NO_VALUE.search(first)
    return f"its zero value is {first}" if is_action else ""


def changed_meaning(former: str, present: str) -> str:
    """Return what two comments say of the field that is not set, as the end of a sentence; empty if they agree."""
    before, after = ([each for each in meanings(comment) if not each.is_prose] for comment in (former, present))
    gone = [each for each in before if each.values not in {other.values for other in after}]
    new = [each for each in after if each.values not in {other.values for other in before}]
    # A meaning that is not told any more, or told now, is no other one.
    return f"meant {gone[0].text!r} and now means {new[0].text!r}" if gone and new else ""
