"""Messages of the new definition, as a provider fills them whose data stay what they were.

Values are placed by what their fields mean: a field means the same if it has the same full name, or if the edit says
which name it has now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from google.protobuf import json_format
from google.protobuf.message_factory import GetMessageClass

_WELL_KNOWN = "google.protobuf."
_RANGES = {
    kind: range(-(2 ** (bits - 1)), 2 ** (bits - 1)) if signed else range(2**bits)
    # Numbers of FieldDescriptor.TYPE_*: int, sint and sfixed; uint and fixed.
    for kind, bits, signed in (
        *((3, 64, True), (18, 64, True), (16, 64, True), (5, 32, True), (17, 32, True), (15, 32, True)),
        *((4, 64, False), (6, 64, False), (13, 32, False), (7, 32, False)),
    )
}


class LostError(Exception):
    """A value has no place in the new definition."""


@dataclass(frozen=True)
class Meaning:
    """New full names of elements that an edit renames or moves; a name with a dot at its end is a prefix."""

    moved: Mapping[str, str] = field(default_factory=dict)

    def name(self, former: str) -> str:
        """Return the name that an element has now."""
        if former in self.moved:
            return self.moved[former]
        prefixes = [each for each in self.moved if each.endswith(".") and former.startswith(each)]
        longest = max(prefixes, key=len, default="")
        return self.moved[longest] + former.removeprefix(longest) if longest else former

    def field(self, former: Any, message: Any) -> Any:
        """Return the field of a message that means what a former one did.

        Raises:
            LostError: There is none.
        """
        name = self.name(former.full_name)
        if name == former.full_name and message.full_name != former.containing_type.full_name:
            name = f"{message.full_name}.{former.name}"
        found = next((each for each in message.fields if each.full_name == name), None)
        if found is None:
            raise LostError(f"{former.full_name} is gone")
        return found


def project(former: Any, kind: Any, meaning: Meaning, *, twice: bool = False) -> Any:
    """Return the same data as a message of the new definition.

    Args:
        former: A message of the old definition; what it sets is placed.
        kind: Class of the new message.
        meaning: What fields are called now.
        twice: Whether a field that became a list holds a second value, as a provider's data do.

    Raises:
        LostError: A value has no place.
    """
    found = kind()
    for old, value in former.ListFields():
        new = meaning.field(old, found.DESCRIPTOR)
        _place(found, new, old, value, _How(meaning, twice))
    return found


@dataclass(frozen=True)
class _How:
    meaning: Meaning
    twice: bool


def _place(holder: Any, new: Any, old: Any, value: Any, how: _How) -> None:
    if _is_map(old) or _is_map(new):
        if not (_is_map(old) and _is_map(new)):
            raise LostError(f"{old.full_name} is a map in one state only")
        _place_map(getattr(holder, new.name), new, old, value, how)
        return
    values = list(value) if old.is_repeated else [value]
    converted = [_converted(each, old, new, how) for each in values]
    if not new.is_repeated:
        if len(converted) > 1:
            raise LostError(f"{old.full_name} has room for one value only")
        if new.message_type is not None:
            getattr(holder, new.name).CopyFrom(converted[0])
        else:
            setattr(holder, new.name, converted[0])
        return
    if how.twice and not old.is_repeated:
        converted.append(_other(converted[0], new))
    getattr(holder, new.name).extend(converted)


def _place_map(entries: Any, new: Any, old: Any, value: Mapping[Any, Any], how: _How) -> None:
    former, current = old.message_type.fields_by_name, new.message_type.fields_by_name
    for key, each in value.items():
        new_key = _converted(key, former["key"], current["key"], how)
        new_value = _converted(each, former["value"], current["value"], how)
        if current["value"].message_type is not None:
            entries[new_key].CopyFrom(new_value)
        else:
            entries[new_key] = new_value


def _set(message: Any, field: Any, value: Any) -> None:
    if field.message_type is not None:
        getattr(message, field.name).CopyFrom(value)
    else:
        setattr(message, field.name, value)


def _is_map(each: Any) -> bool:
    return bool(each.message_type is not None and each.message_type.GetOptions().map_entry)


def _other(value: Any, new: Any) -> Any:
    if new.message_type is not None:
        other = type(value)()
        other.CopyFrom(value)
        for field, inner in value.ListFields():
            if not field.is_repeated and field.enum_type is None:
                _set(other, field, _other(inner, field))
        return other
    return not value if isinstance(value, bool) else value * 2 if not isinstance(value, int) else value ^ 1


def _converted(value: Any, old: Any, new: Any, how: _How) -> Any:
    if old.message_type is not None or new.message_type is not None:
        return _message(value, old, new, how)
    if old.enum_type is not None:
        known = old.enum_type.values_by_number.get(value)
        if known is None:
            raise LostError(f"{old.full_name} holds an unnamed value")
        if new.enum_type is not None:
            return _enum_value(old.enum_type, known.name, new.enum_type, how.meaning)
        value = known.name if new.type == new.TYPE_STRING else value
    elif new.enum_type is not None:
        named = new.enum_type.values_by_name.get(value) if isinstance(value, str) else None
        number = named.number if named is not None else value
        if not isinstance(number, int) or number not in new.enum_type.values_by_number:
            raise LostError(f"{old.full_name} has a value that the enum does not have")
        return int(number)
    return _scalar(value, old, new)


def _enum_value(old: Any, name: str, new: Any, meaning: Meaning) -> int:
    former = f"{old.full_name}.{name}"
    now = meaning.name(former).rpartition(".")[2]
    if now not in new.values_by_name:
        raise LostError(f"{former} is gone")
    return int(new.values_by_name[now].number)


def _message(value: Any, old: Any, new: Any, how: _How) -> Any:
    if old.message_type is None or new.message_type is None:
        return _scalar(_told(value), old, new) if old.message_type is not None else _wrapped(value, old, new)
    if _is_well_known(new) and new.message_type.full_name == old.message_type.full_name:
        return GetMessageClass(new.message_type).FromString(value.SerializeToString())
    return project(value, GetMessageClass(new.message_type), how.meaning, twice=how.twice)


def _is_well_known(each: Any) -> bool:
    return bool(each.message_type.full_name.startswith(_WELL_KNOWN))


def _told(value: Any) -> Any:
    """Return what a message of google.protobuf is in JSON; of any other message nothing can be made."""
    if not value.DESCRIPTOR.full_name.startswith(_WELL_KNOWN):
        raise LostError(f"a {value.DESCRIPTOR.full_name} is no scalar")
    return json_format.MessageToDict(value)


def _wrapped(value: Any, old: Any, new: Any) -> Any:
    if not _is_well_known(new):
        raise LostError(f"{old.full_name} is a message now")
    try:
        return json_format.ParseDict(value, GetMessageClass(new.message_type)())
    except (json_format.ParseError, TypeError, AttributeError) as error:
        raise LostError(f"{old.full_name} cannot be written as {new.message_type.full_name}") from error


def _scalar(value: Any, old: Any, new: Any) -> Any:
    if new.type == new.TYPE_STRING:
        return _text(value, old)
    if new.type == new.TYPE_BYTES and isinstance(value, str | bytes):
        return value.encode() if isinstance(value, str) else value
    if new.type == new.TYPE_BYTES or isinstance(value, bytes):
        raise LostError(f"{old.full_name} cannot be written as bytes or read from them")
    return _as_number(_number(value, old), old, new)


def _as_number(number: float, old: Any, new: Any) -> float | int:
    if new.type == new.TYPE_BOOL:
        if number not in (0, 1):
            raise LostError(f"{old.full_name} is neither true nor false")
        return bool(number)
    if new.type in (new.TYPE_DOUBLE, new.TYPE_FLOAT):
        return float(number)
    if number != number // 1:
        raise LostError(f"{old.full_name} is no whole number")
    if int(number) not in _RANGES[new.type]:
        raise LostError(f"{old.full_name} is out of range")
    return int(number)


def _text(value: Any, old: Any) -> str:
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError as error:
            raise LostError(f"{old.full_name} is no text") from error
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def _number(value: Any, old: Any) -> float | int:
    if not isinstance(value, str):
        number: float = value
        return int(number) if isinstance(number, bool) else number
    try:
        return float(value) if "." in value else int(value)
    except ValueError as error:
        raise LostError(f"{old.full_name} is no number") from error
