"""Rules as their definition has them: unlike the words of the validator, these change with the definition alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from google.protobuf import text_format
from google.protobuf.message import Message

from servanda.protobuf_runtime import is_repeated

_EXPRESSIONS: Final = frozenset({"cel", "cel_expression"})


def demand(sets: Iterable[Message], names: Sequence[str], place: Sequence[int]) -> str:
    """Return a rule with its value, for example ``string.max_len 4``; of an expression the expression itself.

    Args:
        sets: The sets of rules that it is in.
        names: Names that lead to it.
        place: Its source path within its set: numbers of fields, and indices of expressions.
    """
    named = ".".join(names)
    said = next(filter(None, (_value(rules, list(place)) for rules in sets)), "")
    return f"{named} {said}".strip()


def expression(sets: Iterable[Message], identifier: str) -> str:
    """Return an expression about a message as a whole by its identifier; of another rule the identifier."""
    for field, value in (each for rules in sets for each in rules.ListFields() if each[0].name in _EXPRESSIONS):
        for rule in value:
            if identifier == (rule if isinstance(rule, str) else rule.id):
                return f"{field.name} {_in_one_line(rule)}"
    return identifier


def _value(rules: Message, place: Sequence[int]) -> str:
    # ``Any``: a value of whatever type the field has; a list until its index follows.
    value: Any = rules
    field: Any = None
    for number in place:
        if isinstance(value, Message):
            field, value = next((each for each in value.ListFields() if each[0].number == number), (None, None))
        else:
            listed = value if is_repeated(field) else ()
            value = listed[number] if number < len(listed) else None
        if value is None:
            return ""
    if field is None:
        return ""
    every = value if is_repeated(field) and not isinstance(value, (str, Message)) else (value,)
    return ", ".join(_shown(field, each) for each in every)


def _shown(field: Any, value: Any) -> str:
    if field.name in _EXPRESSIONS:
        return _in_one_line(value)
    if isinstance(value, Message):
        return f"{{{text_format.MessageToString(value, as_one_line=True, as_utf8=True)}}}"
    if field.enum_type is not None:
        known = field.enum_type.values_by_number.get(value)
        return known.name if known is not None else str(value)
    return "" if value is True else repr(value)


def _in_one_line(rule: Any) -> str:
    return repr(" ".join((rule if isinstance(rule, str) else rule.expression).split()))
