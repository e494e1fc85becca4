"""What a function does is said by a verb, so that a newcomer can act on its first word."""

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


def first_words(source: str) -> Iterator[tuple[int, str]]:
    """Give the line and the first word of each docstring of a function that is neither a property nor a fixture."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        decorators = " ".join(ast.unparse(each) for each in node.decorator_list)
        if (text := ast.get_docstring(node)) and "property" not in decorators and "fixture" not in decorators:
            yield node.lineno, text.split()[0]


@pytest.mark.parametrize("package", PACKAGES)
def test_the_docstring_of_a_function_starts_with_a_verb(package: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} {word}"
        for path in (ROOT / package).rglob("*.py")
        for line, word in first_words(path.read_text(encoding="utf-8"))
        if word in NO_VERBS.split()
    ]

    assert found == []


def test_a_docstring_without_a_verb_is_seen() -> None:
    assert list(first_words('def age():\n    """The age."""\n')) == [(1, "The")]


def test_a_property_names_what_it_is() -> None:
    assert list(first_words('class A:\n    @property\n    def age(self):\n        """The age."""\n')) == []
