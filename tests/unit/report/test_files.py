"""The files of a report."""

from pathlib import Path

import pytest

from servanda.errors import ConfigurationError
from servanda.report import files
from servanda.report.formats import FORMATS
from servanda.verdict import Verdict


def test_a_report_has_a_file_for_each_reader(verdict: Verdict, tmp_path: Path) -> None:
    written = files.write(verdict, tmp_path / "new" / "report")

    assert [path.name for path in written] == [row.file for row in FORMATS.values()]
    assert all(path.stat().st_size for path in written)


def test_git_ignores_a_folder_that_was_made_for_a_report(verdict: Verdict, tmp_path: Path) -> None:
    files.write(verdict, tmp_path / "report")

    assert "*" in (tmp_path / "report" / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_a_folder_that_was_there_holds_a_report_and_nothing_else(verdict: Verdict, tmp_path: Path) -> None:
    files.write(verdict, tmp_path)

    assert not (tmp_path / ".gitignore").exists()


def test_a_report_replaces_the_one_before(verdict: Verdict, tmp_path: Path) -> None:
    (tmp_path / "verdict.md").write_text("old", encoding="utf-8")

    files.write(verdict, tmp_path)

    assert (tmp_path / "verdict.md").read_text(encoding="utf-8") != "old"


def test_a_folder_that_cannot_be_made_is_an_error(verdict: Verdict, tmp_path: Path) -> None:
    (tmp_path / "report").write_text("a file", encoding="utf-8")

    with pytest.raises(ConfigurationError, match="cannot be written"):
        files.write(verdict, tmp_path / "report")


def test_a_link_in_place_of_a_file_is_replaced(verdict: Verdict, tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("mine", encoding="utf-8")
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "verdict.md").symlink_to(tmp_path / "outside")

    files.write(verdict, tmp_path / "report")

    assert (tmp_path / "outside").read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "report" / "verdict.md").is_symlink()


@pytest.mark.parametrize("target", ["../outside", ".git"])
def test_a_folder_of_a_repository_that_leads_out_of_it_is_an_error(
    verdict: Verdict, tmp_path: Path, target: str
) -> None:
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "repository" / "report").symlink_to(target)

    with pytest.raises(ConfigurationError, match="outside of the repository"):
        files.write(verdict, tmp_path / "repository" / "report" / "new")

    assert list((tmp_path / "outside").iterdir()) == list((tmp_path / "repository" / ".git").iterdir()) == []


def test_a_folder_behind_a_link_of_the_user_is_written_to(verdict: Verdict, tmp_path: Path) -> None:
    (tmp_path / "real" / ".git").mkdir(parents=True)
    (tmp_path / "link").symlink_to("real")

    assert files.write(verdict, tmp_path / "link" / "report")


def test_an_earlier_report_is_removed_before_another_one_is_made(verdict: Verdict, tmp_path: Path) -> None:
    files.write(verdict, tmp_path)
    (tmp_path / "mine").touch()

    files.clear(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_report_that_cannot_be_removed_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "verdict.md" / "inner").mkdir(parents=True)

    with pytest.raises(ConfigurationError, match="an earlier report cannot be removed"):
        files.clear(tmp_path)
