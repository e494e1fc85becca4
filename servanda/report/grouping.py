"""Findings by the element that they are about: one change is one thing to read, whatever rules it hits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from servanda.verdict import (
    Consumer,
    ConsumerImpact,
    DeployOrder,
    Evidence,
    Finding,
    Impact,
    Severity,
    Span,
    Steps,
    Transition,
)

_SEVERITIES = tuple(Severity)
_IMPACTS = (Impact.BROKEN, Impact.POTENTIALLY_AFFECTED, Impact.UNKNOWN, Impact.UNAFFECTED)


@dataclass(frozen=True, slots=True)
class ChangedElement:
    """All findings about one element in one file, and about what is a part of its change.

    Attributes:
        findings: At least one; the leading one, whose steps are told, is the first.
    """

    findings: tuple[Finding, ...]

    @property
    def name(self) -> str:
        """Return the full name of the element, which of parts alone is that of the whole; empty if there is none."""
        names = {finding.element for finding in self.findings}
        whole = self.findings[0].part_of
        return whole if whole and len(names) > 1 and whole not in names else self.findings[0].element

    @property
    def span(self) -> Span:
        """Return the place of the leading finding."""
        return self.findings[0].span

    @property
    def severity(self) -> Severity:
        """Return the worst severity."""
        return self.findings[0].severity

    @property
    def steps(self) -> Steps:
        """Return the steps of the leading finding."""
        return self.findings[0].steps

    @property
    def transition(self) -> Transition | None:
        """Return what happens while one side has the change, of all rules together; a guess has no say in it."""
        told = [
            finding.transition
            for finding in self.findings
            if finding.transition is not None and finding.severity is not Severity.ADVICE
        ]
        if not told:
            return None
        together = Transition.of_all(told)
        return replace(together, deploy_order=DeployOrder.ANY) if self._forces_no_order else together

    @property
    def _forces_no_order(self) -> bool:
        hits = self.consumers
        return bool(hits) and all(hit.impact is Impact.UNAFFECTED or hit.source_only for hit in hits)

    @property
    def consumers(self) -> tuple[ConsumerImpact, ...]:
        """Return every consumer once, with the worst that any of the rules means for it and the proofs of that."""
        hits: dict[Consumer, list[ConsumerImpact]] = {}
        for finding in self.findings:
            for hit in finding.consumers:
                hits.setdefault(hit.consumer, []).append(hit)
        merged = [_worst(told) for told in hits.values()]
        return tuple(sorted(merged, key=_weight))


def by_element(findings: Iterable[Finding]) -> tuple[ChangedElement, ...]:
    """Group findings by file and element, those of the worst severity first, else in the order in which they came.

    What is a part of the change of another element is told there. A finding that names no element stays alone.
    """
    findings = tuple(findings)
    main = {finding.part_of: (finding.part_of,) for finding in findings if finding.part_of}
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for number, finding in enumerate(findings):
        key: tuple[object, ...] = (finding.span.path, finding.element) if finding.element else (number,)
        key = (finding.part_of,) if finding.part_of else main.get(finding.element, key)
        groups.setdefault(key, []).append(finding)
    elements = (ChangedElement(tuple(sorted(group, key=_precedence))) for group in groups.values())
    return tuple(sorted(elements, key=lambda element: _SEVERITIES.index(element.severity)))


def tally(elements: Iterable[ChangedElement]) -> tuple[Counter[str], Counter[str]]:
    """Count the elements by rule and by file, the most frequent first."""
    rules, files = Counter[str](), Counter[str]()
    for element in elements:
        rules.update({finding.rule for finding in element.findings})
        files[element.span.path] += 1
    return Counter(dict(rules.most_common())), Counter(dict(files.most_common()))


def _precedence(finding: Finding) -> tuple[int, bool, int, int, int, str]:
    """Order the findings of one element.

    The worst comes first: it decides. The element itself comes before the parts of its change. Of equals the rule with
    the shorter name leads: a longer one adds a condition (``..._UNLESS_NUMBER_RESERVED``), and its steps meet that
    condition alone.
    """
    impacts = [_IMPACTS.index(hit.impact) for hit in finding.consumers]
    severity, steps = _SEVERITIES.index(finding.severity), len(finding.steps.named)
    hit = min(impacts, default=len(_IMPACTS))
    return severity, bool(finding.part_of), hit, -steps, len(finding.rule), finding.rule


def _worst(hits: Iterable[ConsumerImpact]) -> ConsumerImpact:
    ordered = sorted(hits, key=_weight)
    proofs: dict[Evidence, Evidence] = {}
    for hit in ordered:
        for evidence in hit.evidence if _proves(hit.impact, ordered[0].impact) else ():
            use = replace(evidence, example="", refused="")
            known = proofs.get(use)
            proofs[use] = evidence if known is None or _says_more(evidence, known) else known
    return replace(ordered[0], evidence=tuple(proofs.values()))


def _weight(hit: ConsumerImpact) -> tuple[int, bool]:
    return _IMPACTS.index(hit.impact), hit.source_only


def _proves(impact: Impact, worst: Impact) -> bool:
    """Tell whether the evidence of an impact is evidence of the worst one too: a use is one, its absence is not."""
    uses = (Impact.BROKEN, Impact.POTENTIALLY_AFFECTED)
    return impact is worst or (impact in uses and worst in uses)


def _says_more(evidence: Evidence, known: Evidence) -> bool:
    return (bool(evidence.refused), bool(evidence.example)) > (bool(known.refused), bool(known.example))
