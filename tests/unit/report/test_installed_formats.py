"""Formats that another distribution adds are used as those of the suite are, or named as broken."""

from pathlib import Path

import pytest

from servanda.errors import ExtensionError
from servanda.extensions import FORMATS as POINT
from servanda.extensions import ExtensionPoint
from servanda.report.formats import Formats
from servanda.verdict import StageResult, decide

VERDICT = decide(list[StageResult]())


def installed(folder: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> Formats:
    module = f"acme_{abs(hash(code))}"
    (folder / f"{module}.py").write_text(code, encoding="utf-8")
    information = folder / "acme-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n", encoding="utf-8")
    entry = f"[servanda.formats]\nbrief = {module}:Brief\n"
    (information / "entry_points.txt").write_text(entry, encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
    return Formats(ExtensionPoint(POINT.noun, POINT.group, POINT.built_in, lambda: [str(folder)]))


def test_an_installed_format_stands_beside_those_of_the_suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "class Brief:\n    file = 'verdict.brief'\n    render = staticmethod(lambda verdict: str(verdict.answer))"
    formats = installed(tmp_path, monkeypatch, code)

    assert list(formats)[-1] == "brief"
    assert len(formats) == len(POINT.built_in) + 1
    assert formats.by_file()["verdict.brief"].render(VERDICT) == str(VERDICT.answer)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        pytest.param("None", "has the file None", id="none"),
        pytest.param("'../verdict'", "expected a name without folders", id="outside"),
        pytest.param("'verdict.json'", "as the format 'json' does", id="taken"),
    ],
)
def test_a_format_writes_a_file_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, said: str
) -> None:
    formats = installed(tmp_path, monkeypatch, f"class Brief:\n    file = {file}\n    render = staticmethod(str)")

    with pytest.raises(ExtensionError, match=said):
        formats.by_file()


@pytest.mark.parametrize(
    ("render", "said"),
    [
        pytest.param("staticmethod(lambda verdict: 1 / 0)", "cannot write this verdict: ZeroDivisionError", id="fails"),
        pytest.param("staticmethod(lambda verdict: b'no')", "wrote a bytes, expected text", id="no text"),
    ],
)
def test_a_format_that_fails_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, render: str, said: str) -> None:
    formats = installed(tmp_path, monkeypatch, f"class Brief:\n    file = 'brief'\n    render = {render}")

    with pytest.raises(ExtensionError, match=said) as caught:
        formats["brief"].render(VERDICT)

    assert "acme" in str(caught.value.where)


def test_a_format_without_a_renderer_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    formats = installed(tmp_path, monkeypatch, "class Brief:\n    file = 'brief'")

    with pytest.raises(ExtensionError, match="no method 'render'"):
        formats["brief"]


def test_there_is_no_format_of_another_name() -> None:
    assert "yaml" not in Formats(POINT)
