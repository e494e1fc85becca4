"""``servanda waive`` as somebody types it: it refuses what the next check would object to."""

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from servanda.cli import main

ORDER = 'syntax = "proto3";\npackage shop.v1;\nmessage Order {\n  string id = 1;\n  string note = 2;\n}\n'
BROKEN = ORDER.replace("  string note = 2;\n", "")
FINDING = ("--rule", "FIELD_NO_DELETE", "--element", "shop.v1.Order.note")
ANSWERS = ("--reason", "nobody set it", "--owner", "team")


@pytest.fixture
def repository(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose change deletes a field."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SERVANDA_CACHE", str(tmp_path_factory.mktemp("cache")))
    (tmp_path / "servanda.toml").write_text("", encoding="utf-8")
    (tmp_path / "proto").mkdir()
    (tmp_path / "proto/shop.proto").write_text(ORDER, encoding="utf-8")
    for command in (("init", "-q", "-b", "main"), ("add", "."), ("commit", "-q", "-m", "first")):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *command], check=True)
    (tmp_path / "proto/shop.proto").write_text(BROKEN, encoding="utf-8")
    return tmp_path


def servanda(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def waive(*arguments: str, expires: str = "2999-12-31") -> Result:
    return servanda("waive", *arguments, *ANSWERS, "--expires", expires)


def written(repository: Path) -> str:
    path = repository / "contracts/waivers.toml"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def fingerprint() -> str:
    told = servanda("check").stdout
    return told.split("FIELD_NO_DELETE ", 1)[1].split("[", 1)[1].split("]", 1)[0]


def test_a_finding_is_waived_by_its_rule_and_element(repository: Path) -> None:
    ran = waive(*FINDING)
    assert ran.exit_code == 0, ran.stderr

    assert 'element = "shop.v1.Order.note"' in written(repository)
    assert "FIELD_NO_DELETE (waived)" in servanda("check").stdout


def test_a_finding_is_waived_by_its_fingerprint(repository: Path) -> None:
    known = fingerprint()

    assert waive(known).exit_code == 0
    assert known in written(repository)


def test_an_unknown_fingerprint_is_refused_with_the_closest(repository: Path) -> None:
    known = fingerprint()

    ran = waive(f"{known[:-1]}{'0' if known[-1] != '0' else '1'}")

    assert (ran.exit_code, written(repository)) == (2, "")
    assert f"did you mean {known} (FIELD_NO_DELETE shop.v1.Order.note)?" in ran.stderr


def test_an_unknown_element_is_refused_with_the_closest(repository: Path) -> None:
    ran = waive("--rule", "FIELD_NO_DELETE", "--element", "shop.v1.Order.notes")

    assert (ran.exit_code, written(repository)) == (2, "")
    assert "no finding matches FIELD_NO_DELETE shop.v1.Order.notes" in ran.stderr
    assert "shop.v1.Order.note)?" in ran.stderr


def test_a_day_that_is_over_is_refused(repository: Path) -> None:
    ran = waive(*FINDING, expires="2026-11-01")

    assert (ran.exit_code, written(repository)) == (2, "")
    assert "expected a date from today, found 2026-11-01" in ran.stderr


def test_a_second_waiver_of_the_same_is_refused(repository: Path) -> None:
    known = fingerprint()
    waive(*FINDING)
    before = written(repository)

    by_fingerprint, by_name = waive(known), waive(*FINDING)

    assert (by_fingerprint.exit_code, by_name.exit_code, written(repository)) == (2, 2, before)
    assert "is already waived until 2999-12-31" in by_fingerprint.stderr


def test_what_does_not_stop_the_change_is_not_waived(repository: Path) -> None:
    (repository / "servanda.toml").write_text('[rules]\nFIELD_NO_DELETE = "warning"\n', encoding="utf-8")

    ran = waive(*FINDING)

    assert (ran.exit_code, written(repository)) == (2, "")
    assert "its severity is warning" in ran.stderr


def test_it_is_checked_against_what_is_named(repository: Path) -> None:
    (repository / "proto/shop.proto").write_text(ORDER, encoding="utf-8")

    assert "no finding matches" in waive(*FINDING, "--against", ".git#branch=main").stderr


@pytest.mark.usefixtures("repository")
def test_a_waiver_may_be_written_in_advance() -> None:
    assert waive("0123456789abcdef", "--unchecked").exit_code == 0


@pytest.mark.usefixtures("repository")
def test_usage_answers_about_what_the_change_deletes() -> None:
    ran = servanda("usage", "shop.v1.Order.note")

    assert (ran.exit_code, ran.stdout.splitlines()[0]) == (0, "shop.v1.Order.note")
    assert "shop.v1.Order.note is not in the current interfaces: it was deleted" in ran.stderr
