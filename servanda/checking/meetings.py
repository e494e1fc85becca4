"""Meetings of old and new sides that a change of the interfaces makes, as far as consumers are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from servanda.configuration import Configuration
from servanda.interfaces.usage.sources import Sources
from servanda.policy.deployment import Meeting, Side
from servanda.verdict import DeployOrder, Finding, Impact, Outcome, Severity, Transport

_SIDES: Mapping[DeployOrder, tuple[Side, ...]] = {
    DeployOrder.ANY: (),
    DeployOrder.CONSUMERS_FIRST: (Side.PROVIDER,),
    DeployOrder.PROVIDER_FIRST: (Side.CONSUMER,),
    DeployOrder.NONE: (Side.CONSUMER, Side.PROVIDER),
}
_OUTCOMES = {
    Impact.BROKEN: Outcome.BROKEN,
    Impact.POTENTIALLY_AFFECTED: Outcome.UNKNOWN,
    Impact.UNKNOWN: Outcome.UNKNOWN,
}
_DECIDED = (Severity.ADVICE, Severity.WAIVED, Severity.BASELINE)


def meetings_of(findings: Iterable[Finding], configuration: Configuration) -> tuple[Meeting, ...]:
    """Return who must not meet whom, and of whom that is not known.

    Args:
        findings: What the comparison of the interfaces objects to, with the consumers that it hits.
        configuration: Says who provides what.

    Raises:
        ContractError: A contract cannot be read.
    """
    providers = _Providers(configuration)
    return tuple(dict.fromkeys(each for finding in findings for each in _meetings(finding, providers)))


def _meetings(finding: Finding, providers: _Providers) -> Iterator[Meeting]:
    if finding.transition is None or finding.severity in _DECIDED:
        return
    for hit in finding.consumers:
        outcome = _OUTCOMES.get(hit.impact)
        if outcome is None or hit.source_only:
            continue
        contracts = tuple(evidence.document for evidence in hit.evidence)
        for side in _SIDES[finding.transition.deploy_order]:
            provider = providers.of(finding, contracts)
            why = f"{finding.rule}: {finding.message}"
            yield Meeting(hit.consumer.name, provider, side, outcome, why, finding.steps.expand)


class _Providers:
    def __init__(self, configuration: Configuration) -> None:
        self._of_contract: dict[str, str] = {}
        self._of_package: dict[str, str] = {}
        for contract in Sources(configuration).contracts:
            provider = contract.file.provider
            self._of_contract[contract.file.path] = provider
            for interaction in contract.file.interactions:
                package = interaction.path.strip("/").partition("/")[0].rpartition(".")[0]
                if interaction.transport == Transport.GRPC:
                    self._of_package.setdefault(package, provider)
        self._of_document = {
            party.openapi: party.name for party in configuration.pacticipants.values() if party.openapi
        }

    def of(self, finding: Finding, contracts: Iterable[str]) -> str:
        """Return whose interface a finding is about; the package or the document, if nobody is known."""
        if finding.package:
            return self._of_package.get(finding.package, finding.package)
        if (owner := self._of_document.get(finding.span.path)) is not None:
            return owner
        return next((self._of_contract[each] for each in contracts if each in self._of_contract), finding.span.path)
