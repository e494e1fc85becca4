"""``servanda publish``: what it takes from git."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from servanda.cli import main
from servanda.configuration.build import CI_SERVERS


@pytest.fixture(autouse=True)
def no_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in CI_SERVERS:
        monkeypatch.delenv(variable, raising=False)


def test_a_missing_address_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PACT_BROKER_BASE_URL", raising=False)
    (tmp_path / "servanda.toml").write_text("", encoding="utf-8")
    arguments = ["--config", str(tmp_path / "servanda.toml"), "publish", "--version", "1", "--branch", "main"]

    ran = CliRunner().invoke(main, arguments)

    assert ran.exit_code == 2
    assert ran.stderr.startswith("error: PACT_BROKER_BASE_URL is not set\nhint: ")


def test_outside_git_version_and_branch_have_to_be_given(tmp_path: Path) -> None:
    (tmp_path / "servanda.toml").write_text("", encoding="utf-8")

    ran = CliRunner().invoke(main, ["--config", str(tmp_path / "servanda.toml"), "publish"])

    assert ran.exit_code == 2
    assert "not a git repository" in ran.stderr


def test_a_ci_server_stands_in_for_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"GITLAB_CI": "true", "CI_COMMIT_SHA": "4f2a9c1", "CI_COMMIT_BRANCH": "main"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("PACT_BROKER_BASE_URL", raising=False)
    (tmp_path / "servanda.toml").write_text("", encoding="utf-8")

    ran = CliRunner().invoke(main, ["--config", str(tmp_path / "servanda.toml"), "publish"])

    assert "PACT_BROKER_BASE_URL is not set" in ran.stderr


def test_a_version_without_a_branch_needs_a_tag(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PACT_BROKER_BASE_URL", raising=False)
    (tmp_path / "servanda.toml").write_text("", encoding="utf-8")
    arguments = ["--config", str(tmp_path / "servanda.toml"), "publish", "--version", "1"]

    assert "no branch is known" in CliRunner().invoke(main, arguments).stderr
    assert "PACT_BROKER_BASE_URL is not set" in CliRunner().invoke(main, [*arguments, "--tag", "prod"]).stderr
