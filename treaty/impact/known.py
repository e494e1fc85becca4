"""Everything that a repository knows about its consumers, read from its contracts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from treaty import pact
from treaty.compatibility.inputs import Opener
from treaty.compatibility.releases import newest
from treaty.compatibility.schema import State
from treaty.configuration import Configuration
from treaty.impact import observations, pacts, provenance
from treaty.impact.catalogue import Catalogue
from treaty.impact.examples import Example
from treaty.impact.observations import Recording
from treaty.impact.openapi import uses as openapi
from treaty.impact.openapi.examined import Examined
from treaty.impact.openapi.observed import calls_of
from treaty.impact.openapi.operations import Operations
from treaty.impact.use import Observation, Usage, Use
from treaty.verdict import Consumer

_RECORDINGS = "usage"


def elements_of(states: Iterable[State]) -> frozenset[str]:
    """Full names of everything that any of these states declares."""
    return frozenset[str]().union(*(Catalogue(state).elements for state in states))


def recordings_folder(configuration: Configuration) -> Path:
    """Where recordings of consumers' tests are kept: beside the pacts."""
    return configuration.contracts.pacts.parent / _RECORDINGS


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
    for path in sorted(configuration.contracts.pacts.glob("*.json")):
        contract = replace(pact.load(path), path=_from_root(path, root))
        origin = provenance.of_file(path)
        uses += pacts.uses(contract, catalogues, origin)
        sent += pacts.examples(contract, origin)
    elements = elements_of(states)
    for recording in (each.of_rpcs() for each in _recordings(configuration, elements)):
        if recording.writes is not None:
            seen.append(recording.observation)
        uses += recording.uses()
    return Usage(uses, seen, sent)


def _recordings(configuration: Configuration, elements: Collection[str] | None = None) -> Iterator[Recording]:
    for path in sorted(recordings_folder(configuration).glob("*.json")):
        found = observations.load(path, elements)
        yield replace(found, observation=replace(found.observation, document=_from_root(path, configuration.root)))


def usage_of_document(configuration: Configuration, document: Examined) -> Usage:
    """All uses of an OpenAPI document that the repository's contracts over HTTP and its recordings prove.

    Raises:
        ContractError: A contract or recording cannot be read.
        InterfaceError: A reference in the document cannot be followed.
    """
    found = [(path, pact.load(path)) for path in sorted(configuration.contracts.pacts.glob("*.json"))]
    providers = document.providers(configuration, (contract.provider for _, contract in found))
    operations = Operations(document.previous, document.current)
    uses: list[Use] = []
    for path, contract in found:
        if contract.provider in providers:
            shown = replace(contract, path=_from_root(path, configuration.root))
            uses += openapi.uses(shown, operations, provenance.of_file(path))
    observed = [calls for each in _recordings(configuration) if (calls := calls_of(each, operations)) is not None]
    uses += (use for calls in observed for use in calls.uses())
    return Usage(
        uses,
        (calls.recording.observation for calls in observed),
        reach={calls.recording.observation.consumer: calls.reach(operations) for calls in observed},
    )


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


def _from_root(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _configured(configuration: Configuration) -> Iterator[str]:
    for name in configuration.pacticipants:
        service = configuration.services.get(name)
        if service is None or service.depends_on:
            yield name
