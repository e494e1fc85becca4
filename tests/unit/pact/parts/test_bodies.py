"""Bodies as pact files write them."""

from typing import Any

import pytest

from servanda.documents import Notation, Reader
from servanda.errors import ContractError
from servanda.pact import Body
from servanda.pact.parts.bodies import of_contents, of_http
from tests.unit.pact.parts.written import table


def test_a_part_without_a_body_says_nothing_of_one() -> None:
    for version in (1, 2, 3, 4):
        assert of_http(table({}), version) is None
        assert of_contents(table({}), version) is None
        assert of_contents(table({"contents": None}), version) is None
    for written in ({}, {"contentType": "a/b"}):
        assert of_http(table({"body": written}), 4) is None
        assert of_contents(table({"contents": written}), 4) is None


def test_null_is_neither_a_missing_nor_an_empty_body() -> None:
    wrapped = {"content": None, "contentType": "application/json"}
    assert of_http(table({"body": wrapped}), 4) == Body(b"null", "application/json", is_null=True)
    assert of_http(table({"body": {"content": None, "contentType": "a/b"}}), 4) == Body(b"", "a/b", is_null=True)
    assert of_http(table({"body": {"content": None}}), 4) == Body(b"", "", is_null=True)
    for version in (1, 2, 3, 4):
        assert of_http(table({"body": None}), version) == Body(b"", "", is_null=True)
        json_null = Body(b"null", "application/json", is_null=True)
        assert of_http(table({"body": None}), version, "application/json") == json_null
        assert of_http(table({"body": None}), version, "text/plain") == Body(b"", "text/plain", is_null=True)
        assert of_http(table({"body": ""}), version, "application/json") == Body(b"", "application/json")


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
    assert of_http(table({"body": written}), 4) == body
    assert of_contents(table({"contents": written}), 4) == body


@pytest.mark.parametrize("version", [1, 2, 3])
@pytest.mark.parametrize(
    ("written", "body"),
    [
        pytest.param("é", Body("é".encode(), "text/plain"), id="text"),
        pytest.param("42 eggs", Body(b"42 eggs", "text/plain"), id="text that begins as JSON"),
        pytest.param(' {"a": 1}', Body(b' {"a": 1}', "application/json"), id="text that is JSON"),
        pytest.param("<?xml version='1.0'?><a/>", Body(b"<?xml version='1.0'?><a/>", "application/xml"), id="XML"),
        pytest.param("<a/>", Body(b"<a/>", "application/xml"), id="an element"),
        pytest.param("<!DOCTYPE html>", Body(b"<!DOCTYPE html>", "text/html"), id="HTML"),
        pytest.param([1], Body(b"[1]", "application/json"), id="list"),
        pytest.param(5, Body(b"5", "application/json"), id="number"),
        pytest.param({"content": "hi"}, Body(b'{"content": "hi"}', "application/json"), id="object as of version 4"),
        pytest.param({"text": "é"}, Body('{"text": "é"}'.encode(), "application/json"), id="object"),
    ],
)
def test_a_bare_body_tells_what_it_is_where_no_header_does(version: int, written: object, body: Body) -> None:
    assert of_http(table({"body": written}), version) == body
    assert of_contents(table({"contents": written}), version) == body


@pytest.mark.parametrize(
    ("written", "content_type", "content"),
    [
        pytest.param("abc", "application/json", b'"abc"', id="a string of JSON"),
        pytest.param('{"a":1}', "application/json", b'{"a":1}', id="JSON as text"),
        pytest.param('"abc"', "application/hal+json", b'"abc"', id="a quoted string of JSON"),
        pytest.param("AAEC/w==", "application/octet-stream", b"\x00\x01\x02\xff", id="base64"),
        pytest.param("/w==", "image/png", b"\xff", id="base64 of an image"),
        pytest.param("not base64", "application/octet-stream", b"not base64", id="what is no base64"),
        pytest.param("abcd", "text/plain", b"abcd", id="text that could be base64"),
        pytest.param("abcd", "application/x-www-form-urlencoded", b"abcd", id="a form that could be base64"),
        pytest.param("<abc/>", "application/soap+xml", b"<abc/>", id="XML"),
    ],
)
def test_what_a_bare_text_stands_for_depends_on_its_media_type(written: str, content_type: str, content: bytes) -> None:
    assert of_http(table({"body": written}), 3, content_type) == Body(content, content_type)
    assert of_contents(table({"contents": written}), 3, content_type) == Body(content, content_type)


def test_a_body_without_the_form_of_version_4_is_bare_there_too() -> None:
    assert of_http(table({"body": {"content": 1, "size": 2}}), 4) == Body(
        b'{"content": 1, "size": 2}', "application/json"
    )
    assert of_contents(table({"contents": "hello"}), 4) == Body(b"hello", "text/plain")


@pytest.mark.parametrize("content", ["%", "/w=", "/w==%"])
def test_what_is_no_base64_is_refused_where_it_stands(content: str) -> None:
    text = f'{{"body": {{"encoded": "base64",\n "content": "{content}"}}}}'
    part = Reader(ContractError).parse(text, "a.json", Notation.JSON).root.table()
    with pytest.raises(ContractError, match="is not base64") as failed:
        of_http(part, 4)
    assert (failed.value.where or "").startswith("a.json:2:")
