"""The contracts that a broker wants a provider to be verified against."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from servanda.configuration import BrokerSettings, Configuration
from servanda.documents import Boundary, Notation, make_generated_folder, parse_payload
from servanda.errors import ContractError, PublicationError, ServandaError
from servanda.escaping import redact
from servanda.pact import PactFile
from servanda.pact.load import READER
from servanda.publication.errors import BrokerAnswerError
from servanda.publication.hal import Broker, Document
from servanda.verdict import InteractionResult, Location, Outcome, Reason, ReasonKind, Transport
from servanda.verification import LoadedContracts, read_contracts

_NOT_FOUND: Final = 404
_UNTOLD: Final = "unknown"


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

    def fetched(self, broker: Broker, url: str, provider: str = "") -> tuple[LoadedContracts, Document]:
        """Fetch a contract, store it, and read it as one of a folder; one that cannot be read is a result.

        Args:
            broker: Where it is.
            url: Its address.
            provider: Its provider, if that is known.

        Returns:
            What is read, and the document with its links; an empty one if it is none.

        Raises:
            ContractError: The file cannot be written.
        """
        try:
            content = broker.content(url)
        except PublicationError as error:
            return LoadedContracts((), (self._missing(url, provider, error),)), {}
        path = self._stored(_indented(content))
        found = read_contracts([path], self.configuration)
        if provider:
            named = (
                replace(each, provider=provider) if each.provider == _UNTOLD else each for each in found.unreadable
            )
            found = LoadedContracts(found.files, tuple(named))
        return found, _document(content)

    def _missing(self, url: str, provider: str, error: PublicationError) -> InteractionResult:
        return InteractionResult(
            consumer=_UNTOLD,
            provider=provider or _UNTOLD,
            transport=Transport(_UNTOLD),
            interaction=f"the contract at {redact(url)}",
            outcome=Outcome.UNKNOWN,
            evidence=Location(str(self._stored(f"{error}\n".encode("utf-8", "replace"), "txt"))),
            reasons=(
                Reason(ReasonKind.COULD_NOT_RUN, f"{error.what}\nhint: {error.hint}" if error.hint else error.what),
            ),
        )

    def _stored(self, content: bytes, ending: str = "json") -> Path:
        path = self.folder / f"{hashlib.sha256(content).hexdigest()[:16]}.{ending}"
        boundary = Boundary.around(self.folder, ContractError)
        make_generated_folder(self.folder, boundary)
        try:
            boundary.inside(path).write_bytes(content)
        except OSError as error:
            raise ContractError(f"cannot be written: {error.strerror}", where=str(path)) from error
        return path


def _indented(content: bytes) -> bytes:
    """Write a contract in lines, so that each interaction has its own; one that is refused stays as it is."""
    try:
        READER.parse(content, "the contract", Notation.JSON)
        return (json.dumps(parse_payload(content), ensure_ascii=False, indent=1) + "\n").encode()
    except (ServandaError, ValueError):
        return content


def _document(content: bytes) -> Document:
    # Its links are those of the broker, whatever is wrong with the interactions.
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def wanted_contracts(
    broker: Broker, provider: str, store: Store, branch: str = "", tags: tuple[str, ...] = ()
) -> tuple[BrokerContract, ...]:
    """Return the contracts with a provider that the configured selectors choose; none if the broker knows none.

    Args:
        broker: Where they are.
        provider: Name of the provider.
        store: Where they are stored.
        branch: Branch of the provider; empty if there is none.
        tags: Tags of the provider, which brokers without branches go by.

    Raises:
        PublicationError: The broker cannot be reached, or refuses the selectors.
    """
    url = broker.link(broker.index(), "pb:provider-pacts-for-verification", provider=provider)
    try:
        answer = broker.post(url, _query(store.configuration.contracts.broker, branch, tags))
    except BrokerAnswerError as error:
        if error.status == _NOT_FOUND:  # nobody has a contract with it
            return ()
        raise
    embedded = answer.get("_embedded")
    entries = embedded.get("pacts", []) if isinstance(embedded, dict) else []
    return tuple(_contract(broker, entry, store, provider) for entry in entries if isinstance(entry, dict))


def contract_at(broker: Broker, url: str, store: Store) -> BrokerContract:
    """Return the contract at an address; one that cannot be read is a result."""
    return BrokerContract(*store.fetched(broker, url))


def _query(settings: BrokerSettings, branch: str, tags: tuple[str, ...]) -> dict[str, object]:
    selectors = [dict(selector) for selector in settings.selectors]
    query: dict[str, object] = {"consumerVersionSelectors": selectors, "includePendingStatus": settings.pending}
    if branch:
        query["providerVersionBranch"] = branch
    if tags:
        query["providerVersionTags"] = list(tags)
    if settings.wip_since:
        query["includeWipPactsSince"] = settings.wip_since
    return query


def _contract(broker: Broker, entry: Mapping[str, Any], store: Store, provider: str) -> BrokerContract:
    found, document = store.fetched(broker, broker.link(entry, "self"), provider)
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
