from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platformkit.transcoding import TemplateError
from platformkit.transcoding.template import parse_template


@pytest.mark.parametrize(
    ("template", "path", "variables"),
    [
        pytest.param("/v1/users", "/v1/users", {}, id="literals"),
        pytest.param("/v1/users/{user_id}", "/v1/users/7", {"user_id": "7"}, id="variable"),
        pytest.param("/v1/{user.user_id}", "/v1/7", {"user.user_id": "7"}, id="nested-field"),
        pytest.param("/v1/users/{id}", "/v1/users/a%2Fb%20c", {"id": "a/b c"}, id="percent-encoded"),
        pytest.param("/v1/users/{id}", "/v1/users/a+b", {"id": "a+b"}, id="plus-is-no-space-in-a-path"),
        pytest.param("/v1/users/{id}:stop", "/v1/users/7:stop", {"id": "7"}, id="verb"),
        pytest.param("/v1/users/{id}:stop", "/v1/users/a%3Astop:stop", {"id": "a:stop"}, id="colon-in-a-value"),
        pytest.param("/v1/*/b", "/v1/anything/b", {}, id="anonymous-segment"),
        pytest.param("/v1/{name=shelves/*}", "/v1/shelves/3", {"name": "shelves/3"}, id="two-segments"),
        pytest.param("/v1/{name=**}", "/v1/a/b/c", {"name": "a/b/c"}, id="many-segments"),
        pytest.param("/v1/{name=**}", "/v1/a%2Fb/%20", {"name": "a%2Fb/ "}, id="encoded-slash-stays-in-many-segments"),
        pytest.param("/v1/{name=**}", "/v1", {"name": ""}, id="no-segment"),
        pytest.param("/v1/{name=a/**}", "/v1/a", {"name": "a"}, id="no-segment-behind-a-literal"),
        pytest.param("/v1/a/**", "/v1/a", {}, id="no-segment-without-a-variable"),
        pytest.param("/{name=**}:get", "/:get", {"name": ""}, id="no-segment-at-all"),
        pytest.param("/v1/{name=a/**}:get", "/v1/a/b/c:get", {"name": "a/b/c"}, id="many-segments-and-verb"),
        pytest.param("/v1/größe/{a}", "/v1/gr%C3%B6%c3%9fe/1", {"a": "1"}, id="encoded-literal"),
    ],
)
def test_a_template_matches_a_path(template: str, path: str, variables: dict[str, str]) -> None:
    assert parse_template(template).match(path) == variables


@pytest.mark.parametrize(
    ("template", "path"),
    [
        pytest.param("/v1/users/{id}", "/v1/users", id="too-short"),
        pytest.param("/v1/users/{id}", "/v1/users/", id="empty-variable"),
        pytest.param("/v1/users/{id}", "/v1/users/7/", id="slash-at-the-end"),
        pytest.param("/v1/users/{id}", "/v1/users/7/8", id="too-long"),
        pytest.param("/v1/users/{id}:stop", "/v1/users/7", id="verb-missing"),
        pytest.param("/v1/users/{id}:stop", "/v1/users/7%3Astop", id="encoded-colon-is-no-verb"),
        pytest.param("/v1/{name=shelves/*}", "/v1/books/3", id="other-literal-in-a-variable"),
        pytest.param("/v1/users", "/V1/users", id="other-case"),
    ],
)
def test_a_template_does_not_match_another_path(template: str, path: str) -> None:
    assert parse_template(template).match(path) is None


@pytest.mark.parametrize(
    "template",
    ["", "v1", "/", "/v1//a", "/v1/", "/{a", "/{a=}", "/{}", "/{a}{b}", "/a{b}", "/{a=**}/b", "/**/a", "/{a}/{a}"],
)
def test_a_template_against_the_grammar_is_refused(template: str) -> None:
    with pytest.raises(TemplateError):
        parse_template(template)


@given(st.text(min_size=1))
def test_whatever_stands_in_one_segment_comes_back(text: str) -> None:
    template = parse_template("/v1/{id}:stop")
    assert template.match(template.expand({"id": text})) == {"id": text}


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="/"), min_size=1), min_size=1).map("/".join))
def test_whatever_stands_in_many_segments_comes_back(text: str) -> None:
    template = parse_template("/v1/{name=**}")
    assert template.match(template.expand({"name": text})) == {"name": text}


def test_a_value_that_does_not_fit_its_place_is_refused() -> None:
    with pytest.raises(TemplateError):
        parse_template("/v1/{name=shelves/*}").expand({"name": "books/3"})


def test_a_path_that_is_not_utf8_is_no_value() -> None:
    with pytest.raises(UnicodeDecodeError):
        parse_template("/v1/{id}").match("/v1/%ff")
