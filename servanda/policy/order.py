"""In which order provider and consumers have to be deployed, so that no old side meets a new one it cannot serve."""

from __future__ import annotations

from collections.abc import Iterable

from servanda.verdict import Bump, DeployOrder, Finding, Impact, Severity


def order_of(findings: Iterable[Finding], bump: Bump) -> DeployOrder:
    """Return the order that is safe for all findings together.

    Advice forces no order, and neither does what every known consumer was observed not to use, or after which none of
    them has to do more than generate code again. A change that only adds is deployed by the provider first: a consumer
    that uses what is new needs a provider that has it.
    """
    wanted = DeployOrder.of_all(
        finding.transition.deploy_order
        for finding in findings
        if finding.transition is not None and finding.severity is not Severity.ADVICE and not _forces_nothing(finding)
    )
    return DeployOrder.PROVIDER_FIRST if wanted is DeployOrder.ANY and bump is Bump.MINOR else wanted


def _forces_nothing(finding: Finding) -> bool:
    hits = finding.consumers
    return bool(hits) and all(hit.impact is Impact.UNAFFECTED or hit.source_only for hit in hits)
