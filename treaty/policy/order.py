"""In which order provider and consumers have to be deployed, so that no old side meets a new one it cannot serve."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from treaty.verdict import Bump, DeployOrder, Finding, Impact

# A consumer that has left an element works with both providers; one that follows a change of form works with the new
# provider only, the one that does not follow with the old one only.
_CONSUMERS_FIRST: Final = re.compile(
    ".*_NO_DELETE.*|RESERVED_.*|FILE_SAME_.*|VALIDATION_.*|BEHAVIOR_.*|DIRECTION_.*|DEPRECATION_.*|EVENT_RETENTION_.*"
)
_ANY: Final = re.compile("WAIVER_.*|BASELINE_.*")


def order_of(findings: Iterable[Finding], bump: Bump) -> DeployOrder:
    """The order that is safe for all findings together.

    What every known consumer was observed not to use forces no order. A change that only adds is deployed by the
    provider first: a consumer that uses what is new needs a provider that has it.
    """
    wanted = {_order(finding) for finding in findings if not _is_unused(finding)} - {DeployOrder.ANY}
    if not wanted:
        return DeployOrder.PROVIDER_FIRST if bump is Bump.MINOR else DeployOrder.ANY
    return wanted.pop() if len(wanted) == 1 else DeployOrder.NONE


def _order(finding: Finding) -> DeployOrder:
    if _ANY.fullmatch(finding.rule):
        return DeployOrder.ANY
    return DeployOrder.CONSUMERS_FIRST if _CONSUMERS_FIRST.fullmatch(finding.rule) else DeployOrder.NONE


def _is_unused(finding: Finding) -> bool:
    return {hit.impact for hit in finding.consumers} == {Impact.UNAFFECTED}
