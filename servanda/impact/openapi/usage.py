"""Everything that a repository knows about the use of an OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from servanda import pact
from servanda.compatibility.openapi.document import followed
from servanda.configuration import Configuration
from servanda.documents import files_in
from servanda.errors import ContractError
from servanda.impact import provenance
from servanda.impact.known import from_root, recordings_of
from servanda.impact.openapi.examined import Examined
from servanda.impact.openapi.observed import Calls, calls_of
from servanda.impact.openapi.operations import Operations
from servanda.impact.openapi.reach import Reach
from servanda.impact.openapi.uses import uses as uses_of
from servanda.impact.use import Usage, Use


def usage_of_document(configuration: Configuration, document: Examined) -> Usage:
    """All uses of an OpenAPI document that the repository's contracts over HTTP and its recordings prove.

    Raises:
        ContractError: A contract or recording cannot be read.
        InterfaceError: A reference in the document cannot be followed.
    """
    with followed(document.current):
        return _usage(configuration, document)


def _usage(configuration: Configuration, document: Examined) -> Usage:
    found = [(path, pact.load(path)) for path in files_in(configuration.contracts.pacts, "*.json", ContractError)]
    providers = document.providers(configuration, (contract.provider for _, contract in found))
    operations = Operations(document.previous, document.current)
    uses: list[Use] = []
    for path, contract in found:
        if contract.provider in providers:
            shown = replace(contract, path=from_root(path, configuration.root))
            uses += uses_of(shown, operations, provenance.of_file(path))
    observed = [calls for each in recordings_of(configuration) if (calls := calls_of(each, operations)) is not None]
    uses += (use for calls in observed for use in calls.uses())
    return Usage(uses, (calls.recording.observation for calls in observed), reach=_reach(observed, operations))


def _reach(observed: Iterable[Calls], operations: Operations) -> dict[str, Reach]:
    """By consumer what it may have to do with; what is pushed to it does not depend on its calls."""
    found: dict[str, Reach] = {}
    for calls in observed:
        reach = found.setdefault(calls.recording.observation.consumer, Reach())
        calls.add_to(reach)
        for path in operations.webhooks():
            reach.pushed(path)
    return found
