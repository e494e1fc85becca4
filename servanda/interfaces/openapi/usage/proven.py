"""Use of an OpenAPI document, as far as the repository proves it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from servanda.configuration import Configuration
from servanda.interfaces.openapi.document import Document
from servanda.interfaces.openapi.usage.observed import Calls, calls_of
from servanda.interfaces.openapi.usage.operations import Operations
from servanda.interfaces.openapi.usage.reach import Reach
from servanda.interfaces.openapi.usage.uses import uses as uses_of
from servanda.interfaces.usage.exchange import Side
from servanda.interfaces.usage.sources import Sources
from servanda.interfaces.usage.use import Usage, Use


def usage_of(sources: Sources, file: Path, previous: Document, current: Document) -> Usage:
    """Read all uses of an OpenAPI document that the repository's contracts over HTTP and its usage logs prove.

    Args:
        sources: The contracts and usage logs.
        file: Where the document lies.
        previous: The document as it was.
        current: The document as it is.

    Raises:
        ContractError: A contract or usage log cannot be read.
        InterfaceError: A reference in the document cannot be followed.
    """
    answering = providers(file, sources.configuration, (contract.file.provider for contract in sources.contracts))
    operations = Operations(previous, current)
    uses: list[Use] = []
    for contract in sources.contracts:
        if contract.file.provider in answering:
            uses += uses_of(contract.file, operations, contract.origin)
    observed = [calls for each in sources.logs() if (calls := calls_of(each, operations)) is not None]
    uses += (use for calls in observed for use in calls.uses())
    seen = (calls.log.observation for calls in observed if Side.CALLS in calls.log.complete)
    return Usage(uses, seen, reach=_reach(observed, operations))


def providers(file: Path, configuration: Configuration, known: Iterable[str]) -> frozenset[str]:
    """Tell who answers for a document: whose contracts tell how it is used.

    That is who is configured with the document, else who is called like its file. If nobody is, any provider may be
    meant: contracts with each of them count as far as their requests are described.

    Args:
        file: Where the document lies.
        configuration: Says which document is whose.
        known: Names of all providers that contracts are with.
    """
    parties = configuration.pacticipants.values()
    owners = {
        party.name
        for party in parties
        if party.openapi and (configuration.root / party.openapi).resolve() == file.resolve()
    }
    everybody = frozenset(known)
    return frozenset(owners) or frozenset({file.stem}) & everybody or everybody


def _reach(observed: Sequence[Calls], operations: Operations) -> dict[str, Reach]:
    """Collect by consumer what it may have to do with; what is pushed to it does not depend on its calls."""
    found: dict[str, Reach] = {}
    told: dict[str, frozenset[str]] = {}
    for calls in observed:
        consumer = calls.log.observation.consumer
        told[consumer] = told.get(consumer, frozenset()) | calls.told
    for calls in observed:
        consumer = calls.log.observation.consumer
        reach = found.setdefault(consumer, Reach())
        calls.add_to(reach, told[consumer])
        for path in operations.webhooks():
            reach.pushed(path)
    return found
