"""The reference knows every command and option."""

from pathlib import Path

import click
import pytest

from servanda.cli import COMMANDS, main

REFERENCE = Path("docs/reference/cli.md").read_text(encoding="utf-8")


def section(command: str) -> str:
    return REFERENCE.partition(f"## servanda {command}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_is_in_the_reference(name: str) -> None:
    command = main.get_command(click.Context(main), name)

    assert command is not None
    shown = [parameter for parameter in command.params if not getattr(parameter, "hidden", False)]
    options = [option for parameter in shown for option in parameter.opts if option.startswith("--")]
    assert [option for option in options if f"`{option}" not in section(name)] == []


def test_every_option_of_all_commands_is_in_the_reference() -> None:
    options = [option for parameter in main.params for option in parameter.opts if option.startswith("--")]
    assert [option for option in options if f"`{option}" not in REFERENCE.partition("\n## ")[0]] == []


def test_every_command_is_in_the_reference() -> None:
    assert [name for name in COMMANDS if not section(name)] == []
