"""Verification of contracts that a broker has: they come from there, and their results go back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from servanda.configuration import Configuration
from servanda.errors import PublicationError
from servanda.publication.errors import URL
from servanda.publication.hal import Broker
from servanda.publication.results import ProviderVersion, after, is_told, publish_results
from servanda.publication.wanted import BrokerContract, Store, contract_at, wanted_contracts
from servanda.verdict import InteractionResult
from servanda.verification import LoadedContracts

_NOTHING: Final = LoadedContracts(())
_BEFORE: Final = "before_verification"


class Exchange:
    """The contracts of a run that come from elsewhere.

    Args:
        configuration: Names the broker, its selectors and the providers.
        environ: Holds the credentials, and the address of the broker if the configuration does not.
        folder: Where the contracts are stored.
    """

    def __init__(self, configuration: Configuration, environ: Mapping[str, str], folder: Path) -> None:
        self._environ = environ
        self._url = configuration.contracts.broker.url or environ.get(URL, "")
        self._store = Store(folder, configuration)
        self._contracts: list[BrokerContract] = []

    def wanted(self, providers: Iterable[str], branch: str, tags: tuple[str, ...] = ()) -> LoadedContracts:
        """Return the contracts that the broker wants these providers to be verified against.

        Args:
            providers: Names of the providers.
            branch: Their branch; empty if there is none.
            tags: Their tags.

        Raises:
            PublicationError: The broker is not known, cannot be reached, or wants nothing.
        """
        with self._broker() as broker:
            found = [each for name in providers for each in wanted_contracts(broker, name, self._store, branch, tags)]
        if not found:
            raise PublicationError(
                "the broker wants nothing to be verified",
                where=self._url,
                hint="check the names of the providers, and [contracts.broker] selectors",
            )
        return self._kept(found)

    def at(self, url: str) -> LoadedContracts:
        """Return the contract at an address; one that cannot be read is a result.

        Raises:
            PublicationError: It is no address.
        """
        parts = urlsplit(url)
        self._url = self._url or f"{parts.scheme}://{parts.netloc}"
        with self._broker() as broker:
            return self._kept([contract_at(broker, url, self._store)])

    def before(self) -> Iterator[str]:
        """Yield what the broker has to say before the verification."""
        for contract in self._contracts:
            yield from (text for moment, text in contract.notices if moment == _BEFORE)

    def finish(self, results: Sequence[InteractionResult], version: ProviderVersion | None) -> Iterator[str]:
        """Yield what the broker has to say of results.

        Args:
            results: All results of the run.
            version: The version to publish them as; ``None`` to publish nothing.

        Raises:
            PublicationError: The broker does not accept them.
        """
        for contract in self._contracts:
            own = [result for result in results if Path(result.evidence.path).name in _names(contract)]
            if version is not None:
                yield self._published(contract, own, version)
            yield from after(contract, own, published=version is not None and is_told(contract, own))

    def _published(
        self, contract: BrokerContract, results: Sequence[InteractionResult], version: ProviderVersion
    ) -> str:
        with self._broker() as broker:
            success = publish_results(broker, contract, results, version)
        parties = next((f"{result.consumer} -> {result.provider}" for result in results), "a contract")
        if success is None:
            return f"{parties}: not published, because it could not be told whether the whole contract holds"
        return f"{parties}: published as a {'success' if success else 'failure'} of version {version.number}"

    def _broker(self) -> Broker:
        if not self._url:
            hint = f"set [contracts.broker] url, or export {URL}=http://..."
            raise PublicationError("no broker is configured", hint=hint)
        return Broker(self._url, self._environ)

    def _kept(self, contracts: Iterable[BrokerContract]) -> LoadedContracts:
        kept = list(contracts)
        self._contracts += kept
        return sum((contract.found for contract in kept), _NOTHING)


def _names(contract: BrokerContract) -> frozenset[str]:
    paths = [file.path for file in contract.found.files]
    return frozenset(Path(path).name for path in (*paths, *(each.evidence.path for each in contract.found.unreadable)))
