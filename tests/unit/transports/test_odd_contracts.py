"""Whatever a contract holds and a provider answers: the comparison ends with a result, or an error that says why."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servanda.errors import ServandaError
from servanda.pact import Interaction, checks_nothing, load_readable, resolve
from servanda.patterns import PatternBounds, within
from servanda.transports.grpc import matching as grpc
from servanda.transports.grpc.interaction import GrpcInteraction
from servanda.transports.http import matching as http
from servanda.transports.http.interaction import HttpInteraction
from servanda.transports.http.resolving import resolve as resolve_http
from servanda.transports.kafka import matching as kafka
from servanda.transports.kafka.interaction import MessageInteraction
from tests.samples.library.contracts import a_book_over_http, a_loan_over_kafka, a_title_over_grpc, contract

RULES = {
    "body": {
        "$.id": {"matchers": [{"match": "regex", "regex": "[a-z]+"}]},
        "$.at": {"matchers": [{"match": "date", "format": "yyyy-MM-dd"}]},
        "$.list[*]": {"matchers": [{"match": "eachValue", "rules": [{"match": "type"}]}], "combine": "OR"},
        "$.any": {"matchers": [{"match": "arrayContains", "variants": [{"index": 0, "rules": {}}]}]},
    },
    "header": {"X-Id": {"matchers": [{"match": "include", "value": "a"}]}},
    "status": {"$": {"matchers": [{"match": "statusCode", "status": "success"}]}},
}
FILLED = {"body": {"$.id": {"type": "ProviderState", "expression": "${id}"}}, "path": {"type": "Date"}}
BODY = {"content": {"id": "a", "at": "2026-01-31", "list": [1], "any": [1]}, "contentType": "application/json"}
PART = {"headers": {"X-Id": ["a", "b"]}, "body": BODY, "matchingRules": RULES, "generators": FILLED}
XML = {"content": "<a b='1'><c>1</c></a>", "contentType": "application/xml", "encoded": False}
DOCUMENTS = (
    a_book_over_http(request={"method": "POST", "path": "/a", **PART}, response={"status": 200, **PART}),
    a_book_over_http(request={"method": "POST", "path": "/a", "body": XML}, response={"status": 200, "body": XML}),
    a_title_over_grpc(),
    a_loan_over_kafka(),
)
ODD: tuple[Any, ...] = (
    *(
        None,
        True,
        -1,
        1.5,
        1e308,
        "",
        "x",
        "$[",
        "(",
        r"\p{L",
        "QQ'",
        "é\0",
        "a" * 5000,
        [],
        [None],
        [[]],
        {},
        {"": ""},
    ),
    *({"match": "regex"}, {"match": "type", "min": "x"}, {"type": "RandomInt", "min": 5, "max": 1}),
    *({"type": "Date", "format": "QQ"}, {"content": "!!", "encoded": "base64"}, "application/xml; charset=x", "é"),
)
BODIES = (b"", b"null", b"{}", b"[]", b"1", b"NaN", b"<a/>", b"\xff\xfe", b"a=1&b", b"[" * 5000, "é".encode("utf-16"))
TYPES = ("", "application/json", "application/xml", "text/plain; charset=utf-16", "multipart/mixed", ";;;", "a/b; c")


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield (*path, step)
        yield from places(inner, (*path, step))


def change(document: Any, data: st.DataObject) -> None:
    """Put something odd somewhere, or leave something out."""
    *path, last = data.draw(st.sampled_from(list(places(document))))
    around = document
    for step in path:
        around = around[step]
    if data.draw(st.booleans()):
        around[last] = copy.deepcopy(data.draw(st.sampled_from(ODD)))
    else:
        del around[last]


def compared(interaction: Interaction, body: bytes, content_type: str) -> None:
    """Do with an interaction what recording and verifying do."""
    checks_nothing(interaction)
    named = {"content-type": (content_type,)} if content_type else {}
    match interaction:
        case HttpInteraction():
            filled = resolve_http(interaction, {"id": 7})
            http.match_response(filled, http.HttpAnswer(200, {**interaction.response.fields, **named}, body))
            http.match_examples(interaction)
        case GrpcInteraction():
            grpc.match_answer(resolve(interaction, {"id": 7}), grpc.GrpcAnswer(body=body))
            grpc.match_examples(interaction)
        case MessageInteraction():
            kafka.match_record(resolve(interaction, {"id": 7}), kafka.Record(None, body, named))
            kafka.match_examples(interaction)


@pytest.fixture(scope="module")
def contracts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, ...]:
    written = []
    for document in DOCUMENTS:
        folder = tmp_path_factory.mktemp("contract")
        contract(folder, document)
        written.append(json.loads((folder / "reader-library.json").read_text()))
    return tuple(written)


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
def test_nothing_in_a_contract_or_an_answer_is_a_defect(
    contracts: tuple[Any, ...], tmp_path: Path, data: st.DataObject
) -> None:
    document = copy.deepcopy(data.draw(st.sampled_from(contracts)))
    for _ in range(data.draw(st.integers(1, 3))):
        change(document, data)
    path = tmp_path / "x.json"
    path.write_text(json.dumps(document))
    with within(PatternBounds()):
        try:
            found = load_readable(path)
        except ServandaError:
            return
        assert [each.error.what for each in found.unreadable if each.error.what.startswith("cannot be read: ")] == []
        for interaction in found.interactions:
            try:
                compared(interaction, data.draw(st.sampled_from(BODIES)), data.draw(st.sampled_from(TYPES)))
            except ServandaError as error:
                assert error.what  # noqa: PT017 - that it is one is the claim


def test_a_header_without_values_says_nothing_of_the_media_type(tmp_path: Path) -> None:
    response = {"status": 200, "headers": {"Content-Type": []}, "body": BODY}
    (interaction,) = contract(tmp_path, a_book_over_http(response=response)).interactions
    assert isinstance(interaction, HttpInteraction)
    assert http.match_examples(interaction) == ()
