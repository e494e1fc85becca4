"""A command line that cannot be meant."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from servanda.cli import main


@pytest.mark.parametrize(
    ("words", "told", "hint"),
    [
        (["gaet"], "error: no such command 'gaet'", "hint: did you mean 'gate'?"),
        (["chek", "--format", "json"], "error: no such command 'chek'", "hint: did you mean 'check'?"),
        (["check", "--aginst", "x"], "error: no such option '--aginst'", "hint: did you mean '--against'?"),
        (["--cofig", "x"], "error: no such option '--cofig'", "hint: did you mean '--config'?"),
        (["check", "--format", "jsn"], "error: invalid value for '--format'", "hint: did you mean 'json'?"),
        (["gate", "--only", "provider"], "error: invalid value for '--only'", "hint: did you mean 'providers'?"),
    ],
)
def test_what_was_perhaps_meant_is_a_hint(words: list[str], told: str, hint: str) -> None:
    ran = CliRunner().invoke(main, words)

    assert ran.exit_code == 2
    first, second, *_ = ran.stderr.splitlines()
    assert first.startswith(told)
    assert second == hint
    assert ran.stderr.endswith("--help' for help.\n")


def test_what_can_be_chosen_is_told_in_one_line() -> None:
    told = CliRunner().invoke(main, ["completion"]).stderr.splitlines()[0]

    assert told == "error: missing argument '{bash|zsh|fish}'. Choose from: bash, zsh, fish"


def test_what_resembles_nothing_has_no_hint() -> None:
    ran = CliRunner().invoke(main, ["xyzzy"])

    assert "hint:" not in ran.stderr


def test_a_wrong_command_line_is_told_to_who_wants_quiet_too() -> None:
    assert "error: no such option" in CliRunner().invoke(main, ["-q", "check", "--nothing"]).stderr


def test_no_word_of_the_command_line_controls_the_terminal() -> None:
    ran = CliRunner().invoke(main, ["x\x1b[2J\n::error::y"])

    assert "\x1b" not in ran.stderr
    assert not any(line.startswith("::") for line in ran.stderr.splitlines())
