"""The contracts of a repository, checked against what it says of itself."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from servanda import pact
from servanda.configuration import Configuration
from servanda.documents import files_in
from servanda.errors import ConfigurationError, ContractError
from servanda.pact import PactFile
from servanda.patterns import within


def load_contracts(
    configuration: Configuration, folder: Path | None = None, providers: Iterable[str] = ()
) -> tuple[PactFile, ...]:
    """Return the pact files in a folder between parties that are configured, in a fixed order.

    Args:
        configuration: Names the parties.
        folder: Where the pact files are; the configured folder if absent.
        providers: Only contracts with these providers; all if empty.

    Raises:
        ConfigurationError: A wanted provider, or a party to a contract, is not configured.
        ContractError: There is no contract, or one cannot be read.
    """
    source, wanted = folder or configuration.contracts.pacts, set(providers)
    for name in sorted(wanted - set(configuration.services)):
        raise ConfigurationError(
            f"service '{name}' is not configured",
            hint=f"configured services: {', '.join(sorted(configuration.services))}",
        )
    with within(configuration.limits.patterns):
        contracts = tuple(pact.load(path) for path in files_in(source, "*.json", ContractError))
    for contract in contracts:
        _check_parties(contract, configuration)
    chosen = tuple(contract for contract in contracts if not wanted or contract.provider in wanted)
    if not chosen:
        of_whom = f" with the provider {', '.join(sorted(wanted))}" if wanted else ""
        raise ContractError(
            f"no contract found{of_whom}", where=str(source), hint="record the consumers' contracts first"
        )
    return chosen


def _check_parties(contract: PactFile, configuration: Configuration) -> None:
    if contract.consumer not in configuration.pacticipants:
        raise ConfigurationError(
            f"the consumer '{contract.consumer}' is not configured",
            where=contract.path,
            hint=f"add [pacticipants.{contract.consumer}], or correct the name in the consumer's test; "
            f"configured: {', '.join(sorted(configuration.pacticipants))}",
        )
    if contract.provider not in configuration.services:
        raise ConfigurationError(
            f"the provider '{contract.provider}' is not a configured service",
            where=contract.path,
            hint=f"configured services: {', '.join(sorted(configuration.services))}",
        )
