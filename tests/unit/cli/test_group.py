"""What all commands have in common."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from servanda.cli import COMMANDS, main
from servanda.cli.group import ServandaGroup
from servanda.errors import ConfigurationError


def group_whose_command(does: Callable[[], None]) -> click.Group:
    class Group(ServandaGroup):
        def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
            return click.Command(cmd_name, callback=does)

    return Group("servanda")


def fail_with(error: BaseException) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def test_what_keeps_the_suite_from_telling_ends_with_code_two_and_says_what_to_do() -> None:
    error = ConfigurationError("the key is missing", where="servanda.toml", hint="add the key")

    ran = CliRunner().invoke(group_whose_command(fail_with(error)), ["gate"])

    assert ran.exit_code == 2
    assert ran.stderr == "error: the key is missing\n  at servanda.toml\nhint: add the key\n"
    assert ran.stdout == ""


def test_a_defect_of_the_suite_does_not_read_as_a_broken_contract() -> None:
    ran = CliRunner().invoke(group_whose_command(fail_with(ValueError("oops"))), ["gate"])

    assert ran.exit_code == 2
    assert ran.stderr.endswith(
        "ValueError: oops\nerror: this is a defect in servanda; please report it with the lines above\n"
    )


def test_the_trace_of_a_defect_controls_nothing_and_shows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACT_BROKER_TOKEN", "open-sesame")
    password = "w0nder"
    error = ValueError(f"x\n::error::forged\x1b[2J open-sesame postgresql://ada:{password}@h")

    ran = CliRunner().invoke(group_whose_command(fail_with(error)), ["gate"])

    assert ran.exit_code == 2
    assert "  | ::error::forged\\x1b[2J *** postgresql://ada:***@h\n" in ran.stderr
    assert not {"open-sesame", password} & set(re.findall(r"[\w-]+", ran.stderr))


@pytest.mark.parametrize("words", [["doctor"], ["init"], ["check"], ["explain", "FIELD_NO_DELETE"]])
def test_a_working_directory_that_is_gone_is_no_defect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()

    ran = CliRunner().invoke(main, words)

    assert "Traceback" not in ran.stderr
    assert ran.exit_code == 0 or "error: the working directory is gone" in ran.stderr


def test_an_interrupt_ends_with_the_code_that_shells_know() -> None:
    ran = CliRunner().invoke(group_whose_command(fail_with(KeyboardInterrupt())), ["gate"])

    assert ran.exit_code == 130
    assert ran.stderr == "interrupted\n"


def test_an_unknown_command_is_a_usage_error() -> None:
    ran = CliRunner().invoke(main, ["gaet"])

    assert ran.exit_code == 2
    assert "no such command 'gaet'" in ran.stderr


def test_no_configuration_is_an_error_that_says_what_to_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    ran = CliRunner().invoke(main, ["release", "1.0.0"])

    assert ran.exit_code == 2
    assert "error: no configuration found" in ran.stderr
    assert "hint: write a servanda.toml" in ran.stderr


def test_the_help_imports_only_what_it_shows() -> None:
    code = "import sys, servanda.cli; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

    rooms = {name.split(".")[1] for name in loaded if name.startswith("servanda.")}
    assert rooms == {"cli", "errors", "escaping", "report"}
    assert not {f"servanda.cli.{name}" for name in COMMANDS} & set(loaded)
    assert not {"google", "asyncio", "ssl", "rich", "tomlkit"} & set(loaded)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_of_each_what_it_says_itself(name: str) -> None:
    command = main.get_command(click.Context(main), name)

    assert command is not None
    assert command.get_short_help_str(limit=200) == COMMANDS[name]


@pytest.mark.parametrize("name", ["gate", "up", "verify"])
def test_stores_are_chosen_by_the_names_that_the_environment_knows(name: str) -> None:
    command = main.get_command(click.Context(main), name)

    assert command is not None
    (option,) = [parameter for parameter in command.params if "--infra" in parameter.opts]
    assert isinstance(option.type, click.Choice)
    assert option.type.convert("embedded", option, None) == "embedded"


@pytest.mark.parametrize(
    ("error", "told"), [(RecursionError(), "is nested too deeply"), (MemoryError(), "out of memory")]
)
def test_what_goes_beyond_the_interpreter_is_no_defect(error: BaseException, told: str) -> None:
    ran = CliRunner().invoke(group_whose_command(fail_with(error)), ["check"])

    assert ran.exit_code == 2
    assert told in ran.stderr
    assert "Traceback" not in ran.stderr
