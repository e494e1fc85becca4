"""Comparison of formats: what becomes of values that one version wrote and the other one reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

from servanda.interfaces.openapi.admission.bounds import Bounds
from servanda.interfaces.values.change import Change, Edit
from servanda.interfaces.values.format import Content, Format, Formats, Policy, RedisType
from servanda.interfaces.values.schemas import schema_changes

_OF_THE_OLD: Final = frozenset(
    {Edit.SCHEMA_WIDENED, Edit.FIELD_DELETED, Edit.TTL_DELETED, Edit.TTL_LENGTHENED, Edit.TTL_ADDED}
)
"""Edits that those hit who read before the change; all others also those who read since."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """One format in both states."""

    before: Format
    after: Format

    @property
    def policy(self) -> Policy:
        """Return the stricter policy: a change cannot excuse itself."""
        return Policy.FULL if Policy.FULL in (self.before.policy, self.after.policy) else Policy.COLD_ON_CHANGE

    def change(self, edit: Edit, told: str, *inner: str, part: str = "", example: str = "") -> Change:
        """Return a change of the format, or of a part of it."""
        hit = self.before.readers if edit in _OF_THE_OLD else (*self.before.readers, *self.after.readers)
        return Change(
            edit,
            f"{self.before.element}{part}",
            told,
            self.after.span(*inner),
            hit=tuple(dict.fromkeys(hit)),
            is_rolling=bool({*self.after.writers} & {*self.before.readers, *self.after.readers}),
            example=example,
        )


def compare(previous: Formats, current: Formats, bounds: Bounds) -> tuple[Change, ...]:
    """Return all changes that hit somebody.

    Raises:
        InterfaceError: A schema is none.
    """
    return tuple(_changes(previous, current, bounds))


def _changes(previous: Formats, current: Formats, bounds: Bounds) -> Iterator[Change]:
    for before in previous.all:
        after = _same(before, current)
        if after is not None:
            yield from _of_pair(_Pair(before, after), bounds)
        elif before.readers:
            told = f"Format {before.element} was deleted, and {_listed(before.readers)} read it"
            span = before.span()
            yield Change(Edit.FORMAT_DELETED, before.element, told, span, is_gone=True, hit=before.readers)
    yield from _overlaps(previous, current)


def _same(before: Format, current: Formats) -> Format | None:
    """Return what a format has become: it has its name, or has another one and the same keys."""
    named = (each for each in current.all if each.element == before.element)
    alike = (each for each in current.all if each.key.shape == before.key.shape)
    return next(named, None) or next(alike, None)


def _of_pair(pair: _Pair, bounds: Bounds) -> Iterator[Change]:
    before, after = pair.before, pair.after
    if before.readers and after.readers and before.writers and not after.writers:
        told = f"Nobody writes {before.element} any more, and {_listed(after.readers)} read it"
        yield pair.change(Edit.WRITERS_DELETED, told, "writers")
    for reader in before.readers:
        if reader not in after.readers:
            told = f"{reader} is no reader of {before.element} any more, but its live version still is one"
            yield replace(pair.change(Edit.READER_DELETED, told, "readers"), hit=(reader,))
    if before.key.shape != after.key.shape:
        if pair.policy is Policy.FULL or before.key.prefix == after.key.prefix:
            told = f"Keys of {before.element} changed from '{before.key.text}' to '{after.key.text}'"
            yield pair.change(Edit.KEY_CHANGED, told, "key")
        return
    yield from _lifetime(pair)
    values = tuple(_values(pair, bounds))
    if values and pair.policy is Policy.COLD_ON_CHANGE:
        told = f"The prefix '{after.key.prefix}' stays, and the values change: {_joined(values)}"
        yield pair.change(Edit.NOT_MOVED, told, "key")
    elif values:
        yield from values


def _lifetime(pair: _Pair) -> Iterator[Change]:
    was, is_now, name = pair.before.ttl, pair.after.ttl, pair.before.element
    if RedisType.CHANNEL in (pair.before.type, pair.after.type) or was == is_now:
        return
    if is_now is None:
        yield pair.change(Edit.TTL_DELETED, f"Values of {name} stay for ever; they went after {was} s", "ttl")
    elif was is None:
        yield pair.change(Edit.TTL_ADDED, f"Values of {name} go after {is_now} s; they stayed for ever", "ttl")
    elif is_now > was:
        yield pair.change(Edit.TTL_LENGTHENED, f"Values of {name} stay for {is_now} s; it was {was} s", "ttl")


def _values(pair: _Pair, bounds: Bounds) -> Iterator[Change]:
    before, after = pair.before, pair.after
    if before.type is not after.type:
        yield pair.change(
            Edit.TYPE_CHANGED, f"Type of {before.element} changed from {before.type} to {after.type}", "type"
        )
        return
    for name, was in before.contents.items():
        is_now = after.contents.get(name)
        if is_now is None:
            if was.is_required:
                told = f"Field '{name}' of {before.element} was deleted"
                yield pair.change(Edit.FIELD_DELETED, told, "fields", part=f".{name}")
            continue
        yield from _presence(pair, name, was, is_now)
        yield from _contents(pair, name, was, is_now, bounds)
    for name, is_now in after.contents.items():
        if name not in before.contents and is_now.is_required:
            told = f"Field '{name}' of {before.element} is new and required"
            yield pair.change(Edit.FIELD_REQUIRED, told, "fields", name, part=f".{name}")


def _presence(pair: _Pair, name: str, was: Content, is_now: Content) -> Iterator[Change]:
    if was.is_required == is_now.is_required:
        return
    edit, what = (
        (Edit.FIELD_DELETED, "is required no more") if was.is_required else (Edit.FIELD_REQUIRED, "became required")
    )
    yield pair.change(edit, f"Field '{name}' of {pair.before.element} {what}", "fields", name, part=f".{name}")


def _contents(pair: _Pair, name: str, was: Content, is_now: Content, bounds: Bounds) -> Iterator[Change]:
    part = f".{name}" if name else ""
    inner = is_now.pointer[2:]
    if was.shown != is_now.shown:
        told = f"Content of {pair.before.element}{part} changed from {was.shown} to {is_now.shown}"
        yield pair.change(Edit.CONTENT_CHANGED, told, *inner, "content", part=part)
        return
    where = str(pair.after.span(*inner, "schema").start)
    for each in schema_changes(was.schema, is_now.schema, where, bounds):
        told = f"Schema of {pair.before.element}{part}, {each.told}"
        inside = f"{part}{each.place}" if each.place != "#" else part
        yield pair.change(each.edit, told, *inner, "schema", *each.pointer, part=inside, example=each.example)


def _overlaps(previous: Formats, current: Formats) -> Iterator[Change]:
    known = {(one.key.shape, other.key.shape) for one, other in _overlapping(previous)}
    for one, other in _overlapping(current):
        if (one.key.shape, other.key.shape) not in known:
            told = f"Keys '{other.key.text}' of {other.element} and '{one.key.text}' of {one.element} can be the same"
            hit = tuple(dict.fromkeys((*one.readers, *other.readers)))
            yield Change(Edit.OVERLAP, other.element, told, other.span("key"), hit=hit)


def _overlapping(formats: Formats) -> Iterator[tuple[Format, Format]]:
    for one, other in combinations(formats.all, 2):
        # Channels are no keys: one may be called as a key is.
        is_channel = (one.type is RedisType.CHANNEL, other.type is RedisType.CHANNEL)
        if is_channel[0] == is_channel[1] and one.key.overlaps(other.key):
            yield one, other


def _joined(changes: tuple[Change, ...]) -> str:
    return "; ".join(f"{each.told[0].lower()}{each.told[1:]}" for each in changes)


def _listed(services: tuple[str, ...]) -> str:
    return " and ".join(services)
