"""The subjects of rules about protobuf, and where an objection to one stands."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from google.protobuf.descriptor_pb2 import DescriptorProto
from google.protobuf.message import Message

from servanda.interfaces.protobuf.constraints.predefined import changed_rules
from servanda.interfaces.protobuf.constraints.shifts import Shifts
from servanda.interfaces.protobuf.options import Options
from servanda.interfaces.protobuf.reachability import Reach
from servanda.interfaces.protobuf.rules.routes import Routes
from servanda.interfaces.protobuf.schema import Element, File, State
from servanda.interfaces.protobuf.schema.difference import Difference, difference, leading_to
from servanda.interfaces.rule import Objection


class Subject(enum.StrEnum):
    """The thing that a rule compares: pairs of elements that are the same in both states, or the states as a whole.

    ``FIELD_OPTIONS`` are the fields whose options differ, or mean something else.
    """

    STATE = "state"
    FILE = "file"
    MESSAGE = "message"
    FIELD = "field"
    FIELD_OPTIONS = "field-options"
    ENUM = "enum"
    ENUM_VALUE = "enum-value"
    SERVICE = "service"
    METHOD = "method"


@dataclass(frozen=True, slots=True)
class Conventions:
    """Conventions of a repository that its descriptors do not hold.

    Attributes:
        event_option: Full name of the message option that marks an event; empty if none does. Its type has the fields
            ``topic``, ``key``, ``headers`` and ``retention_hours``.
        today: The date that sunset dates are held against; ``None`` leaves the past and the future alone.
    """

    event_option: str = ""
    today: dt.date | None = None


NO_CONVENTIONS = Conventions()


@dataclass(frozen=True)
class Comparison:
    """The two states of a workspace.

    Rules of a kind other than ``STATE`` are handed pairs of what :attr:`difference` concerns: where nothing changed
    there is nothing to object to. A rule that looks at whole states pays for every file that it parses.
    """

    previous: State
    current: State
    conventions: Conventions = NO_CONVENTIONS

    @cached_property
    def options(self) -> tuple[Options, Options]:
        """Return readers of the custom options of either state."""
        return Options(self.previous), Options(self.current)

    @cached_property
    def routes(self) -> tuple[Routes, Routes]:
        """Return HTTP routes of either state."""
        before, after = self.options
        return Routes(self.previous, before), Routes(self.current, after)

    @cached_property
    def shifts(self) -> Shifts:
        """Return what fields and messages accept less or more than before."""
        before, after = self.options
        return Shifts((self.previous, before), (self.current, after))

    @cached_property
    def reach(self) -> tuple[Reach, Reach]:
        """Return what consumers read and write in either state, as far as it leads to files that differ.

        It parses what differs and whatever imports that, so ask only when something changed.
        """
        events = self.conventions.event_option
        options = self.options
        previous, current = leading_to(self.difference, self.previous, self.current, self.changed_rules)
        before, differing = Reach(previous, options[0], events), self.differing
        same = previous.files.keys() & current.files.keys() - differing[0].files.keys() - differing[1].files.keys()
        return before, Reach(current, options[1], events, before, same)

    @cached_property
    def changed_rules(self) -> frozenset[str]:
        """Return paths of files, imported ones included, in which rules that extend those of buf.validate changed."""
        return changed_rules(self.previous, self.current)

    @cached_property
    def difference(self) -> Difference:
        """Return the difference between the states."""
        return difference(self.previous, self.current)

    @property
    def differing(self) -> tuple[State, State]:
        """Return both states without the files that are equal in content and meaning."""
        return self.difference.previous, self.difference.current


Side = TypeVar("Side")


@dataclass(frozen=True, slots=True)
class Pair(Generic[Side]):
    """One element in both states."""

    previous: Side
    current: Side
    comparison: Comparison


def at_element(
    pair: Pair[Element[Any]],
    message: str,
    *,
    places: tuple[tuple[int, ...], ...] = ((),),
    name: str | None = None,
    label: str = "",
) -> Objection:
    """Return an objection at the current element, at the first of these parts of it that the source shows."""
    current, previous = pair.current, pair.previous
    span = next((found for place in places if (found := current.span(*place)) is not None), None)
    return Objection(current.file.path, span, name or current.full_name, message, previous.file.path, label=label)


def at_option(
    pair: Pair[Element[Any]],
    option: str,
    message: str,
    *,
    inner: tuple[int, ...] = (),
    name: str | None = None,
    example: str = "",
) -> Objection:
    """Return an objection at a custom option of the current element or at a part of it, else at the element."""
    current, previous = pair.current, pair.previous.file.path
    span = pair.comparison.options[1].span(current, option, *inner)
    return Objection(current.file.path, span, name or current.full_name, message, previous, example=example)


def at_file(pair: Pair[File], message: str, *place: int) -> Objection:
    """Return an objection at the current file, at a part of it if one is given and the source shows it."""
    span = pair.current.span(*place) if place else None
    return Objection(pair.current.path, span, pair.current.path, message, pair.previous.path)


def at_remains(
    gone: Element[Message], file: File | None, left: Mapping[str, Element[DescriptorProto]], message: str
) -> Objection:
    """Return an objection to something that is gone: at the innermost message that is left around it, else at its file.

    Args:
        gone: What is gone.
        file: The file that it was in, if that is still there.
        left: Messages that are left, by nested name.
        message: What happened.
    """
    outer = gone.nested_name
    while file is not None and "." in outer:
        outer = outer.rpartition(".")[0]
        around = left.get(outer)
        if around is not None:
            return Objection(around.file.path, around.span(), gone.full_name, message, gone.file.path)
    return Objection(file.path if file else "", None, gone.full_name, message, gone.file.path)
