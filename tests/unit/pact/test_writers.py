"""Contracts in the shape in which the tools of several languages write them."""

import json
from pathlib import Path
from typing import Any

import pytest

from servanda.pact import PactFile, ProviderState, load
from servanda.transports.http.interaction import HttpInteraction
from servanda.transports.http.matching import HttpAnswer, match_request, match_response
from servanda.transports.kafka.interaction import MessageInteraction
from servanda.transports.kafka.matching import Record, match_record

JSON = {"content-type": ("application/json; charset=utf-8",)}

JAVASCRIPT: dict[str, Any] = {
    "consumer": {"name": "web"},
    "provider": {"name": "books"},
    "interactions": [
        {
            "description": "a request for books",
            "providerState": "there are books",
            "request": {
                "method": "GET",
                "path": "/books",
                "query": "sort=title&full",
                "headers": {"Accept": "application/json"},
                "matchingRules": {"$.query.sort[0]": {"match": "regex", "regex": "title|year"}},
            },
            "response": {
                "status": 200,
                "headers": {"Content-Type": "application/json; charset=utf-8"},
                "body": [{"id": 1, "title": "Emma", "isbn": "978-1"}],
                "matchingRules": {
                    "$.body": {"min": 1},
                    "$.body[*].*": {"match": "type"},
                    "$.body[*].isbn": {"match": "regex", "regex": r"^\d+-\d+$"},
                    "$.headers['Content-Type']": {"match": "regex", "regex": "application\\/json.*"},
                },
            },
        }
    ],
    "metadata": {"pactSpecification": {"version": "2.0.0"}, "pact-js": {"version": "9.18.1"}},
}
PHP: dict[str, Any] = {
    "consumer": {"name": "shop"},
    "provider": {"name": "books"},
    "interactions": [
        {
            "description": "a request for a book",
            "providerStates": [{"name": "a book exists", "params": []}],
            "request": {"method": "GET", "path": "/books/1", "query": [], "headers": [], "matchingRules": []},
            "response": {
                "status": 200,
                "headers": [],
                "body": {"id": 1},
                "matchingRules": {"body": []},
                "generators": [],
            },
        }
    ],
    "metadata": {"pactSpecification": {"version": "3.0.0"}},
}
JAVA: dict[str, Any] = {
    "consumer": {"name": "billing"},
    "provider": {"name": "orders"},
    "messages": [
        {
            "description": "an order was placed",
            "providerStates": [{"name": "an order", "params": {"id": 7}}],
            "metaData": {"contentType": "application/json", "source": "orders"},
            "contents": {"id": 7, "placed": "2026-07-02", "lines": [{"sku": "A-1"}]},
            "matchingRules": {
                "body": {
                    "$.placed": {"matchers": [{"match": "date", "date": "yyyy-MM-dd"}], "combine": "AND"},
                    "$.lines": {"matchers": [{"match": "type", "min": 1}], "combine": "AND"},
                    "$.lines[*].sku": {"matchers": [{"match": "regex", "regex": "(?<letter>[A-Z])-\\d+"}]},
                },
                "metaData": {"source": {"matchers": [{"match": "type"}], "combine": "AND"}},
            },
        }
    ],
    "metadata": {"pactSpecification": {"version": "3.0.0"}, "pact-jvm": {"version": "4.6.14"}},
}


@pytest.fixture
def written(tmp_path: Path) -> Any:
    def write(document: dict[str, Any]) -> PactFile:
        path = tmp_path / "contract.json"
        path.write_text(json.dumps(document))
        return load(path)

    return write


def test_a_contract_of_pact_js_is_read_and_matched(written: Any) -> None:
    (found,) = written(JAVASCRIPT).interactions
    assert isinstance(found, HttpInteraction)
    assert (found.states, found.request.target) == ((ProviderState("there are books"),), "/books?sort=title&full")
    assert match_request(found, found.request) == ()
    body = b'[{"id": 2, "title": "Persuasion", "isbn": "978-2"}, {"id": 3, "title": "Sanditon", "isbn": "978-3"}]'
    assert match_response(found, HttpAnswer(200, JSON, body)) == ()
    assert [each.path for each in match_response(found, HttpAnswer(200, JSON, body.replace(b"978-3", b"978-x")))] == [
        "$[1].isbn"
    ]
    assert match_response(found, HttpAnswer(200, JSON, b"[]")) != ()
    assert match_response(found, HttpAnswer(200, {"content-type": ("text/html",)}, body)) != ()


def test_a_contract_of_pact_php_is_read_and_matched(written: Any) -> None:
    (found,) = written(PHP).interactions
    assert isinstance(found, HttpInteraction)
    assert (found.states, found.request.fields) == ((ProviderState("a book exists"),), {})
    assert match_response(found, HttpAnswer(200, JSON, b'{"id": 1, "title": "Emma"}')) == ()
    assert [each.path for each in match_response(found, HttpAnswer(200, JSON, b'{"id": 2}'))] == ["$.id"]


def test_a_message_of_pact_jvm_is_read_and_matched(written: Any) -> None:
    (found,) = written(JAVA).interactions
    assert isinstance(found, MessageInteraction)
    assert found.states == (ProviderState("an order", {"id": 7}),)

    def differences(**changes: Any) -> list[str]:
        contents = {"id": 7, "placed": "2026-12-31", "lines": [{"sku": "B-2"}, {"sku": "C-3"}], **changes}
        record = Record(None, json.dumps(contents).encode(), {"source": ("elsewhere",)})
        return [each.path for each in match_record(found, record)]

    assert differences() == []
    assert differences(placed="2026-02-30") == ["$.placed"]
    assert differences(lines=[{"sku": "B-2x"}]) == ["$.lines[0].sku"]
    assert differences(lines=[]) == ["$.lines"]
