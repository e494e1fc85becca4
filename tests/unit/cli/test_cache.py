"""``servanda cache`` shows what is kept, and clears it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from servanda.cli import main


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("SERVANDA_CACHE", str(folder))
    (folder / "1f.image").write_bytes(bytes(2000))
    (folder / "kafka-4.3.0").mkdir()
    (folder / "kafka-4.3.0" / "archive").write_bytes(bytes(3_000_000))
    (folder / "kafka-4.3.0.seal").touch()
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["cache", *arguments])


def test_the_entries_are_shown_with_their_sizes_and_what_they_are(cache: Path) -> None:
    shown = run("show").stdout.splitlines()
    assert shown[0] == f"{cache}: 2 entries, 3 MB; at most 2.0 GB are kept"
    assert any(line.startswith("     3 MB  used 20") and "kafka, ready to start: kafka-4.3.0" in line for line in shown)
    assert any(line.endswith("interface definitions, compiled: 1f.image") for line in shown)


def test_clearing_says_what_went(cache: Path) -> None:
    ran = run("clear")
    assert (ran.exit_code, ran.stdout) == (0, f"{cache}: 2 entries removed, 3 MB\n")
    assert list(cache.iterdir()) == []


def test_what_was_used_lately_can_be_kept(cache: Path) -> None:
    assert run("clear", "--older-than", "1h").stdout == f"{cache}: 0 entries removed, 0 B\n"
    assert (cache / "1f.image").exists()


def test_a_cache_that_is_not_there_is_empty(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVANDA_CACHE", str(cache / "none"))
    assert run("show").stdout == f"{cache / 'none'}: 0 entries, 0 B; at most 2.0 GB are kept\n"
    assert run("clear").exit_code == 0


@pytest.mark.parametrize("age", ["30", "d", "1w", "-1d", "1.5h", ""])
def test_an_age_without_a_unit_is_refused(cache: Path, age: str) -> None:
    ran = run("clear", "--older-than", age)
    assert ran.exit_code == 2
    assert "expected a number with a unit, such as 30d, 12h or 5m" in ran.stderr
    assert (cache / "1f.image").exists()


def test_an_unknown_action_is_refused(cache: Path) -> None:
    assert run("purge").exit_code == 2


def test_without_an_action_the_entries_are_shown(cache: Path) -> None:
    assert run().stdout == run("show").stdout
