"""``servanda publish``: what it takes from git."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from servanda.cli import main


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
