"""The files of a report."""

from pathlib import Path

import pytest

from servanda.errors import ConfigurationError
from servanda.report import files
from servanda.report.formats import FORMATS
from servanda.verdict import Verdict

GOLDEN = Path(__file__).with_name("golden")


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

    with pytest.raises(ConfigurationError, match="needs a folder"):
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


@pytest.mark.parametrize(
    "golden", [path for path in sorted(GOLDEN.iterdir()) if ".verdict." in path.name or path.suffix == ".xml"], ids=str
)
def test_an_earlier_report_in_one_file_is_removed(tmp_path: Path, golden: Path) -> None:
    place = tmp_path / f"report{golden.suffix}"
    place.write_bytes(golden.read_bytes())

    files.clear(place)

    assert not place.exists()


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("a.json", '{"consumer": {"name": "web"}, "interactions": [{"description": "\\"verdict\\": \\"yes"}]}'),
        ("a.json", "not even JSON"),
        ("a.xml", "<testsuites name='pytest tests'/>"),
        ("README.md", "# Servanda\n"),
        ("index.html", "<title>Mine</title>"),
        ("a.sarif", '{"runs": [{"tool": {"driver": {"name": "other"}}}]}'),
        ("notes.txt", "the verdict yes\n"),
    ],
)
def test_a_file_that_is_no_report_is_not_removed(tmp_path: Path, file: str, text: str) -> None:
    (tmp_path / file).write_text(text, encoding="utf-8")

    with pytest.raises(ConfigurationError, match="is no report of servanda"):
        files.clear(tmp_path / file)

    assert (tmp_path / file).read_text(encoding="utf-8") == text


@pytest.mark.parametrize("place", ["pacts", "pacts/a.json", "other/../pacts"])
def test_what_a_report_is_made_from_is_no_place_for_it(verdict: Verdict, tmp_path: Path, place: str) -> None:
    (tmp_path / "pacts").mkdir()
    (tmp_path / "other").mkdir()
    files.write(verdict, tmp_path / "pacts" / "a.json")

    with pytest.raises(ConfigurationError, match="what it is made from"):
        files.clear(tmp_path / place, [tmp_path / "pacts", tmp_path / "pacts" / "a.json"])

    assert (tmp_path / "pacts" / "a.json").exists()


def test_an_empty_file_and_a_link_make_way_for_a_report(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text("{}", encoding="utf-8")
    (tmp_path / "empty.html").touch()
    (tmp_path / "link.json").symlink_to("mine.json")

    files.clear(tmp_path / "empty.html")
    files.clear(tmp_path / "link.json")

    assert [path.name for path in tmp_path.iterdir()] == ["mine.json"]


def test_a_report_that_cannot_be_removed_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "verdict.md" / "inner").mkdir(parents=True)

    with pytest.raises(ConfigurationError, match="an earlier report cannot be removed"):
        files.clear(tmp_path)


@pytest.mark.parametrize(
    ("file", "form"),
    [("report.html", "html"), ("r.json", "json"), ("r.xml", "junit"), ("r.SARIF", "sarif"), ("r.md", "markdown")],
)
def test_a_file_is_written_in_the_format_of_its_ending(verdict: Verdict, tmp_path: Path, file: str, form: str) -> None:
    (written,) = files.write(verdict, tmp_path / file)

    assert written == tmp_path / file
    assert written.read_text(encoding="utf-8") == FORMATS[form].render(verdict)
    assert [path.name for path in tmp_path.iterdir()] == [file]


def test_a_folder_stays_one_whatever_its_name_ends_in(verdict: Verdict, tmp_path: Path) -> None:
    (tmp_path / "report.html").mkdir()

    assert len(files.write(verdict, tmp_path / "report.html")) == len(FORMATS)


@pytest.mark.parametrize("file", ["notes.doc", "Makefile"])
def test_a_file_of_another_ending_is_neither_removed_nor_written(verdict: Verdict, tmp_path: Path, file: str) -> None:
    (tmp_path / file).write_text("mine", encoding="utf-8")

    with pytest.raises(ConfigurationError, match=r"no format of a report|needs a folder"):
        files.clear(tmp_path / file)
    with pytest.raises(ConfigurationError, match=r"no format of a report|needs a folder"):
        files.write(verdict, tmp_path / file)

    assert (tmp_path / file).read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("text", ["x.pdf", "out/report.htm", "v1.2", "", " "])
def test_a_place_that_is_no_file_of_a_report_is_refused_with_the_endings(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(ConfigurationError) as raised:
        files.place_of(text)

    assert ".html" in (raised.value.hint or "")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["report", "x.pdf/", ".report", "out/report", "there.is", ".", "r.HTML"])
def test_a_folder_and_a_known_ending_are_places(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "there.is").mkdir()
    monkeypatch.chdir(tmp_path)

    assert files.place_of(text) == Path(text)


def test_a_place_that_is_a_folder_and_a_file_at_once_is_refused_until_it_is_there(tmp_path: Path) -> None:
    text = f"{tmp_path}/report.html/"
    with pytest.raises(ConfigurationError, match=r"cannot end in '\.html'"):
        files.place_of(text)

    (tmp_path / "report.html").mkdir()

    assert files.place_of(text) == tmp_path / "report.html"
