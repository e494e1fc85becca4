"""Use of the protobuf interfaces, as far as the repository proves it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from servanda.configuration import Configuration
from servanda.errors import InterfaceError
from servanda.interfaces.effect import Access
from servanda.interfaces.inputs.git import merge_base
from servanda.interfaces.protobuf.inputs import Opener
from servanda.interfaces.protobuf.releases import newest
from servanda.interfaces.protobuf.schema import State
from servanda.interfaces.protobuf.usage import pacts
from servanda.interfaces.protobuf.usage.catalogue import Catalogue
from servanda.interfaces.protobuf.usage.events import EventReach, EventTypes
from servanda.interfaces.protobuf.usage.examples import Example
from servanda.interfaces.protobuf.usage.pacts import KnownState
from servanda.interfaces.protobuf.usage.reach import Reach
from servanda.interfaces.protobuf.usage.recorded import Recorded
from servanda.interfaces.usage.exchange import EVERYTHING, Side
from servanda.interfaces.usage.log import UsageLog
from servanda.interfaces.usage.sources import Sources
from servanda.interfaces.usage.use import USAGE_LOG, Observation, Unmapped, Usage, Use
from servanda.verdict import Transport


def usage_of(sources: Sources, states: Sequence[State]) -> Usage:
    """Read all uses of the interface that the repository's contracts and usage logs prove.

    Args:
        sources: The contracts and usage logs.
        states: States of the interface; a contract may speak of any of them.

    Raises:
        ContractError: A contract or usage log cannot be read, or names what none of the states has.
    """
    catalogues = [Catalogue(state) for state in states]
    known = [
        KnownState(catalogue, EventTypes(state, catalogue, sources.configuration.events))
        for state, catalogue in zip(states, catalogues, strict=True)
    ]
    uses: list[Use] = []
    seen: list[Observation] = []
    sent: list[Example] = []
    for contract in sources.contracts:
        uses += pacts.uses(contract.file, known, contract.origin)
        sent += pacts.examples(contract.file, known, contract.origin)
    recorded = [Recorded(each.of_rpcs(), catalogues) for each in sources.logs(elements_of(states))]
    for each in recorded:
        if _watched(each):
            seen.append(each.log.observation)
        uses += each.uses
    uses = _as_contracted(uses)
    return Usage(uses, seen, sent, _reach(recorded, catalogues), _unmapped(sources, known))


def _unmapped(sources: Sources, known: Sequence[KnownState]) -> dict[str, Unmapped]:
    """Collect by consumer the events of its contracts of which nobody tells the message."""
    found: dict[str, list[str]] = {}
    for contract in sources.contracts:
        if reasons := list(pacts.unmapped_events(contract.file, known)):
            found.setdefault(contract.file.consumer, []).extend(reasons)
    if not found:
        return {}
    types = frozenset[str]().union(*(each.events.closure() for each in known if each.events is not None))
    return {consumer: Unmapped(tuple(reasons), EventReach(types)) for consumer, reasons in found.items()}


def _as_contracted(uses: Sequence[Use]) -> list[Use]:
    """Return the uses, with what a log does not tell and all contracts of its consumer do.

    An event is in JSON, and what is written is to be refused, if every contract that has the element says so.
    """
    named: dict[tuple[str, str], set[bool]] = {}
    refused: dict[tuple[str, str], set[bool]] = {}
    for use in uses:
        if use.evidence.source != USAGE_LOG and use.transport == Transport.KAFKA:
            named.setdefault((use.consumer, use.element), set()).add(use.named)
        if use.evidence.source != USAGE_LOG and use.access is Access.WRITE:
            refused.setdefault((use.consumer, use.element), set()).add(use.refusal)

    def told(use: Use) -> Use:
        if use.evidence.source != USAGE_LOG:
            return use
        about = (use.consumer, use.element)
        is_json = use.transport == Transport.KAFKA and named.get(about) == {True}
        is_refusal = use.access is Access.WRITE and refused.get(about) == {True}
        return replace(use, named=use.named or is_json, refusal=is_refusal) if is_json or is_refusal else use

    return [told(use) for use in uses]


def _watched(recorded: Recorded) -> bool:
    """Tell whether a log noted every call; one in lines has to have seen the interface at all."""
    is_seen = recorded.log.noted is None or bool(recorded.uses)
    return is_seen and Side.CALLS in recorded.log.complete


def _reach(recorded: Iterable[Recorded], catalogues: Sequence[Catalogue]) -> dict[str, Reach]:
    """Collect by consumer what its calls may touch; a log that notes everything tells what those in it touch."""
    found: dict[str, Reach] = {}
    known: dict[str, frozenset[str]] = {}
    ordered = sorted(recorded, key=lambda each: each.log.complete != EVERYTHING)
    for each in ordered:
        consumer = each.log.observation.consumer
        each.add_to(found.setdefault(consumer, Reach(catalogues)), known.get(consumer, frozenset()))
        if each.log.complete == EVERYTHING:
            known[consumer] = known.get(consumer, frozenset()) | each.methods | _sent_to(each.log)
    return found


def _sent_to(log: UsageLog) -> frozenset[str]:
    return frozenset(noted.element for noted in log.writes or ())


def elements_of(states: Iterable[State]) -> frozenset[str]:
    """Return the full names of everything that any of these states declares."""
    return frozenset[str]().union(*(Catalogue(state).elements for state in states))


def interface_of(configuration: Configuration, cache: Path) -> tuple[State, ...]:
    """Open the states that contracts may speak of: the present one, and the newest release if there is one.

    Args:
        configuration: Says where the interfaces and their releases are.
        cache: Where compiled interfaces are kept.

    Raises:
        InterfaceError: The interfaces do not compile, or the release cannot be read.
    """
    opener = Opener(configuration.root, cache, configuration.limits)
    latest = newest(configuration.interfaces.releases)
    present = opener.open_folder(str(configuration.interfaces.root)).state
    return (present, *([opener.open(str(latest)).state] if latest is not None else []))


def before_the_change(configuration: Configuration, cache: Path) -> tuple[State, ...]:
    """Open the interfaces of the commit at which the present branch left the main one; nothing if there is none.

    Args:
        configuration: Says where the interfaces are.
        cache: Where compiled interfaces are kept.

    Raises:
        InterfaceError: They did not compile then.
    """
    try:
        base = merge_base(configuration.root)
    except InterfaceError:
        return ()  # without a main branch there is no change to speak of
    if base is None:
        return ()
    opener = Opener(configuration.root, cache, configuration.limits)
    return (opener.open_base(base, str(configuration.interfaces.root)).state,)
