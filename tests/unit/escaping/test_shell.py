"""Commands to copy into a shell."""

import subprocess

import pytest
from hypothesis import example, given, settings

from servanda.escaping import line as escaped
from servanda.escaping.characters import path_bytes
from servanda.escaping.shell import shell_line
from tests.samples.hostile import CONTROL, TEXTS, workflow_commands


@settings(max_examples=25)
@given(TEXTS.map(lambda text: text.replace("\0", "")))
@example("\udc80\udfff")
def test_a_shell_reads_the_words_back(text: str) -> None:
    line = shell_line(["printf", "%s", text])

    done = subprocess.run(["bash", "-c", line.encode()], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"})

    assert done.stdout == path_bytes(text)


@settings(max_examples=25)
@given(TEXTS.map(lambda text: text.replace("\0", "")))
@example("two\nlines, one \\n, one \\\\ and it's \\")
@example("\\d{2}\\x41")
def test_a_shell_reads_the_words_back_from_a_line_of_a_report(text: str) -> None:
    told = escaped(f"again: {shell_line(['printf', '%s', text])}").removeprefix("again: ")

    done = subprocess.run(["bash", "-c", told.encode()], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"})

    assert done.stdout == path_bytes(text)


@given(TEXTS)
def test_a_command_is_one_line_that_controls_nothing(text: str) -> None:
    line = f"try: {shell_line(['echo', text])}"

    assert len(line.splitlines()) == 1
    assert CONTROL.search(line) is None
    assert workflow_commands(line) == []


@pytest.mark.parametrize(("word", "written"), [("a b", "'a b'"), (r'{"a": "\d"}', r"""'{"a": "\d"}'""")])
def test_what_can_be_seen_is_quoted_as_usual(word: str, written: str) -> None:
    assert shell_line([word]) == written
