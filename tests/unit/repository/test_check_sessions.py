"""What the documents show of a check is what it prints of that change."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from servanda.cli import main

ROOT = Path(__file__).resolve().parents[3]
PROTO = "proto/plt/identity/v1/identity.proto"
SESSION = re.compile(r"^\$ servanda check\n(?P<shown>(?:(?!\$|```).*\n)*)", re.MULTILINE)
# Where a proof is from changes with each commit.
STAMP = re.compile(r" \[[0-9a-f]{12}\+? [\d-]{10}\]")
Edit = Callable[[str], str]


def without_the_address(definition: str) -> str:
    return re.sub(r"  // E-mail address.*?\];\n", "", definition, count=1, flags=re.DOTALL)


def with_short_names(definition: str) -> str:
    return definition.replace("max_len: 200\n", "max_len: 4\n").replace("max_len: 254\n", "max_len: 100\n")


def sessions(document: str) -> list[str]:
    return [found["shown"] for found in SESSION.finditer((ROOT / document).read_text(encoding="utf-8"))]


@pytest.fixture
def checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Edit], list[str]]:
    """The lines that a check prints after an edit of a definition of ours."""
    for name in ("proto", "contracts"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "servanda.toml", tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SERVANDA_CACHE", str(tmp_path / "cache"))

    def check(edit: Edit) -> list[str]:
        file = tmp_path / PROTO
        definition = file.read_text(encoding="utf-8")
        file.write_text(edit(definition), encoding="utf-8")
        assert file.read_text(encoding="utf-8") != definition
        return STAMP.sub("", CliRunner().invoke(main, ["check"], catch_exceptions=False).stdout).splitlines()

    return check


@pytest.mark.parametrize(
    ("document", "number", "edit"),
    [
        pytest.param("README.md", 0, without_the_address, id="readme"),
        pytest.param("docs/how-to/consumer-impact.md", 0, without_the_address, id="deleted"),
        pytest.param("docs/how-to/consumer-impact.md", 1, with_short_names, id="tightened"),
    ],
)
def test_the_document_shows_what_is_printed(
    document: str, number: int, edit: Edit, checked: Callable[[Edit], list[str]]
) -> None:
    printed = iter(checked(edit))
    shown = [line for line in STAMP.sub("", sessions(document)[number]).splitlines() if line.strip() != "..."]

    expected = [".*".join(map(re.escape, line.split("..."))) for line in shown]
    # In this order, and with others between them where the document leaves something out.
    assert [line for line in expected if not any(re.fullmatch(line, each) for each in printed)] == []
    assert len(shown) > 2
