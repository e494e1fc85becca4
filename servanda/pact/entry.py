"""An interaction as it is written in a pact file, with what every transport reads of it alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from servanda.documents import Table, Value
from servanda.errors import ContractError
from servanda.pact.document import Interaction, Part, ProviderState
from servanda.pact.parts import bodies, fields, generators, rules, tables
from servanda.verdict import Location

if TYPE_CHECKING:
    from servanda.pact.descriptors import Descriptors


class Named(TypedDict):
    """Fields of all interactions, as the arguments of their classes."""

    description: str
    location: Location
    states: tuple[ProviderState, ...]
    test: str
    pending: bool
    comments: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One interaction of a pact file.

    Attributes:
        table: What is written.
        location: Where that is.
        descriptors: The descriptor sets of the file by key; of one that cannot be read, why.
        version: Version of the specification that the file is written in, without what follows the first point.
    """

    table: Table
    location: Location
    descriptors: Mapping[str, Descriptors | ContractError]
    version: int = 4

    def named(self) -> Named:
        """Return what all interactions have."""
        comments = tables.table(self.table, "comments")
        return Named(
            description=self.table.name("description"),
            location=self.location,
            states=states(self.table),
            test=comments.text("testname", ""),
            pending=self.table.flag("pending", default=False),
            comments=texts(comments.raw.get("text")),
            name=self.table.text("key", ""),
        )

    @property
    def protobuf(self) -> Table:
        """Return the configuration that the protobuf plugin wrote into the interaction."""
        return self.table.table("pluginConfiguration").table("protobuf")

    def types(self) -> Descriptors:
        """Return the protobuf types that the interaction speaks of.

        Raises:
            ContractError: They are not in the file.
        """
        key = self.protobuf.text("descriptorKey", "")
        if key not in self.descriptors:
            raise ContractError(f"the descriptors '{key}' are not in the file", hint="record the interaction again")
        found = self.descriptors[key]
        if isinstance(found, ContractError):
            raise ContractError(found.what, hint="record the interaction again") from found
        return found

    def part(self, table: Table, expectations: Mapping[str, object]) -> Part:
        """Read a message: its contents, metadata, rules and generators.

        Args:
            table: Where they are written.
            expectations: What the consumer wrote for a protobuf message.
        """
        metadata = fields.metadata(table)
        return Part(
            body=bodies.of_contents(table, self.version, fields.content_type(metadata)),
            fields=metadata,
            rules=rules.of(table),
            generators=generators.of(table),
            expectations=expectations,
        )


def texts(comments: object) -> tuple[str, ...]:
    """Return the texts of a comment, which is a list of them or one."""
    found = comments if isinstance(comments, list) else [comments]
    return tuple(comment for comment in found if isinstance(comment, str) and comment)


Read: TypeAlias = Callable[[Entry], Interaction]
"""Reads an interaction of one transport; the error for one that cannot be understood is a ``ContractError``."""


def records(table: Table, key: str) -> tuple[Table, ...]:
    """Return a list of objects; empty if it is not there. A single object counts as a list of one."""
    found = table.get(key)
    if found is None:
        return ()
    return tuple(each.table() for each in found.items()) if isinstance(found.raw, list) else (found.table(),)


def states(table: Table) -> tuple[ProviderState, ...]:
    """Return the provider states of an interaction, as each version of the specification writes them.

    Raises:
        ContractError: They are written in another way.
    """
    found = table.get("providerStates")
    if found is not None and not isinstance(found.raw, str):
        several = tuple(_state(each) for each in (found.items() if isinstance(found.raw, list) else (found,)))
        if several:
            return tuple(state for state in several if state.name)
    # Version 1 of the specification has the last one.
    keys = ("providerStates", "providerState", "provider_state")
    single = next((table.text(key) for key in keys if isinstance(table.raw.get(key), str)), "")
    return (ProviderState(single),) if single else ()


def _state(written: Value) -> ProviderState:
    if isinstance(written.raw, str):
        return ProviderState(written.raw)
    state = written.table()
    return ProviderState(state.text("name", ""), MappingProxyType(dict(tables.table(state, "params").raw)))
