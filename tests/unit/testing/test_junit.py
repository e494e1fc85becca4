"""What is read from the JUnit file of a run, whatever stands in it."""

import tracemalloc
from pathlib import Path

import pytest

from servanda.testing.junit import JUnitReport
from servanda.verdict import Location


def read(folder: Path, content: bytes) -> JUnitReport:
    (folder / "junit.xml").write_bytes(content)
    return JUnitReport.read(folder / "junit.xml")


def test_failures_and_errors_are_told_with_their_place(tmp_path: Path) -> None:
    text = (
        b"<suites><suite><testcase name='a' file='t.py' line='4'><failure message='no'>long</failure></testcase>"
        b"<testcase name='b'><error> text </error></testcase><testcase name='c'><skipped/></testcase></suite></suites>"
    )
    found = read(tmp_path, text)
    assert found.ran == 2
    assert [(each.message, each.evidence) for each in found.failures] == [
        ("the test a failed: no", Location("t.py", 5)),
        ("the test b failed: text", None),
    ]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"<?xml version='1.0' encoding='no-such'?><a/>", id="unknown encoding"),
        pytest.param(b"<?xml version='1.0' encoding='shift_jis'?><a/>", id="encoding of several bytes"),
        pytest.param(b"<?xml version='1.0' encoding='rot13'?><a/>", id="no encoding of texts"),
        pytest.param(b"<a>" * 100_000, id="deep and not closed"),
        pytest.param(b"", id="empty"),
        pytest.param(
            b"<!DOCTYPE a [<!ENTITY x '" + b"x" * 100_000 + b"'>]><a>" + b"&x;" * 100_000 + b"</a>", id="entities"
        ),
    ],
)
def test_a_file_that_cannot_be_read_tells_nothing(tmp_path: Path, content: bytes) -> None:
    assert read(tmp_path, content) == JUnitReport()


def test_a_folder_in_its_place_tells_nothing(tmp_path: Path) -> None:
    assert JUnitReport.read(tmp_path) == JUnitReport()


def test_a_file_outside_is_not_read_through_an_entity(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    external = (
        f"<!DOCTYPE a [<!ENTITY x SYSTEM 'file://{tmp_path}/secret'>]><testcase><failure>&x;</failure></testcase>"
    )
    assert "secret" not in str(read(tmp_path, external.encode()))


def test_nothing_is_kept_of_what_is_not_told(tmp_path: Path) -> None:
    content = b"<a>" + b"<b/>" * 500_000 + b"</a>"
    tracemalloc.start()
    read(tmp_path, content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < len(content)


def test_the_first_thousand_failures_are_told_one_by_one(tmp_path: Path) -> None:
    found = read(tmp_path, b"<a>" + b"<testcase name='t'><failure/></testcase>" * 1_234 + b"</a>")
    assert len(found.failures) == 1_001
    assert found.failures[-1].message == "234 more tests failed"
