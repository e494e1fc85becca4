"""A sign that something takes its time."""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Callable

import click
import pytest

from servanda.report.talk import Talk, set_talk
from servanda.report.waiting import waiting


class Stream(io.StringIO):
    """Standard error, on a terminal or not; ``told`` is set as soon as something is written."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self.told = threading.Event()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal

    def write(self, text: str) -> int:
        written = super().write(text)
        if "comparing" in self.getvalue():
            self.told.set()
        return written


@pytest.fixture
def stderr(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Stream]:
    """Puts a stream in the place of standard error."""

    def make(*, terminal: bool = True) -> Stream:
        stream = Stream(terminal=terminal)
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setenv("TERM", "xterm")
        return stream

    return make


def test_a_terminal_is_told_what_takes_its_time(stderr: Callable[..., Stream]) -> None:
    stream = stderr()

    with waiting("comparing", patience=0):
        assert stream.told.wait(10)

    assert "comparing ..." in stream.getvalue()


def test_what_is_over_before_has_no_sign(stderr: Callable[..., Stream]) -> None:
    stream, before = stderr(), threading.active_count()

    with waiting("comparing", patience=60):
        pass

    assert stream.getvalue() == ""
    assert threading.active_count() <= before + 1


def test_a_file_is_told_nothing(stderr: Callable[..., Stream]) -> None:
    stream = stderr(terminal=False)

    with waiting("comparing", patience=0):
        assert threading.active_count() >= 1

    assert stream.getvalue() == ""


def test_who_wants_quiet_is_told_nothing(stderr: Callable[..., Stream]) -> None:
    stream, context = stderr(), click.Context(click.Command("check"))
    set_talk(context, Talk(quiet=True))

    with context.scope(), waiting("comparing", patience=0):
        assert not stream.told.is_set()

    assert stream.getvalue() == ""


def test_an_error_in_the_block_is_the_blocks(stderr: Callable[..., Stream]) -> None:
    stream = stderr()

    with pytest.raises(KeyError), waiting("comparing", patience=0):  # noqa: PT012 - what ends it comes later
        assert stream.told.wait(10)
        raise KeyError
