"""All elements of the protobuf interface, by package and by topic."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from servanda.configuration import Events
from servanda.interfaces.effect import Access
from servanda.interfaces.protobuf.schema import State
from servanda.interfaces.protobuf.usage.catalogue import Catalogue
from servanda.interfaces.protobuf.usage.events import EventTypes
from servanda.interfaces.protobuf.usage.proven import before_the_change, elements_of, interface_of, usage_of
from servanda.interfaces.usage.inventory import Inventory, Listed
from servanda.interfaces.usage.sources import Sources
from servanda.interfaces.usage.use import Usage


def inventory(sources: Sources, cache: Path) -> Inventory:
    """Return the present interface, with what contracts and usage logs prove of its use.

    Args:
        sources: The contracts and usage logs.
        cache: Where compiled interfaces are kept.

    Raises:
        InterfaceError: The interface does not compile.
    """
    configuration = sources.configuration
    states = (*interface_of(configuration, cache), *before_the_change(configuration, cache))
    return listing(states, lambda: usage_of(sources, states), configuration.events, str(configuration.interfaces.root))


def listing(states: Sequence[State], read: Callable[[], Usage], events: Events, place: str) -> Inventory:
    """Return the elements of an interface.

    Args:
        states: The present state, then others in which there may be elements that are gone.
        read: Reads what is known of their use.
        events: How events are declared.
        place: Where the interface is defined.
    """
    present = Catalogue(states[0])
    groups = _groups(states[0], present, events)
    listed = present.elements - present.options - present.synthetic_oneofs
    return Inventory(
        place=place,
        elements=tuple(_listed(name, groups) for name in sorted(listed)),
        read=read,
        silent=partial(_open_values, present),
        former=tuple(_listed(name, groups) for name in sorted(elements_of(states) - listed)),
    )


def _groups(state: State, present: Catalogue, events: Events) -> Mapping[str, str]:
    """Return packages by their names, and topics by the messages of their events."""
    packages = {file.proto.package: file.proto.package for file in state.files.values()}
    declared = EventTypes(state, present, events).declared
    return packages | {name: told.topic for name, told in declared.items() if told.topic}


def _listed(name: str, groups: Mapping[str, str]) -> Listed:
    around = _around(name)
    group = next((groups[each] for each in around if each in groups), "")
    is_event = name in groups and groups[name] != name
    return Listed(name, name, group, alias=group if is_event else "")


def _around(name: str) -> Sequence[str]:
    """Return a name and those of all that it is in, the closest first."""
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(len(parts), 0, -1)]


def _open_values(present: Catalogue, usage: Usage) -> frozenset[str]:
    """Return the values of enums that somebody reads: which of them come is the provider's business."""
    read = {enum for enum in present.enums if any(use.access is Access.READ for use in usage.of([enum]))}
    return frozenset(name for name in present.elements if name.rpartition(".")[0] in read)
