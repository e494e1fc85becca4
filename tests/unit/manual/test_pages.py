"""The manual that comes with the suite is the documentation."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from servanda.manual import pages

ROOT = Path(__file__).parents[3]
SUITE = ROOT / "servanda"


def strings(path: Path) -> list[str]:
    """Texts of a module that can reach somebody: its docstrings cannot."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent
    ]


TEXTS = [text for path in SUITE.rglob("*.py") for text in strings(path)]


def test_every_page_but_the_decisions_is_in_the_manual() -> None:
    documents = [*ROOT.glob("docs/*.md"), *ROOT.glob("docs/how-to/*.md"), *ROOT.glob("docs/reference/*.md")]

    assert sorted(pages()) == sorted(path.stem for path in documents if path.stem != "index")


def test_no_two_pages_have_the_same_name() -> None:
    files = [path.stem for folder in ("how-to", "reference") for path in (ROOT / "docs" / folder).glob("*.md")]

    assert len(files) == len(set(files))


def test_a_page_has_a_name_and_a_title() -> None:
    assert pages()["waivers"].title == "Accept a breaking change"


def test_a_link_to_another_page_becomes_the_command_that_shows_it() -> None:
    text = pages()["tutorial"].text()

    assert "check in CI (`servanda help check-in-ci`)" in text
    assert re.search(r"\]\((?!\w+:)", text) is None


def test_no_page_keeps_a_comment() -> None:
    assert [name for name, page in pages().items() if "<!--" in page.text()] == []


def test_every_hint_that_names_a_page_names_one_that_is_there() -> None:
    named = {name for text in TEXTS for name in re.findall(r"'servanda help ([\w-]+)'", text)}

    assert named
    assert named <= set(pages())


def test_no_hint_names_a_file_that_is_not_installed() -> None:
    assert [text for text in TEXTS if re.search(r"\bdocs/\S+\.md", text)] == []
