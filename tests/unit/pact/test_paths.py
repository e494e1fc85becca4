"""Paths of matching rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.errors import ContractError
from servanda.pact.paths import Path, Wildcard, parse, render, weight

STEPS = st.one_of(st.text(min_size=1), st.integers(min_value=0), st.sampled_from(Wildcard))
PATHS = st.lists(STEPS, max_size=5).map(tuple)


@given(PATHS)
def test_a_rendered_path_is_read_back(path: Path) -> None:
    assert parse(render(path)) == path


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        pytest.param("$", (), id="root"),
        pytest.param("$.a.b", ("a", "b"), id="names"),
        pytest.param("$.a[0][*].*", ("a", 0, Wildcard.INDEX, Wildcard.ANY), id="indexes and wildcards"),
        pytest.param("$['e-mail'][\"x y\"]", ("e-mail", "x y"), id="quoted names"),
    ],
)
def test_a_path_is_read_step_by_step(text: str, steps: Path) -> None:
    assert parse(text) == steps


@pytest.mark.parametrize("text", ["a.b", "$.a[", "$..a", "$.a[x]"])
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(ContractError, match="is not a path"):
        parse(text)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        pytest.param("$.a.b", 8, id="exact steps weigh two"),
        pytest.param("$.a.*", 4, id="a wildcard weighs one"),
        pytest.param("$.a", 4, id="an ancestor counts"),
        pytest.param("$.a.c", 0, id="a step that differs counts nothing"),
        pytest.param("$.a.b.c", 0, id="a longer expression counts nothing"),
        pytest.param("$.a[*]", 0, id="a name is no index"),
    ],
)
def test_expressions_are_weighed_as_the_specification_says(expression: str, expected: int) -> None:
    assert weight(parse(expression), ("a", "b")) == expected


@pytest.mark.parametrize("text", ["$[" + "9" * 5000 + "]", "$[" + "'" + "\\" * 100_001, "x" * 100_000])
def test_what_is_no_path_is_told_shortly(text: str) -> None:
    with pytest.raises(ContractError) as failed:
        parse(text)
    assert len(str(failed.value)) < 600


@pytest.mark.parametrize(
    ("steps", "text"),
    [
        pytest.param((), "$", id="root"),
        pytest.param(("a", 0, Wildcard.INDEX, Wildcard.ANY), "$.a[0][*].*", id="plain steps"),
        pytest.param(("e-mail",), "$.e-mail", id="a name with a dash"),
        pytest.param(("a.b", "it's", "a'\\", ""), r"$['a.b']['it\'s']['a\'\\']['']", id="names that need quotes"),
    ],
)
def test_a_path_is_rendered_with_as_few_quotes_as_it_needs(steps: Path, text: str) -> None:
    assert render(steps) == text
    assert parse(text) == steps


@pytest.mark.parametrize(
    ("expression", "path", "expected"),
    [
        pytest.param("$", (), 2, id="the root weighs two"),
        pytest.param("$", ("a",), 2, id="the root is an ancestor of all"),
        pytest.param("$[*]", (3,), 2, id="any index weighs one"),
        pytest.param("$[3]", (3,), 4, id="an index weighs two"),
        pytest.param("$[*]", (Wildcard.INDEX,), 2, id="any index for any index"),
        pytest.param("$.*", (3,), 2, id="anything is an index too"),
        pytest.param("$[3]", ("3",), 4, id="a key that is a number is written as an index"),
        pytest.param("$.3", (3,), 4, id="an index is written as a key"),
        pytest.param("$[*]", ("3",), 2, id="any index is any key that is a number"),
        pytest.param("$[*]", ("a",), 0, id="any index is no other key"),
        pytest.param("$[3]", ("4",), 0, id="an index is no other key that is a number"),
        pytest.param("$.a[*].b", ("a", 0, "b"), 8, id="steps are multiplied"),
    ],
)
def test_each_step_of_an_expression_is_weighed(expression: str, path: Path, expected: int) -> None:
    assert weight(parse(expression), path) == expected
