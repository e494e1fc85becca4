"""Headers, metadata and query parameters as pact files write them."""

from typing import Any

import pytest

from servanda.pact.parts.fields import content_type, listed, metadata, query
from tests.unit.pact.parts.written import table


@pytest.mark.parametrize(
    ("written", "values"),
    [
        pytest.param("a", ("a",), id="text"),
        pytest.param(["a", "b"], ("a", "b"), id="several"),
        pytest.param([], (), id="none"),
        pytest.param(7, ("7",), id="number"),
        pytest.param(True, ("true",), id="boolean"),
        pytest.param(None, ("",), id="nothing"),
        pytest.param([7, None, "a"], ("7", "", "a"), id="of several kinds"),
        pytest.param({"a": 1}, ('{"a": 1}',), id="object"),
    ],
)
def test_a_name_has_one_value_or_several(written: object, values: tuple[str, ...]) -> None:
    assert listed(table({"headers": {"X-A": written}}), "headers") == {"X-A": values}


@pytest.mark.parametrize(
    ("written", "values"),
    [
        pytest.param({"a": ["1", "2"]}, {"a": ("1", "2")}, id="by name"),
        pytest.param("a=1&b=x%20y&a=2", {"a": ("1", "2"), "b": ("x y",)}, id="as one text"),
        pytest.param("a=&b=1", {"a": ("",), "b": ("1",)}, id="an empty value"),
        pytest.param("a&b=1", {"a": (None,), "b": ("1",)}, id="no value"),
        pytest.param("?a=1&&b=x+y=z", {"a": ("1",), "b": ("x y=z",)}, id="as it is copied from a URL"),
        pytest.param({"a": "1", "b": [None, ""], "c": None}, {"a": ("1",), "b": (None, ""), "c": (None,)}, id="nulls"),
        pytest.param([], {}, id="as PHP writes nothing"),
    ],
)
def test_a_query_is_written_by_name_or_as_one_text(written: object, values: dict[str, Any]) -> None:
    assert query(table({"query": written})) == values


def test_what_is_not_written_is_empty() -> None:
    assert (query(table({})), metadata(table({})), listed(table({}), "headers")) == ({}, {}, {})
    assert listed(table({"headers": []}), "headers") == {}


def test_headers_and_metadata_name_the_media_type() -> None:
    assert content_type({"CONTENT-type": ("a/b", "c/d")}) == "a/b"
    assert content_type({"contentType": ("a/b",)}) == "a/b"
    assert content_type({"Accept": ("a/b",), "content-type": ()}) == ""


def test_metadata_have_two_names_of_which_the_newer_one_counts() -> None:
    assert metadata(table({"metaData": {"key": "old"}})) == {"key": ("old",)}
    assert metadata(table({"metadata": {"key": "new"}, "metaData": {"key": "old"}})) == {"key": ("new",)}
