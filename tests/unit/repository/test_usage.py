"""What is known of the consumers of this repository, and what the documents say of it."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from servanda.cli import main
from servanda.configuration import load
from servanda.impact.consumers import consumers
from servanda.interfaces.usage.sources import usage_logs_folder
from servanda.interfaces.usage.use import Usage

ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = ROOT / "docs" / "how-to" / "consumer-impact.md"
SESSION = re.compile(r"^\$ servanda (?P<arguments>(?:usage|unused)\b.*)\n(?P<shown>(?:(?!\$|```).*\n)*)", re.MULTILINE)
SESSIONS = [(found["arguments"], found["shown"]) for found in SESSION.finditer(DOCUMENT.read_text(encoding="utf-8"))]


def undated(text: str) -> list[str]:
    """Lines without what changes with each commit and each refreshed usage log."""
    plain = re.sub(r" \[[0-9a-f]{12}\+? [\d-]{10}\]$", "", text, flags=re.MULTILINE)
    return re.sub(r"\b\d{4}-\d{2}-\d{2}\b", "DAY", plain).splitlines()


@pytest.mark.parametrize(("arguments", "shown"), SESSIONS, ids=[arguments for arguments, _ in SESSIONS])
def test_the_document_shows_what_is_printed(
    arguments: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("SERVANDA_CACHE", str(tmp_path))
    printed = undated(CliRunner().invoke(main, arguments.split(), catch_exceptions=False).stdout)
    expected = [line for line in undated(shown) if line.strip()]

    left = iter(printed)
    assert [line for line in expected if line.strip() != "..." and line not in left] == []
    assert "..." in shown or len(expected) == len(printed)


def test_the_document_asks_who_uses_an_element_and_what_nobody_uses() -> None:
    assert {arguments.split()[0] for arguments, _ in SESSIONS} == {"usage", "unused"}


def test_every_consumer_is_recorded_with_what_it_reads_and_sends() -> None:
    configuration = load(ROOT / "servanda.toml")
    known = {consumer.name for consumer in consumers(configuration, Usage())}

    assert ["--record-usage" in each.command for each in configuration.contracts.record] == [True]
    assert {path.stem for path in usage_logs_folder(configuration).glob("*.json")} >= known
