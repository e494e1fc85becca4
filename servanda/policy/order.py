"""In which order provider and consumers have to be deployed, so that no old side meets a new one it cannot serve."""

from __future__ import annotations

from collections.abc import Iterable

from servanda.verdict import Bump, DeployOrder, Finding, Impact, Severity


def order_of(findings: Iterable[Finding], bump: Bump) -> DeployOrder:
    """Return the order that is safe for all findings together.

    Advice forces no order, and neither does what every known consumer was observed not to use. A change that only adds
    is deployed by the provider first: a consumer that uses what is new needs a provider that has it.
    """
    wanted = DeployOrder.of_all(
        finding.transition.deploy_order
        for finding in findings
        if finding.transition is not None and finding.severity is not Severity.ADVICE and not _is_unused(finding)
    )
    return DeployOrder.PROVIDER_FIRST if wanted is DeployOrder.ANY and bump is Bump.MINOR else wanted


def _is_unused(finding: Finding) -> bool:
    return {hit.impact for hit in finding.consumers} == {Impact.UNAFFECTED}
