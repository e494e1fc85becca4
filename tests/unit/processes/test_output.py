"""What a command writes is held within bounds."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.processes import TAIL_LINES, Lines, Log, OutputBounds, last_lines, shortened

BOUNDS = OutputBounds(line_bytes=10, log_bytes=100)


def heard(*chunks: bytes) -> list[str]:
    found: list[str] = []
    lines = Lines(BOUNDS, found.append)
    for chunk in chunks:
        lines.feed(chunk)
    lines.close()
    return found


@given(st.text("ab\n\r", max_size=30), st.integers(1, 9))
def test_lines_do_not_depend_on_how_the_output_is_cut_into_pieces(text: str, size: int) -> None:
    content = text.encode()
    pieces = [content[at : at + size] for at in range(0, len(content), size)]
    assert heard(*pieces) == heard(content)


def test_a_line_that_is_too_long_is_cut_with_a_mark() -> None:
    assert heard(b"0123456789", b"more\nnext\n") == ["0123456789 [... line truncated]", "next"]


def test_a_line_that_is_just_long_enough_is_whole() -> None:
    assert heard(b"0123456789\n") == ["0123456789"]


def test_what_has_no_end_is_heard_in_the_end() -> None:
    assert heard(b"a\nb") == ["a", "b"]


def test_the_last_lines_are_few_and_short() -> None:
    lines = Lines(OutputBounds(line_bytes=10_000), lambda _: None)
    lines.feed(b"".join(b"%d" % number + b"x" * 9000 + b"\n" for number in range(100)))
    assert len(lines.last) == TAIL_LINES
    assert max(map(len, lines.last)) < 600
    assert lines.last[-1].startswith("99x")


def test_a_full_log_is_begun_anew(tmp_path: Path) -> None:
    log = Log(tmp_path / "a.log", BOUNDS)
    for number in range(100):
        log.write(b"%07d\n" % number)
    log.close()
    assert {path.name for path in tmp_path.iterdir()} == {"a.log", "a.log.1"}
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 100
    assert last_lines(tmp_path / "a.log")[-1] == "0000099"


def test_the_end_of_a_log_is_read_without_its_beginning(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(b"x" * 1_000_000 + b"\nlast\n")
    *_, long, last = last_lines(tmp_path / "a.log")
    assert (len(long) < 600, last) == (True, "last")


def test_a_log_that_is_not_there_has_no_lines(tmp_path: Path) -> None:
    assert last_lines(tmp_path / "none") == ()


@pytest.mark.parametrize("length", [0, 500])
def test_a_short_line_stays_as_it_is(length: int) -> None:
    assert shortened("x" * length) == "x" * length
