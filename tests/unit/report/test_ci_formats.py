"""The formats that CI systems read."""

import json
from xml.etree import ElementTree as ET

from servanda.report.formats import FORMATS
from servanda.verdict import Verdict


def test_an_annotation_cannot_be_forged_by_a_message(odd: Verdict) -> None:
    lines = FORMATS["github"].render(odd).rstrip("\n").split("\n")

    assert len(lines) == len(odd.findings) + 1
    assert lines[0].startswith(
        "::error file=proto/shop.proto,line=12,endLine=14,col=3,endColumn=4,title=ENUM_VALUE_NO_D"
    )
    assert "'100%25'" in lines[0]


def test_an_annotation_of_a_file_that_is_gone_has_no_line(odd: Verdict) -> None:
    annotation = FORMATS["github"].render(odd).split("\n")[1]

    assert annotation.startswith("::error file=proto/shop.proto,title=FILE_NO_DELETE::")


def test_what_stops_the_change_fails_in_junit(check: Verdict) -> None:
    root = ET.fromstring(FORMATS["junit"].render(check))  # noqa: S314 - our own text

    assert root.get("failures") == str(sum(each.severity == "error" for each in check.findings))
    assert int(root.get("tests", "0")) == max(len(check.findings), 1)


def test_a_case_of_junit_is_named_after_rule_and_place(two_fields: Verdict) -> None:
    root = ET.fromstring(FORMATS["junit"].render(two_fields))  # noqa: S314 - our own text

    assert [case.get("name") for case in root.iter("testcase")] == ["FIELD_NO_DELETE_12_3", "FIELD_NO_DELETE_20_3"]


def test_every_entry_for_gitlab_has_what_gitlab_asks_for(check: Verdict) -> None:
    entries = json.loads(FORMATS["gitlab"].render(check))

    assert [set(entry) for entry in entries] == [
        {"description", "check_name", "fingerprint", "severity", "location"} for _ in check.findings
    ]
    assert all(entry["severity"] in ("info", "minor", "major", "critical", "blocker") for entry in entries)
    assert all(entry["location"]["lines"]["begin"] >= 1 for entry in entries)
