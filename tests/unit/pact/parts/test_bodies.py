"""Bodies as pact files write them."""

from typing import Any

import pytest

from servanda.documents import Notation, Reader
from servanda.errors import ContractError
from servanda.pact import Body
from servanda.pact.parts.bodies import of_contents, of_http
from tests.unit.pact.parts.written import table


def test_a_part_without_a_body_says_nothing_of_one() -> None:
    assert of_http(table({})) is None
    assert of_http(table({"body": {"content": None, "contentType": "a/b"}})) == Body(b"null", "a/b")
    assert of_contents(table({})) is None
    assert of_contents(table({"contents": None})) is None
    assert of_contents(table({"contents": {}})) is None
    assert of_contents(table({"contents": {"contentType": "a/b"}})) is None


@pytest.mark.parametrize(
    ("written", "body"),
    [
        pytest.param({"content": "x", "contentType": "text/plain"}, Body(b"x", "text/plain"), id="text"),
        pytest.param({"content": "é"}, Body("é".encode()), id="text of no type"),
        pytest.param({"content": "", "contentType": "application/json"}, Body(b"", "application/json"), id="no JSON"),
        pytest.param(
            {"content": "x", "contentType": "application/json"}, Body(b'"x"', "application/json"), id="text as JSON"
        ),
        pytest.param(
            {"content": {"a": "é"}, "contentType": "application/x+json"},
            Body('{"a": "é"}'.encode(), "application/x+json"),
            id="JSON by its suffix",
        ),
        pytest.param({"content": [1]}, Body(b"[1]", "application/json"), id="a structure of no type"),
        pytest.param(
            {"content": "/w==", "contentType": "image/png", "encoded": "base64"},
            Body(b"\xff", "image/png"),
            id="base64",
        ),
        pytest.param({"content": "/w==", "encoded": True}, Body(b"\xff"), id="base64, by a boolean"),
        pytest.param(
            {"content": '{"a":1}', "contentType": "application/json", "encoded": "JSON"},
            Body(b'{"a":1}', "application/json"),
            id="JSON as text",
        ),
        pytest.param(
            {"content": "x", "contentType": "text/plain", "contentTypeHint": "TEXT", "encoded": False},
            Body(b"x", "text/plain"),
            id="with a hint",
        ),
    ],
)
def test_a_body_is_read_as_version_4_writes_it(written: dict[str, Any], body: Body) -> None:
    assert of_http(table({"body": written})) == body
    assert of_contents(table({"contents": written})) == body


@pytest.mark.parametrize(
    ("written", "body"),
    [
        pytest.param("é", Body("é".encode(), "text/plain"), id="text"),
        pytest.param([1], Body(b"[1]", "application/json"), id="list"),
        pytest.param({"content": 1, "size": 2}, Body(b'{"content": 1, "size": 2}', "application/json"), id="object"),
        pytest.param({"text": "é"}, Body('{"text": "é"}'.encode(), "application/json"), id="object without content"),
    ],
)
def test_a_body_is_read_as_version_3_writes_it(written: object, body: Body) -> None:
    assert of_http(table({"body": written})) == body
    assert of_contents(table({"contents": written})) == body


def test_an_object_that_only_looks_like_version_4_is_a_body_of_http() -> None:
    assert of_http(table({"body": {"encoded": "x"}})) == Body(b'{"encoded": "x"}', "application/json")
    assert of_http(table({"body": None})) == Body(b"null", "application/json")


@pytest.mark.parametrize("content", ["%", "/w=", "/w==%"])
def test_what_is_no_base64_is_refused_where_it_stands(content: str) -> None:
    text = f'{{"body": {{"encoded": "base64",\n "content": "{content}"}}}}'
    part = Reader(ContractError).parse(text, "a.json", Notation.JSON).root.table()
    with pytest.raises(ContractError, match="is not base64") as failed:
        of_http(part)
    assert (failed.value.where or "").startswith("a.json:2:")
