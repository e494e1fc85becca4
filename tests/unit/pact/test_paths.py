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
