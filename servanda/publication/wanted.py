"""The contracts that a broker wants a provider to be verified against."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from servanda.configuration import BrokerSettings, Configuration
from servanda.documents import Boundary, make_generated_folder, write_text
from servanda.errors import ContractError
from servanda.pact import PactFile
from servanda.publication.hal import Broker, BrokerAnswerError, Document
from servanda.verdict import InteractionResult, Outcome
from servanda.verification import LoadedContracts, read_contracts

_NOT_FOUND: Final = 404


@dataclass(frozen=True, slots=True)
class BrokerContract:
    """A contract as a broker gave it.

    Attributes:
        found: The contract, or the result that it cannot be read.
        document: As the broker sent it, with its links.
        notices: What the broker has to say, by the moment at which it is to be told.
    """

    found: LoadedContracts
    document: Document = field(repr=False)
    notices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Store:
    """Place of contracts that are not in the tree, so that what is said of them can be looked up.

    Attributes:
        folder: The folder.
        configuration: Names the providers.
    """

    folder: Path
    configuration: Configuration

    def put(self, document: Document) -> LoadedContracts:
        """Store a contract, and read it; one that cannot be read is a result.

        Raises:
            ContractError: The file cannot be written.
        """
        text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
        content = text.encode("utf-8", "surrogatepass")
        path = self.folder / f"{hashlib.sha256(content).hexdigest()[:16]}.json"
        boundary = Boundary.around(self.folder, ContractError)
        make_generated_folder(self.folder, boundary)
        write_text(path, content.decode("utf-8", "replace"), boundary)
        return read_contracts([path], self.configuration, strangers=True)


def wanted_contracts(broker: Broker, provider: str, branch: str, store: Store) -> tuple[BrokerContract, ...]:
    """Return the contracts with a provider that the configured selectors choose; none if the broker knows none.

    Args:
        broker: Where they are.
        provider: Name of the provider.
        branch: Branch of the provider; empty if there is none.
        store: Where they are stored.

    Raises:
        PublicationError: The broker cannot be reached, or refuses the selectors.
    """
    url = broker.link(broker.index(), "pb:provider-pacts-for-verification", provider=provider)
    try:
        answer = broker.post(url, _query(store.configuration.contracts.broker, branch))
    except BrokerAnswerError as error:
        if error.status == _NOT_FOUND:  # nobody has a contract with it
            return ()
        raise
    embedded = answer.get("_embedded")
    entries = embedded.get("pacts", []) if isinstance(embedded, dict) else []
    return tuple(_contract(broker, entry, store) for entry in entries if isinstance(entry, dict))


def contract_at(broker: Broker, url: str, store: Store) -> BrokerContract:
    """Return the contract at an address.

    Raises:
        PublicationError: There is none.
    """
    document = broker.get(url)
    return BrokerContract(store.put(document), document)


def _query(settings: BrokerSettings, branch: str) -> dict[str, object]:
    selectors = [dict(selector) for selector in settings.selectors]
    query: dict[str, object] = {"consumerVersionSelectors": selectors, "includePendingStatus": settings.pending}
    if branch:
        query["providerVersionBranch"] = branch
    if settings.wip_since:
        query["includeWipPactsSince"] = settings.wip_since
    return query


def _contract(broker: Broker, entry: Mapping[str, Any], store: Store) -> BrokerContract:
    document = broker.get(broker.link(entry, "self"))
    found = store.put(document)
    properties = entry.get("verificationProperties")
    properties = properties if isinstance(properties, dict) else {}
    if properties.get("pending") is True or properties.get("wip") is True:
        found = LoadedContracts(tuple(map(_pending, found.files)), tuple(map(_waiting, found.unreadable)))
    return BrokerContract(found, document, tuple(_notices(properties.get("notices"))))


def _pending(file: PactFile) -> PactFile:
    return replace(file, interactions=tuple(replace(each, pending=True) for each in file.interactions))


def _waiting(result: InteractionResult) -> InteractionResult:
    return replace(result, outcome=Outcome.PENDING, pending=True)


def _notices(notices: object) -> Iterator[tuple[str, str]]:
    for notice in notices if isinstance(notices, list) else []:
        if isinstance(notice, dict) and isinstance(notice.get("text"), str):
            yield str(notice.get("when", "before_verification")), notice["text"]
