"""Everything that a repository knows about its consumers, read from its contracts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from servanda import pact
from servanda.compatibility.inputs import Opener
from servanda.compatibility.releases import newest
from servanda.compatibility.schema import State
from servanda.configuration import Configuration
from servanda.documents import Boundary, files_in
from servanda.errors import ContractError
from servanda.impact import observations, pacts, provenance
from servanda.impact.catalogue import Catalogue
from servanda.impact.examples import Example
from servanda.impact.observations import Recording
from servanda.impact.use import Observation, Usage, Use
from servanda.verdict import Consumer

_RECORDINGS = "usage"


def elements_of(states: Iterable[State]) -> frozenset[str]:
    """Full names of everything that any of these states declares."""
    return frozenset[str]().union(*(Catalogue(state).elements for state in states))


def recordings_folder(configuration: Configuration) -> Path:
    """Where recordings of consumers' tests are kept: beside the pacts.

    Raises:
        ContractError: The folder is a link that leads out of the tree.
    """
    folder = configuration.contracts.pacts.parent / _RECORDINGS
    Boundary.around(configuration.root, ContractError).inside(folder)
    return folder


def usage_of(configuration: Configuration, states: Sequence[State]) -> Usage:
    """All uses of the interface that the repository's contracts and recordings prove.

    Paths in the evidence are relative to the configuration's root.

    Args:
        configuration: Says where the contracts are; no folder means that no consumer is known.
        states: States of the interface; a contract may speak of any of them.

    Raises:
        ContractError: A contract or recording cannot be read, or names what none of the states has.
    """
    catalogues = [Catalogue(state) for state in states]
    uses: list[Use] = []
    seen: list[Observation] = []
    sent: list[Example] = []
    root = configuration.root
    for path in files_in(configuration.contracts.pacts, "*.json", ContractError):
        contract = replace(pact.load(path), path=from_root(path, root))
        origin = provenance.of_file(path)
        uses += pacts.uses(contract, catalogues, origin)
        sent += pacts.examples(contract, origin)
    elements = elements_of(states)
    for recording in (each.of_rpcs() for each in recordings_of(configuration, elements)):
        if recording.writes is not None:
            seen.append(recording.observation)
        uses += recording.uses()
    return Usage(uses, seen, sent)


def recordings_of(configuration: Configuration, elements: Collection[str] | None = None) -> Iterator[Recording]:
    """All recordings of consumers' tests, with their paths from the configuration's root.

    Args:
        configuration: Says where they are.
        elements: Full names of the elements that exist; if given, every element of a recording has to be among them.

    Raises:
        ContractError: A recording cannot be read, or names an element that does not exist.
    """
    for path in files_in(recordings_folder(configuration), "*.json", ContractError):
        found = observations.load(path, elements)
        yield replace(found, observation=replace(found.observation, document=from_root(path, configuration.root)))


def interface_of(configuration: Configuration, cache: Path) -> tuple[State, ...]:
    """The states that contracts may speak of: the present one, and the newest release if there is one.

    Args:
        configuration: Says where the interfaces and their releases are.
        cache: Where compiled interfaces are kept.

    Raises:
        InterfaceError: The interfaces do not compile, or the release cannot be read.
    """
    opener = Opener(configuration.root, cache)
    latest = newest(configuration.interfaces.releases)
    inputs = [configuration.interfaces.root, *([latest] if latest is not None else [])]
    return tuple(opener.open(str(path)).state for path in inputs)


def consumers(configuration: Configuration, usage: Usage) -> tuple[Consumer, ...]:
    """Everybody who may use an interface, with the owner to talk to.

    These are all who prove a use, all who were observed, and all who are configured as somebody that consumes: parties
    that are no service, and services that depend on another.
    """
    names = set(usage.consumers) | set(_configured(configuration))
    owners = {name: party.owner for name, party in configuration.pacticipants.items()}
    return tuple(Consumer(name, owners.get(name, "")) for name in sorted(names))


def from_root(path: Path, root: Path) -> str:
    """A path relative to the configuration's root; one that lies elsewhere as it is."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _configured(configuration: Configuration) -> Iterator[str]:
    for name in configuration.pacticipants:
        service = configuration.services.get(name)
        if service is None or service.depends_on:
            yield name
