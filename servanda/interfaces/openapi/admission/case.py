"""One case of a schema: values of one JSON type, and all that they have to keep at the same time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from servanda.documents import Pointer
from servanda.interfaces.limit import Limits
from servanda.interfaces.openapi.document import Node

Term: TypeAlias = tuple[Node, ...]
"""Schemas that have to hold together, as they stand; there is at least one."""
Key: TypeAlias = tuple[int, Pointer, int]
"""What tells a node of one document from every other node, and from those of another document."""
KINDS: Final = ("null", "boolean", "number", "string", "array", "object")
"""The types of JSON; whole numbers are numbers."""


def key(node: Node) -> Key:
    """Return what tells a node from every other one, as long as its value is kept.

    What was rewritten to be compared stands at the place of another one.
    """
    return id(node.document), node.pointer, id(node.value)


def keys(term: Term) -> frozenset[Key]:
    """Return what tells a term from every other one; schemas that admit everything say nothing."""
    return frozenset(key(node) for node in term if not admits_everything(node))


def admits_everything(node: Node) -> bool:
    """Tell whether a schema is written in a form that admits everything."""
    return node.value is True or node.value == {}


def is_open(term: Term) -> bool:
    """Tell whether a term admits everything, as it is written."""
    return all(map(admits_everything, term))


def anything(node: Node, keyword: str) -> Term:
    """Return what is demanded where the schema at a node does not have a keyword."""
    return (Node({}, (*node.pointer, keyword), node.document),)


def nothing(node: Node) -> Term:
    """Return the demand that nothing keeps."""
    return (Node(False, (*node.pointer, "not"), node.document),)


def joined(*terms: Term) -> Term:
    """Return what several terms demand together."""
    nodes = {key(node): node for term in terms for node in term if not admits_everything(node)}
    return tuple(nodes.values()) or terms[0]


@dataclass(frozen=True, slots=True)
class Tag:
    """Values of the property by which a discriminator leads to an alternative.

    Attributes:
        name: The property.
        values: The values, as JSON.
        is_mapped: Whether the discriminator lists them; else the name of the schema is the value.
    """

    name: str
    values: frozenset[str]
    is_mapped: bool


@dataclass(frozen=True, slots=True)
class Rivals:
    """Alternatives of a ``oneOf``, of which one alone may match."""

    terms: tuple[Term, ...]
    own: int

    @property
    def others(self) -> tuple[Term, ...]:
        """Return those that may not match."""
        return self.terms[: self.own] + self.terms[self.own + 1 :]


@dataclass(frozen=True, slots=True)
class Case:
    """Values of one type that are admitted.

    Attributes:
        kind: Their JSON type.
        node: Where the schema stands that they are told of.
        alternative: The alternative that they come from, as it stands; ``None`` if they come from no choice.
        choice: The keyword of that choice.
        values: The only values, as JSON, if they are listed.
        excluded: Values that are not admitted, as JSON.
        is_whole: Whether numbers have no fraction.
        formats: Formats that strings or numbers have.
        limits: Limits by name.
        properties: Properties of objects.
        hidden: Properties that this side of a call does not have.
        required: Properties that have to be there.
        additional: What other properties have to keep; ``None`` forbids them.
        items: What items of arrays have to keep.
        opaque: Keywords that are compared as a whole, with what they say as JSON.
        tags: What discriminators say.
        rivals: What may not match as well.
        is_denied: Whether it is one of several that are left by a ``not``.
    """

    kind: str
    node: Node
    alternative: Node | None = None
    choice: str = ""
    values: frozenset[str] | None = None
    excluded: frozenset[str] = frozenset()
    is_whole: bool = False
    formats: frozenset[str] = frozenset()
    limits: Limits = field(default_factory=dict)
    properties: Mapping[str, Term] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    additional: Term | None = None
    items: Term = ()
    opaque: Mapping[str, frozenset[str]] = field(default_factory=dict)
    tags: tuple[Tag, ...] = ()
    rivals: tuple[Rivals, ...] = ()
    is_denied: bool = False

    def of(self, name: str) -> Term | None:
        """Return what a property has to keep; ``None`` if it is forbidden."""
        return self.properties.get(name, self.additional)

    @property
    def is_closed(self) -> bool:
        """Tell whether objects may have no other properties than the listed ones."""
        return self.additional is None


def everything(node: Node) -> tuple[Case, ...]:
    """Return the cases of a schema that admits everything."""
    found = (Node({}, node.pointer, node.document),)
    truth = {"boolean": frozenset({"true", "false"})}
    return tuple(Case(kind, node, values=truth.get(kind), additional=found, items=found) for kind in KINDS)
