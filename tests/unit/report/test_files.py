"""The files of a report."""

from pathlib import Path

import pytest

from servanda.errors import ConfigurationError
from servanda.report import files
from servanda.verdict import Verdict


def test_a_report_has_a_file_for_each_reader(verdict: Verdict, tmp_path: Path) -> None:
    written = files.write(verdict, tmp_path / "new" / "report")

    assert [path.name for path in written] == ["verdict.json", "junit.xml", "verdict.md"]
    assert all(path.stat().st_size for path in written)


def test_a_report_replaces_the_one_before(verdict: Verdict, tmp_path: Path) -> None:
    (tmp_path / "verdict.md").write_text("old", encoding="utf-8")

    files.write(verdict, tmp_path)

    assert (tmp_path / "verdict.md").read_text(encoding="utf-8") != "old"


def test_a_folder_that_cannot_be_made_is_an_error(verdict: Verdict, tmp_path: Path) -> None:
    (tmp_path / "report").write_text("a file", encoding="utf-8")

    with pytest.raises(ConfigurationError, match="cannot be written"):
        files.write(verdict, tmp_path / "report")


def test_a_report_does_not_overwrite_a_file_behind_a_link(verdict: Verdict, tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "verdict.json").symlink_to("../mine")

    with pytest.raises(ConfigurationError, match="outside of the tree"):
        files.write(verdict, tmp_path / "report")
    assert not (tmp_path / "mine").exists()
