"""Text that is shown and controls nothing."""

import pytest
from hypothesis import example, given

from servanda.escaping import block, line, visible
from tests.samples.hostile import CONTROL, TEXTS, original, workflow_commands


@given(TEXTS)
@example("\\" + "\u202e")
@example("#\\x23[")
@example("\\\\")
@example("\ud800")
def test_what_is_shown_reads_back(text: str) -> None:
    assert original(visible(text)) == text
    assert original(line(text)) == text


@given(TEXTS)
def test_what_is_shown_is_one_line_that_controls_nothing(text: str) -> None:
    shown = line(text)

    assert len(shown.splitlines()) <= 1
    assert CONTROL.search(shown) is None
    assert workflow_commands(shown) == []
    shown.encode()


@pytest.mark.parametrize(
    "text", ["é", "日本語", "🎉 ❤️ 1️⃣", "עברית", 'it\'s "quoted"', r"\d+\.\w*", "C:/a b", "[a] ## b", "a::b", "x" * 9999]
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert line(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("a\nb", r"a\nb", id="line feed"),
        pytest.param("\x1b[31m", r"\x1b[31m", id="escape"),
        pytest.param("\x9b", r"\x9b", id="C1"),
        pytest.param("\u202e", r"\u202e", id="bidirectional"),
        pytest.param("\U000e0041", r"\U000e0041", id="tag"),
        pytest.param("\udcff", r"\udcff", id="surrogate"),
        pytest.param(r"C:\new", r"C:\\new", id="backslash that would read as an escape"),
        pytest.param("  ::error::x", r"  \x3a:error::x", id="command after space"),
        pytest.param("a ##[error]x", r"a #\x23[error]x", id="command anywhere"),
        pytest.param("##vso[x]", r"#\x23vso[x]", id="command of Azure"),
        pytest.param("a\ufe0f", r"a\ufe0f", id="selector after a letter"),
    ],
)
def test_control_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert line(text) == shown


@given(TEXTS)
def test_a_block_has_a_line_for_each_line_of_the_text(text: str) -> None:
    shown = block(text)

    assert len(shown) == len(text.replace("\r\n", "\n").split("\n"))
    assert all(each.startswith("  |") for each in shown[1:])
    assert workflow_commands("\n".join(shown)) == []
