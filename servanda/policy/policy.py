"""From findings to a decision: severity, then waivers, then the baseline."""

from __future__ import annotations

import datetime as dt
import posixpath
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from servanda.configuration import NO_LEVELS, Level, RuleLevels
from servanda.policy import baseline, severity, waivers
from servanda.verdict import Finding, Impact

WAIVERS = "waivers.toml"
BASELINE = "baseline.json"


@dataclass(frozen=True, slots=True)
class Policy:
    """Decisions of a repository about findings.

    Attributes:
        today: The day on which waivers have to be valid.
        baseline_display: How the baseline is called in findings about it.
        levels: The levels that the repository chose for rules.
        source_only: Level of a finding after which known consumers have to generate code again and nothing else;
            ``None`` leaves it to the rule.
        folder: The folder that paths in findings start from, from that of the configuration.
    """

    today: dt.date
    waivers: tuple[waivers.Waiver, ...] = ()
    baseline: tuple[baseline.Known, ...] = ()
    baseline_display: str = BASELINE
    levels: RuleLevels = NO_LEVELS
    source_only: Level | None = None
    folder: str = "."

    def level(self, finding: Finding) -> Level | None:
        """Return the level that the repository chose for a finding; ``None`` if it chose none."""
        path = posixpath.normpath(posixpath.join(self.folder, finding.span.path))
        chosen = self.levels.level(finding.rule, finding.category, path, finding.element, finding.package)
        return self.source_only if chosen is None and _is_source_only(finding) else chosen


def _is_source_only(finding: Finding) -> bool:
    """Tell whether nobody is hit but those who have to generate code again, as far as everybody is known."""
    hits = [hit for hit in finding.consumers if hit.impact is not Impact.UNAFFECTED]
    return bool(hits) and all(hit.source_only for hit in hits)


def load(folder: Path, root: Path, today: dt.date) -> Policy:
    """Return the policy in a folder of contracts; an empty one if nothing was decided yet.

    Args:
        folder: Where ``waivers.toml`` and ``baseline.json`` are.
        root: What paths in findings are relative to.
        today: The day on which waivers have to be valid.

    Raises:
        ConfigurationError: A document is malformed; the error names its position.
    """

    def display(name: str) -> str:
        path = folder / name
        return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)

    return Policy(
        today,
        waivers.load(folder / WAIVERS, display(WAIVERS)),
        baseline.load(folder / BASELINE, display(BASELINE)),
        display(BASELINE),
    )


def leveled(findings: Iterable[Finding], policy: Policy) -> tuple[Finding, ...]:
    """Return the findings with their severity, before anybody waives anything; what is switched off is left out."""
    levels = ((finding, policy.level(finding)) for finding in findings)
    return tuple(
        replace(finding, severity=severity.severity_of(finding, level))
        for finding, level in levels
        if level is not Level.OFF
    )


def apply(findings: Iterable[Finding], policy: Policy, rules: Container[str]) -> tuple[Finding, ...]:
    """Return the findings with their severity, and one more for each waiver that is in disorder.

    What the repository switched off is left out.

    Args:
        findings: What was found.
        policy: What the repository decided.
        rules: Identifiers of the rules of which every possible finding was looked for.
    """
    waived = waivers.apply(leveled(findings, policy), policy.waivers, policy.today, rules)
    return baseline.apply(waived, policy.baseline, policy.baseline_display, rules)
