"""What is told on stderr."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from rich.console import Console

from servanda.errors import ConfigurationError
from servanda.report.console import put_markdown
from servanda.report.terminal import complain, deliver, say
from tests.samples.hostile import CONTROL, TEXTS, original, workflow_commands

ANY_CAPTURE = settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])


@ANY_CAPTURE
@given(what=TEXTS, where=TEXTS, hint=TEXTS)
def test_an_error_has_a_line_for_each_part(
    capsys: pytest.CaptureFixture[str], what: str, where: str, hint: str
) -> None:
    complain(ConfigurationError(what, where=where, hint=hint))

    told = capsys.readouterr().err
    lines = told.splitlines()
    assert original(lines[0]) == f"error: {what}"
    assert [line for line in lines[1:] if not line.startswith(("  at ", "hint: ", "  |"))] == []
    assert CONTROL.search(told) is None
    assert workflow_commands(told) == []


def test_a_hint_may_span_lines_none_of_which_passes_for_one_of_ours(capsys: pytest.CaptureFixture[str]) -> None:
    complain(ConfigurationError("it ended", hint="the last lines:\n  ::error::x\nerror: forged\n\n\x1b[2J"))

    assert capsys.readouterr().err == (
        "error: it ended\nhint: the last lines:\n  |   ::error::x\n  | error: forged\n  |\n  | \\x1b[2J\n"
    )


def test_no_error_repeats_a_password(capsys: pytest.CaptureFixture[str]) -> None:
    url = "postgresql://ada:w0nder@h/db"

    complain(ConfigurationError(f"no answer from {url}", where=url, hint=f"is it up?\n{url}"))

    assert "w0nder" not in capsys.readouterr().err


def test_a_line_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    say("written: a\n::error::b")

    assert capsys.readouterr().err == "written: a\\n::error::b\n"


def test_a_document_is_delivered_as_it_is(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    deliver("::notice::é\n")

    assert capfdbinary.readouterr().out == "::notice::é\n".encode()


def test_paths_are_told_from_the_working_directory(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    hint = f"see '{tmp_path}/b'\n/x{tmp_path}/c"
    complain(ConfigurationError("it is odd", where=f"{tmp_path}/a.toml:3", hint=hint))

    told = capsys.readouterr().err
    assert told == f"error: it is odd\n  at a.toml:3\nhint: see 'b'\n  | /x{tmp_path}/c\n"


def test_a_page_of_the_manual_is_laid_out_for_the_terminal() -> None:
    stream = io.StringIO()

    put_markdown(
        Console(file=stream, width=60), "# Title\n\nA `word` in a\nsentence.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    )

    told = stream.getvalue()
    assert "A word in a sentence." in told
    assert "|---|" not in told
    assert max(map(len, told.splitlines())) <= 60
