"""The verdict as JUnit XML, for the test view of a CI system."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from xml.etree import ElementTree as ET

from servanda.escaping import line, visible
from servanda.escaping.documents import xml_text
from servanda.report.cases import TOOL, Case, Status, cases
from servanda.report.formats import Format
from servanda.verdict import Verdict

_TAGS = {Status.FAILED: "failure", Status.UNKNOWN: "error", Status.SKIPPED: "skipped"}
_COUNTS = (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))


def render(verdict: Verdict) -> str:
    """Write one case for each finding (``RULE_line_column``) and interaction, see :mod:`servanda.report.cases`.

    What is broken is a failure, what could not be told an error, what somebody accepted is skipped; a warning is a case
    that passed with its text as output.
    """
    root = ET.Element("testsuites", name=TOOL)
    for name, members in groupby(cases(verdict), lambda case: case.suite):
        root.append(_suite(name, members))
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in root)))
    return xml_text(root)


def _suite(name: str, members: Iterable[Case]) -> ET.Element:
    written = [_case(case) for case in members]
    suite = ET.Element("testsuite", name=visible(name), tests=str(len(written)))
    for key, tag in _COUNTS:
        suite.set(key, str(sum(case.find(tag) is not None for case in written)))
    suite.set("time", f"{sum(float(case.get('time', '0')) for case in written):.3f}")
    suite.extend(written)
    return suite


def _case(case: Case) -> ET.Element:
    element = ET.Element("testcase", classname=visible(case.subject), name=visible(case.name))
    element.set("time", f"{case.seconds:.3f}")
    if case.path:
        element.set("file", visible(case.path))
        element.set("line", str(case.line))
    told = "\n".join(line(each) for each in case.lines)
    if case.status is not Status.PASSED:
        problem = ET.SubElement(element, _TAGS[case.status], message=visible(case.message))
        problem.text = told or None
        if case.kind and case.status is not Status.SKIPPED:
            problem.set("type", visible(case.kind))
    elif told:
        ET.SubElement(element, "system-out").text = told
    return element


FORMAT = Format("junit", "junit.xml", render, mark=r'<testsuites name="servanda"')
