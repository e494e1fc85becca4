"""The rules of the policy itself: an acceptance that is in disorder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from servanda.verdict import Finding, Severity, Span, Steps

CATEGORY: Final = "POLICY"
INTERFACES: Final = "INTERFACES"
"""The category of what is found about an interface as a whole."""


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """A row of the table.

    Attributes:
        id: Stable identifier.
        purpose: One sentence that starts with "Checks that".
        severity: What a finding under it does to the change.
        why: Why it is reported.
        remedy: What to do.
        category: The category that it is reported under.
    """

    id: str
    purpose: str
    severity: Severity
    why: str
    remedy: str
    category: str = CATEGORY

    def finding(self, span: Span, element: str, message: str, fingerprint: str) -> Finding:
        """Return a finding under this rule."""
        return Finding(
            self.id,
            self.category,
            self.severity,
            span,
            element,
            message,
            fingerprint,
            why=self.why,
            steps=Steps(mend=self.remedy),
        )


EXPIRED: Final = PolicyRule(
    "WAIVER_EXPIRED",
    "Checks that no waiver is past its last day.",
    Severity.ERROR,
    "The breaking change is not accepted any longer, so it counts again.",
    "Fix the breaking change, or agree on a later date with the owner of the waiver and enter it.",
)
UNMATCHED: Final = PolicyRule(
    "WAIVER_UNMATCHED",
    "Checks that every waiver covers a finding.",
    Severity.ERROR,
    "The breaking change was fixed or released, or the waiver names the wrong finding. If it stays, it covers the next "
    "such finding without a review.",
    "Remove the waiver, or correct its fingerprint, or its rule and element.",
)
STALE: Final = PolicyRule(
    "BASELINE_STALE",
    "Checks that every entry of the baseline is still found.",
    Severity.WARNING,
    "While the entry exists, the finding would be accepted again if it came back.",
    "Run 'servanda check --baseline prune'.",
)
GONE: Final = PolicyRule(
    "INTERFACE_NO_DELETE",
    "Checks that no configured interface was deleted.",
    Severity.ERROR,
    "Every consumer of the interface breaks at once, and its elements cannot be compared any longer.",
    "Keep the interface until no consumer uses it. If it moved, name its new place in servanda.toml under the same "
    "service; if it has to go, waive this with 'servanda waive --rule INTERFACE_NO_DELETE --element PATH'.",
    INTERFACES,
)
POLICY_RULES: Final = (EXPIRED, UNMATCHED, STALE, GONE)
"""Everything that the policy reports."""
