"""Columns as buf counts them; the expected ones are those that buf 1.75 prints."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.interfaces.protobuf.columns import Lines
from servanda.verdict import Span
from tests.unit.interfaces.conftest import Desk

HEAD = 'syntax = "proto2";\npackage d;\n'


def place(desk: Desk, line: str, edit: tuple[str, str], rule: str = "FIELD_SAME_TYPE") -> tuple[int, int, int, int]:
    """Edit a message of one line, and return where the one finding of a rule stands."""
    text = f"{HEAD}message M {{\n{line}\n}}\n"
    desk.write({"old/a.proto": text.replace(*edit), "new/a.proto": text})
    desk.write({f"{side}/buf.yaml": "version: v2\n" for side in ("old", "new")})
    (span,) = (found.span for found in desk.check("new", "old") if found.rule == rule)
    return span.start_line, span.start_column, span.end_line, span.end_column


@pytest.mark.parametrize(
    ("before", "column"),
    [
        pytest.param("  ", 3, id="spaces"),
        pytest.param("\t", 5, id="a tab"),
        pytest.param("\t\t", 9, id="two tabs"),
        pytest.param("  \t", 5, id="spaces before a tab"),
        pytest.param("     \t", 9, id="five spaces before a tab"),
        pytest.param("/* é */ ", 9, id="two bytes"),
        pytest.param("/* 日本 */ ", 12, id="wide characters"),
        pytest.param("/* 😀 */ ", 10, id="an emoji"),
        pytest.param("/* e\u0301 */ ", 9, id="a combining mark"),
        pytest.param("/* 👨\u200d👩\u200d👧 */ ", 10, id="joined emoji"),
        pytest.param("/* 🇦🇹 */ ", 10, id="a flag"),
        pytest.param("/* ©\ufe0f */ ", 10, id="a sign drawn as an emoji"),
        pytest.param("/* \u1112\u1161\u11ab */ ", 10, id="a syllable of three letters"),
        pytest.param("/* \t */ ", 9, id="a tab in a comment"),
        pytest.param("/* 日\t */ ", 13, id="a tab behind a wide character"),
        pytest.param("/* \x0b\u200b\x85 */ ", 8, id="characters without a width"),
    ],
)
def test_a_column_counts_cells_as_buf_does(desk: Desk, before: str, column: int) -> None:
    found = place(desk, f"{before}optional int32 a = 1;", ("int32", "string"))

    begin = column + len("optional ")
    assert found == (4, begin, 4, begin + len("int32"))


def test_a_byte_order_mark_takes_no_column(desk: Desk) -> None:
    desk.write(
        {"old/a.proto": 'syntax = "proto3";\n', "new/a.proto": b'\xef\xbb\xbf/* \xc3\xa9 */ syntax = "proto2";\n'}
    )

    (found,) = desk.check("new", "old")

    assert (found.rule, found.span.start_line, found.span.start_column) == ("FILE_SAME_SYNTAX", 1, 9)


@pytest.mark.parametrize(
    ("option", "place_of_it"),
    [
        pytest.param("[default = 7]", (4, 25, 4, 36), id="plain"),
        pytest.param("[default\t= 7]", (4, 25, 4, 36), id="a tab"),
        pytest.param("[deprecated = true, default /* default = 1 */ = 7]", (4, 44, 4, 73), id="a comment"),
        pytest.param("[default // of it\n= 7]", (4, 25, 5, 4), id="two lines"),
    ],
)
def test_a_default_begins_at_its_name(desk: Desk, option: str, place_of_it: tuple[int, ...]) -> None:
    found = place(desk, f"  optional int32 a = 1 {option};", ("= 7]", "= 8]"), "FIELD_SAME_DEFAULT")

    assert found == place_of_it


@given(st.text(st.characters(codec="ascii", min_codepoint=32)), st.integers(1, 300), st.integers(0, 3))
def test_plain_text_is_counted_alike(text: str, column: int, line: int) -> None:
    span = Span("a.proto", line, column, line, column)

    assert Lines(text.encode()).placed(span) == span or column > len(text)


@given(st.binary(), st.integers(-1, 9), st.integers(-1, 99), st.sampled_from(["", "default", "(["]))
def test_no_position_in_no_bytes_is_an_error(content: bytes, line: int, column: int, label: str) -> None:
    Lines(content).placed(Span("a.proto", line, column, line + 1, column), label)
