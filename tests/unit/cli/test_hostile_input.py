"""Commands on names that try to control the terminal, the log of a CI system or a comment."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from servanda.cli import main
from servanda.report.formats import FORMATS
from tests.samples.hostile import CONTROL, workflow_commands

ORDER = 'syntax = "proto3";\npackage shop.v1;\nmessage Order { string id = 1; int32 n = 2; }\n'
NAMES = [
    "a\n::error::forged.proto",
    "::stop-commands::t.proto",
    "\x1b]8;;x\x07\u202e.proto",
    "@team #1.proto",
]
FORGED = "x\n::error::forged\u202e\x1b[2J ##[error]y"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SERVANDA_CACHE", str(tmp_path / "cache"))
    return tmp_path


def servanda(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def controls_nothing(output: str, *, commands: bool = False) -> bool:
    return CONTROL.search(output) is None and (commands or workflow_commands(output) == [])


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_no_name_of_a_file_controls_a_report(folder: Path, name: str, form: str) -> None:
    for state, text in (("old", ORDER), ("new", ORDER.replace(" int32 n = 2;", ""))):
        (folder / state).mkdir()
        (folder / state / name).write_text(text, encoding="utf-8")

    ran = servanda("check", "new", "--against", "old", "--format", form, "--report", "report")

    assert ran.exit_code in (1, 2)
    assert "Traceback" not in ran.stderr
    assert controls_nothing(ran.stdout, commands=form == "github")
    assert controls_nothing(ran.stderr)
    assert "\n::error::forged" not in ran.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([FORGED], id="command"),
        pytest.param([f"--{FORGED}"], id="option of the group"),
        pytest.param(["check", f"--{FORGED}"], id="option"),
        pytest.param(["check", "--format", FORGED], id="choice"),
        pytest.param(["check", FORGED], id="input"),
        pytest.param(["check", ".", "--against", FORGED], id="base"),
        pytest.param(["explain", FORGED], id="rule"),
        pytest.param(["--config", FORGED, "check"], id="configuration"),
    ],
)
def test_no_argument_controls_an_error(folder: Path, arguments: list[str]) -> None:
    (folder / "a.proto").write_text(ORDER, encoding="utf-8")

    ran = servanda(*arguments)

    assert ran.exit_code == 2
    assert "forged" in ran.stderr
    assert controls_nothing(ran.output)


@pytest.mark.parametrize("scheme", ["https", "git+https", "ssh"])
def test_no_error_repeats_the_password_of_a_base(folder: Path, scheme: str) -> None:
    (folder / "a.proto").write_text(ORDER, encoding="utf-8")

    ran = servanda("check", ".", "--against", f"{scheme}://ada:w0nder@127.0.0.1:1/x.git#branch=main")

    assert ran.exit_code == 2
    assert "127.0.0.1" in ran.stderr
    assert "w0nder" not in ran.output


def test_a_report_can_be_printed_where_the_locale_knows_no_letters(folder: Path) -> None:
    for state, text in (("old", ORDER), ("new", ORDER.replace(" int32 n = 2;", ""))):
        (folder / state).mkdir()
        (folder / state / "é日.proto").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "servanda", "check", "new", "--against", "old"]

    ran = subprocess.run(command, capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": "ascii"})

    assert ran.returncode == 1
    assert "new/é日.proto:3:1" in ran.stdout.decode()
