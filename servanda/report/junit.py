"""The verdict as JUnit XML, for the test view of a CI system."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from servanda.escaping import line, visible
from servanda.escaping.documents import xml_text
from servanda.report import wording
from servanda.verdict import Finding, InteractionResult, Outcome, Reason, Severity, StageResult, Verdict, arrows

_TAGS = {Outcome.BROKEN: "failure", Outcome.UNKNOWN: "error", Outcome.SKIPPED: "skipped"}


def render(verdict: Verdict) -> str:
    """One suite for each stage and each arrow, one case for each stage, finding and interaction.

    What is broken is a failure, what could not be told an error.
    """
    root = ET.Element("testsuites", name="servanda")
    suites = [_suite("gate", [_stage(stage) for stage in verdict.stages])]
    if verdict.findings:
        suites.append(_suite("interfaces", [_finding(finding) for finding in verdict.findings]))
    for arrow in arrows(verdict.results):
        name = f"{arrow.consumer} -> {arrow.provider} ({arrow.transport})"
        suites.append(_suite(name, [_interaction(result) for result in arrow.results]))
    for suite in suites:
        root.append(suite)
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in suites)))
    return xml_text(root)


def _suite(name: str, cases: list[ET.Element]) -> ET.Element:
    suite = ET.Element("testsuite", name=visible(name), tests=str(len(cases)))
    for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(key, str(sum(case.find(tag) is not None for case in cases)))
    suite.set("time", f"{sum(float(case.get('time', '0')) for case in cases):.3f}")
    suite.extend(cases)
    return suite


def _stage(stage: StageResult) -> ET.Element:
    case = _case("servanda.gate", stage.name, stage.seconds)
    _told(case, stage.outcome, f"stage {stage.name}: {stage.outcome}", stage.reasons)
    return case


def _finding(finding: Finding) -> ET.Element:
    name = f"{finding.rule}_{finding.span.start_line}_{finding.span.start_column}"
    case = _case(finding.span.path, name, 0.0)
    case.set("file", visible(finding.span.path))
    case.set("line", str(finding.span.start_line))
    if finding.severity is Severity.ERROR:
        ET.SubElement(case, "failure", message=visible(finding.message)).text = line(wording.finding(finding))
    return case


def _interaction(result: InteractionResult) -> ET.Element:
    case = _case(f"{result.consumer}.{result.instance}.{result.transport}", result.interaction, result.seconds)
    case.set("file", visible(result.evidence.path))
    case.set("line", str(result.evidence.line))
    first = result.reasons[0].message if result.reasons else str(result.outcome)
    _told(case, result.outcome, first, result.reasons)
    return case


def _case(classname: str, name: str, seconds: float) -> ET.Element:
    return ET.Element("testcase", classname=visible(classname), name=visible(name), time=f"{seconds:.3f}")


def _told(case: ET.Element, outcome: Outcome, message: str, reasons: Iterable[Reason]) -> None:
    lines = (line(each) for reason in reasons for each in wording.lines(reason))
    text = "\n".join(lines)
    if outcome is not Outcome.HELD:
        ET.SubElement(case, _TAGS[outcome], message=visible(message)).text = text
    elif text:
        ET.SubElement(case, "system-out").text = text
