"""The results of a verification, sent to the broker that the contracts are from."""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from servanda.pact import Interaction
from servanda.publication.hal import Broker, Document
from servanda.publication.wanted import BrokerContract
from servanda.verdict import InteractionResult, Outcome, Reason, ReasonKind

_BREAKING: Final = frozenset({ReasonKind.MISMATCH, ReasonKind.NO_ANSWER})
_ATTRIBUTES: Final = ("header", "metadata", "query")


@dataclass(frozen=True, slots=True)
class ProviderVersion:
    """The version of a provider that was verified.

    Attributes:
        branch: Its branch; empty if there is none.
        tags: Its tags.
        build_url: Address of the build; empty if there is none.
    """

    number: str
    branch: str = ""
    tags: tuple[str, ...] = ()
    build_url: str = ""


def publish_results(
    broker: Broker, contract: BrokerContract, results: Sequence[InteractionResult], version: ProviderVersion
) -> bool | None:
    """Send the results of one contract, unless they say nothing of the provider.

    Args:
        broker: Where the contract is from.
        contract: The contract.
        results: The results of its interactions.
        version: The version of the provider.

    Returns:
        Whether it was published as a success; ``None`` if it was not, because not every interaction was verified.

    Raises:
        PublicationError: The broker does not accept them.
    """
    if not is_told(contract, results):
        return None
    if version.branch or version.tags:
        provider = broker.get(broker.link(contract.document, "pb:provider"))
        for url in _places(broker, provider, version):
            broker.put(url, {})
    url = broker.link(contract.document, "pb:publish-verification-results")
    broker.post(url, _document(contract, results, version))
    return all(_holds(result) for result in results)


def _places(broker: Broker, provider: Document, version: ProviderVersion) -> Iterator[str]:
    """Yield where a version is put on its branch and given its tags."""
    if version.branch:
        yield broker.link(provider, "pb:branch-version", branch=version.branch, version=version.number)
    for tag in version.tags:
        yield broker.link(provider, "pb:version-tag", version=version.number, tag=tag)


def is_told(contract: BrokerContract, results: Sequence[InteractionResult]) -> bool:
    """Tell whether results say of a whole contract whether it holds."""
    owed = sum(len(file.interactions) for file in contract.found.files)
    if not results or len(results) < owed or contract.found.unreadable:
        return False
    return any(_is_broken(result) for result in results) or all(_holds(result) for result in results)


def after(contract: BrokerContract, results: Iterable[InteractionResult], *, published: bool) -> tuple[str, ...]:
    """Return what the broker has to say after a verification."""
    success = all(_holds(result) for result in results)
    when = f"after_verification:success_{str(success).lower()}_published_{str(published).lower()}"
    return tuple(text for moment, text in contract.notices if moment in (when, "after_verification"))


def _document(
    contract: BrokerContract, results: Sequence[InteractionResult], version: ProviderVersion
) -> dict[str, object]:
    identifiers = dict(_identifiers(contract.document))
    interactions = (each for file in contract.found.files for each in file.interactions)
    by_title = {each.shown: identifiers.get(_key(each), "") for each in interactions}
    document: dict[str, object] = {
        "success": all(_holds(result) for result in results),
        "providerApplicationVersion": version.number,
        "verifiedBy": {"implementation": "servanda", "version": importlib.metadata.version("servanda")},
        "testResults": [_test_result(result, by_title.get(result.interaction, "")) for result in results],
    }
    return {**document, "buildUrl": version.build_url} if version.build_url else document


def _test_result(result: InteractionResult, identifier: str) -> dict[str, object]:
    found: dict[str, object] = {
        "interactionDescription": result.interaction,
        "success": _holds(result),
    }
    if identifier:
        found["interactionId"] = identifier
    if mismatches := [_mismatch(reason) for reason in result.reasons if reason.kind is ReasonKind.MISMATCH]:
        found["mismatches"] = mismatches
    if others := [reason.message for reason in result.reasons if reason.kind is not ReasonKind.MISMATCH]:
        found["exceptions"] = [{"message": message} for message in others]
    return found


def _mismatch(reason: Reason) -> dict[str, str]:
    attribute, _, name = reason.path.partition(".")
    if attribute in _ATTRIBUTES and name:
        return {"attribute": attribute, "identifier": name, "description": reason.message}
    if reason.path.startswith("$"):
        return {"attribute": "body", "identifier": reason.path, "description": reason.message}
    return {"attribute": reason.path or "body", "description": reason.message}


def _holds(result: InteractionResult) -> bool:
    return result.outcome is Outcome.HELD


def _is_broken(result: InteractionResult) -> bool:
    return any(reason.kind in _BREAKING for reason in result.reasons)


def _identifiers(document: Document) -> Iterator[tuple[str, str]]:
    for list_ in ("interactions", "messages"):
        entries = document.get(list_)
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, Mapping) and isinstance(entry.get("_id"), str):
                yield _written_key(entry), entry["_id"]


def _key(interaction: Interaction) -> str:
    states = [[state.name, dict(state.params)] for state in interaction.states]
    return json.dumps([interaction.description, states], sort_keys=True)


def _written_key(entry: Mapping[str, Any]) -> str:
    written = entry.get("providerStates")
    states = [[state.get("name"), state.get("params") or {}] for state in written or () if isinstance(state, Mapping)]
    if not states and isinstance(entry.get("providerState"), str):
        states = [[entry["providerState"], {}]]
    return json.dumps([entry.get("description"), states], sort_keys=True)
