"""Texts made from the syntax of an expression: most match, all are the same in every run, none takes long."""

import pytest

from servanda.patterns import compiled
from servanda.patterns.samples import samples


@pytest.mark.parametrize(
    "pattern",
    [
        r"^[a-z]{1,63}$",
        r"^(?P<word>\w+)-(?P=word)$",
        r"^(red|green|blue)$",
        r"^[^aeiou]+\.(json|ya?ml)$",
        r"^\d{4}-\d\d-\d\d$",
        r"^projects/[^/]+/things/.+$",
    ],
)
def test_samples_match(pattern: str) -> None:
    made = list(samples(pattern))

    assert len(made) > 1
    assert all(compiled(pattern).search(text) for text in made)
    assert made == list(samples(pattern))


def test_the_edges_of_a_repetition_are_among_the_samples() -> None:
    assert {3, 9} <= {len(text) for text in samples("^a{3,9}$")}


@pytest.mark.parametrize("pattern", ["(", "^(((a{1000}){1000}){1000})$", "((((a*)*)*)*)*" * 20, r"\pN"])
def test_what_is_not_valid_or_endless_has_few_samples_or_none(pattern: str) -> None:
    assert all(len(text) <= 5_000 for text in samples(pattern))
