"""Help pages: examples that can be run, and pages that can be read."""

from __future__ import annotations

import inspect
import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from servanda.cli import COMMANDS, main
from servanda.cli.help_pages import EXAMPLES, HelpContext


def command(name: str) -> click.Command:
    found = main.get_command(click.Context(main), name)
    assert found is not None
    return found


def examples(name: str) -> list[str]:
    _, _, told = inspect.cleandoc(command(name).help or "").partition(EXAMPLES)
    return [line.strip() for line in told.splitlines()]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_examples_that_its_parser_takes(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for file in ("spans.json", "fields.json", "services/orders/x"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    shown = examples(name)

    assert len(shown) >= 2
    for example in shown:
        # What a shell does with the output is none of the command's business.
        words = shlex.split(re.split(r" [>|] |\)\"$", example.removeprefix('eval "$('))[0])
        assert words[:2] == ["servanda", name]
        command(name).make_context(name, words[2:], parent=HelpContext(main))


@pytest.mark.parametrize("name", ["", *COMMANDS])
@pytest.mark.parametrize("columns", [40, 60, 80])
def test_a_help_page_has_room_for_its_words_in_a_narrow_terminal(name: str, columns: int) -> None:
    ran = CliRunner().invoke(main, [*([name] if name else []), "--help"], terminal_width=columns)

    assert ran.exit_code == 0
    _, _, page = ran.stdout.partition("\n\n")
    wrapped = [line for line in page.splitlines() if line.startswith(" " * 4)]
    starts = [len(line) - len(line.lstrip()) for line in wrapped]
    assert max(starts) <= (columns - 2) * 0.45


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_knows_how_much_to_tell(name: str) -> None:
    opts = {name for parameter in command(name).params for name in parameter.opts}

    assert {"-q", "--quiet", "-v", "--verbose", "--color"} <= opts


def test_options_of_every_command_are_shown_once() -> None:
    assert "--color" in CliRunner().invoke(main, ["--help"]).stdout
    assert "--color [" not in CliRunner().invoke(main, ["check", "--help"]).stdout
