"""Every message of the documentation is one that the suite gives."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGES = ("how-to/troubleshooting.md", "how-to/provider-states.md", "how-to/extend.md", "reference/infrastructure.md")
ANY = "…"


def pieces(node: ast.expr) -> Iterator[str]:
    """Return all that a text of the code can say, with an ellipsis for each value in it."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=values):
            yield "".join(str(each.value) if isinstance(each, ast.Constant) else ANY for each in values)


def texts() -> list[str]:
    found = []
    for path in (ROOT / "servanda").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found += [" ".join(text.split()) for text in pieces(node)] if isinstance(node, ast.expr) else []
    return found


TEXTS = "\n".join(texts())


def messages(page: str) -> list[str]:
    """First cells of the tables whose first column is called a message."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    tables = re.findall(r"^\| message \|.*\n\|[-| ]+\n((?:\|.*\n)+)", text, re.MULTILINE)
    return [row.split(" | ")[0].strip("| `") for table in tables for row in table.splitlines()]


def is_said(message: str) -> bool:
    """Tell whether a text of the code has a message, in order and in one line; it may go on in another text."""
    parts = [part.strip(" ;") for part in message.split(ANY)]
    words = [re.escape(part) for part in parts if re.search(r"\w\w", part)]
    whole = re.search(".*".join(words), TEXTS) is not None
    return bool(words) and (whole or all(re.search(word, TEXTS) for word in words))


@pytest.mark.parametrize(
    ("page", "message"), [pytest.param(page, each, id=each) for page in PAGES for each in messages(page)]
)
def test_the_suite_gives_the_message(page: str, message: str) -> None:
    assert is_said(message)


def test_another_message_would_be_noticed() -> None:
    assert not is_said("the moon … is not configured")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_messages_has_some(page: str) -> None:
    assert len(messages(page)) >= 3
