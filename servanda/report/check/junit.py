"""The check as JUnit XML: one suite per file, one case per finding, named ``RULE_line_column``."""

from __future__ import annotations

from itertools import groupby
from xml.etree import ElementTree as ET

from servanda.escaping import line, visible
from servanda.escaping.documents import xml_text
from servanda.report.check import wording
from servanda.verdict import Check, Finding, Severity


def render(check: Check) -> str:
    """What stops the change is a failure, what is reported a case that passed with its text as output.

    A check without findings has one case that passed: a report without any reads as one that did not run.
    """
    root = ET.Element("testsuites", name="servanda check")
    for path, findings in groupby(sorted(check.findings, key=lambda each: each.span.path), lambda each: each.span.path):
        root.append(_suite(path or check.input, [_case(finding) for finding in findings]))
    if not check.findings:
        root.append(
            _suite(check.input, [ET.Element("testcase", classname="servanda.check", name="interfaces", time="0")])
        )
    for key in ("tests", "failures", "skipped"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    return xml_text(root)


def _suite(name: str, cases: list[ET.Element]) -> ET.Element:
    suite = ET.Element("testsuite", name=visible(name), tests=str(len(cases)))
    suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    suite.set("skipped", str(sum(case.find("skipped") is not None for case in cases)))
    suite.extend(cases)
    return suite


def _case(finding: Finding) -> ET.Element:
    start = finding.span.start
    name = visible(f"{finding.rule}_{start.line}_{start.column}")
    case = ET.Element("testcase", classname=visible(finding.element), name=name)
    case.set("time", "0")
    case.set("file", visible(finding.span.path))
    case.set("line", str(start.line))
    told = "\n".join(line(each) for each in _lines(finding))
    match finding.severity:
        case Severity.ERROR:
            ET.SubElement(case, "failure", message=visible(finding.message), type=visible(finding.rule)).text = told
        case Severity.WARNING:
            ET.SubElement(case, "system-out").text = told
        case Severity.WAIVED | Severity.BASELINE:
            ET.SubElement(case, "skipped", message=wording.SEVERITIES[finding.severity]).text = told
    return case


def _lines(finding: Finding) -> list[str]:
    steps = (f"{name}: {step}" for name, step in finding.steps.named)
    heading = f"{wording.place(finding)}: {finding.rule} {finding.message}"
    return [heading, *wording.hits(finding), *wording.transition(finding), *steps]
