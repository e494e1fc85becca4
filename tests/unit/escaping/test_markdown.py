"""Text in Markdown, read by a parser of CommonMark with the tables of GitHub."""

import pytest
from hypothesis import example, given
from markdown_it import MarkdownIt
from markdown_it.token import Token

from servanda.escaping.markdown import code, fenced, prose
from tests.samples.hostile import TEXTS, original

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def inlines(markdown: str) -> list[list[Token]]:
    return [token.children or [] for token in PARSER.parse(markdown) if token.type == "inline"]


def content(tokens: list[Token]) -> str:
    return "".join(token.content for token in tokens)


@given(TEXTS.filter(bool))
@example("\\|")
@example("`a`")
@example("  ")
def test_prose_is_a_paragraph_of_words_and_code_that_reads_back(text: str) -> None:
    [tokens] = inlines(prose(text))

    assert {token.type for token in tokens} <= {"text", "code_inline"}
    assert original(content(tokens)) == text


@given(TEXTS, TEXTS)
@example("\\|", "a|b")
def test_cells_read_back_one_by_one(first: str, second: str) -> None:
    table = f"| a | b |\n| --- | --- |\n| {prose(first, cell=True)} | {code(second, cell=True)} |\n"

    *_, left, right = inlines(table)

    assert (original(content(left)), original(content(right))) == (first, second)


@given(TEXTS, TEXTS)
def test_no_line_ends_a_fence(first: str, second: str) -> None:
    [token] = PARSER.parse("\n".join(fenced([first, second])))

    assert token.type == "fence"
    assert [original(line) for line in token.content.split("\n")] == [first, second, ""]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        pytest.param("Field 'note' was deleted.", "Field 'note' was deleted.", id="words"),
        pytest.param("ask @ada, see #12", "ask `@ada`, see `#12`", id="mention and reference"),
        pytest.param("1. not a list", "`1`. not a list", id="list"),
        pytest.param("commit deadbeef", "commit `deadbeef`", id="commit"),
        pytest.param("<img src=x>", "`<img` `src=x>`", id="element"),
        pytest.param("a`b", "``a`b``", id="tick"),
        pytest.param("www.example.org", "`www.example.org`", id="address"),
    ],
)
def test_what_could_become_active_is_code(text: str, written: str) -> None:
    assert prose(text) == written
