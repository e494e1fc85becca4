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
    "Checks that a break is not waived beyond the day on which its waiver ends.",
    Severity.ERROR,
    "Nobody answers for the break any more, so it counts again.",
    "Mend the break, or ask the owner of the waiver for another day and write that into it.",
)
UNMATCHED: Final = PolicyRule(
    "WAIVER_UNMATCHED",
    "Checks that every waiver covers a finding.",
    Severity.ERROR,
    "The break is gone or was released, or the waiver names another one than was meant. Left alone, it would cover the "
    "next break of that name, which nobody accepted.",
    "Remove the waiver, or mend the fingerprint, or the rule and element, that it names.",
)
STALE: Final = PolicyRule(
    "BASELINE_STALE",
    "Checks that every entry of the baseline is still found.",
    Severity.WARNING,
    "What is mended would be accepted again, if it came back, as long as the entry is there.",
    "Run 'servanda check --baseline prune'.",
)
GONE: Final = PolicyRule(
    "INTERFACE_NO_DELETE",
    "Checks that no configured interface is gone.",
    Severity.ERROR,
    "Everybody who uses the interface is broken at once, and nothing of it can be compared any more.",
    "Keep the interface until nobody uses it. If it moved, name its new place in servanda.toml under the same service; "
    "if it has to go, waive this with 'servanda waive --rule INTERFACE_NO_DELETE --element PATH'.",
    INTERFACES,
)
POLICY_RULES: Final = (EXPIRED, UNMATCHED, STALE, GONE)
"""Everything that the policy reports."""
