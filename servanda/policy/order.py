"""In which order provider and consumers have to be deployed, so that no old side meets a new one it cannot serve."""

from __future__ import annotations

from collections.abc import Iterable

from servanda.verdict import Bump, DeployOrder, Finding, Impact


def order_of(findings: Iterable[Finding], bump: Bump) -> DeployOrder:
    """Return the order that is safe for all findings together.

    What every known consumer was observed not to use forces no order. A change that only adds is deployed by the
    provider first: a consumer that uses what is new needs a provider that has it.
    """
    wanted = {
        finding.transition.deploy_order
        for finding in findings
        if finding.transition is not None and not _is_unused(finding)
    } - {DeployOrder.ANY}
    if not wanted:
        return DeployOrder.PROVIDER_FIRST if bump is Bump.MINOR else DeployOrder.ANY
    return wanted.pop() if len(wanted) == 1 else DeployOrder.NONE


def _is_unused(finding: Finding) -> bool:
    return {hit.impact for hit in finding.consumers} == {Impact.UNAFFECTED}
