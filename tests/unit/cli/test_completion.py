"""What a shell completes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from servanda.cli import COMMANDS, main
from servanda.cli.completion import PROGRAM, SHELLS, VARIABLE

SHOP = '[services.shop]\ncommand = ["x"]\n[services.stock]\ncommand = ["x"]\n[pacticipants.web]\n[pacticipants."a b"]\n'


def completed(*words: str) -> list[str]:
    """Return the offers for the last of these words."""
    completion = ShellComplete(main, {}, PROGRAM, VARIABLE)
    return [item.value for item in completion.get_completions(list(words[:-1]), words[-1])]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "servanda.toml").write_text(SHOP, encoding="utf-8")
    pacts = tmp_path / "contracts" / "pacts"
    pacts.mkdir(parents=True)
    pact = {"consumer": {"name": "mobile"}, "provider": {"name": "shop"}, "interactions": []}
    (pacts / "mobile-shop.json").write_text(json.dumps(pact), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_commands_are_offered_without_importing_any() -> None:
    code = (
        "from servanda.cli import main; from click import Context; import sys; main.shell_complete(Context(main), 'c')"
    )
    names = f"{code}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", names], capture_output=True, text=True, check=True).stdout.split()

    assert not {f"servanda.cli.{name}" for name in COMMANDS} & set(loaded)
    assert completed("c") == ["check", "cache", "completion"]


def test_services_are_offered(repository: Path) -> None:
    assert completed("verify", "") == ["shop", "stock"]
    assert completed("up", "--only", "st") == ["stock"]


def test_consumers_are_offered_those_of_contracts_too(repository: Path) -> None:
    assert completed("verify", "--consumer", "") == ["shop", "stock", "web", "mobile"]


def test_rules_are_offered_however_they_are_written() -> None:
    assert completed("explain", "field_no_delete_unless_nu") == ["FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED"]
    assert completed("waive", "--rule", "WAIVER_E") == ["WAIVER_EXPIRED"]


def test_formats_and_stages_are_offered() -> None:
    assert completed("check", "--format", "j") == ["json", "junit"]
    assert completed("gate", "--only", "p") == ["providers"]


@pytest.mark.parametrize("text", ["[services", "services = 3\n"])
def test_a_configuration_that_cannot_be_used_offers_nothing_and_complains_of_nothing(
    repository: Path, text: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (repository / "servanda.toml").write_text(text, encoding="utf-8")

    assert completed("verify", "") == []
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_of_a_shell_asks_the_program(shell: str) -> None:
    ran = CliRunner().invoke(main, ["completion", shell])

    assert ran.exit_code == 0
    assert f"{VARIABLE}={shell}_complete" in ran.stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_takes_its_script() -> None:
    script = CliRunner().invoke(main, ["completion", "bash"]).stdout

    command = ["bash", "--norc", "-c", f"{script}\ncomplete -p servanda"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert "_servanda_completion" in done.stdout
