"""A docstring opens with the word that a newcomer needs: a verb for a function, a noun for a module or a class."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGES = ("servanda", "platformkit", "services", "codegen", "bench")
NO_VERBS = """
A All An Another As At Each Every Everything Fields For From How If In It Names Numbers One Paths That The These This
Those What Whatever When Where Whether Which Who Whoever With Without
"""

NO_NOUNS = "How What Whatever When Where Whether Which Who Whoever Whom"


def first_words(source: str) -> Iterator[tuple[int, str]]:
    """Give the line and the first word of each docstring of a function or property that is not a fixture."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        decorators = " ".join(ast.unparse(each) for each in node.decorator_list)
        if (text := ast.get_docstring(node)) and "fixture" not in decorators:
            yield node.lineno, text.split()[0]


def first_nouns(source: str) -> Iterator[tuple[int, str]]:
    """Give the line and the first word of the docstring of the module and of each class."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef) and (text := ast.get_docstring(node)):
            yield node.body[0].lineno, text.split()[0]


@pytest.mark.parametrize("package", PACKAGES)
def test_the_docstring_of_a_function_starts_with_a_verb(package: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} {word}"
        for path in (ROOT / package).rglob("*.py")
        for line, word in first_words(path.read_text(encoding="utf-8"))
        if word in NO_VERBS.split()
    ]

    assert found == []


@pytest.mark.parametrize("package", PACKAGES)
def test_the_docstring_of_a_module_or_class_starts_with_a_noun(package: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} {word}"
        for path in (ROOT / package).rglob("*.py")
        for line, word in first_nouns(path.read_text(encoding="utf-8"))
        if word in NO_NOUNS.split()
    ]

    assert found == []


def test_a_clause_in_place_of_a_noun_is_seen() -> None:
    assert list(first_nouns('"""What it is."""\n\n\nclass A:\n    """The first."""\n')) == [(1, "What"), (5, "The")]


def test_a_docstring_without_a_verb_is_seen() -> None:
    assert list(first_words('def age():\n    """The age."""\n')) == [(1, "The")]


def test_a_property_without_a_verb_is_seen() -> None:
    source = 'class A:\n    @property\n    def age(self):\n        """The age."""\n'
    assert list(first_words(source)) == [(3, "The")]


def test_a_fixture_may_name_what_it_is() -> None:
    assert list(first_words('@pytest.fixture\ndef age():\n    """The age."""\n')) == []
