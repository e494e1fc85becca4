"""Whole answers against whole interactions."""

import json
from typing import Any

import pytest

from servanda.pact import Body, Part
from servanda.pact.descriptors import Descriptors
from servanda.pact.rules import parse
from servanda.transports.grpc.interaction import GrpcInteraction
from servanda.transports.grpc.matching import GrpcAnswer, match_answer
from servanda.transports.http.interaction import HttpInteraction, HttpRequest, HttpResponse
from servanda.transports.http.matching import HttpAnswer, match_request, match_response
from servanda.transports.kafka.interaction import MessageInteraction
from servanda.transports.kafka.matching import Record, match_record
from servanda.verdict import Location

HERE = Location("basket-shop.json", 1)
JSON = ("application/json",)
TYPE = {"$": {"matchers": [{"match": "type"}]}}


def http(**response: Any) -> HttpInteraction:
    return HttpInteraction(
        description="one", location=HERE, requests=(HttpRequest(),), responses=(HttpResponse(**response),)
    )


@pytest.fixture
def call(descriptors: Descriptors) -> Any:
    def call(response: Part) -> GrpcInteraction:
        return GrpcInteraction(
            description="one",
            location=HERE,
            service="shop.v1.Shop",
            method="Get",
            input=descriptors.message("shop.v1.Request"),
            output=descriptors.message("shop.v1.Answer"),
            requests=(Part(),),
            responses=(response,),
        )

    return call


def test_another_http_status_is_told_with_what_the_provider_said() -> None:
    found = match_response(http(status=200, body=Body(b"{}", "application/json")), HttpAnswer(404, {}, b"no user"))

    assert [(entry.path, entry.expected, entry.actual) for entry in found] == [("status", "200", "404")]
    assert "no user" in found[0].message


def test_a_header_that_must_not_be_there_is_told_with_its_value() -> None:
    contract = http(absent=("Access-Control-Allow-Origin",))
    (found,) = match_response(contract, HttpAnswer(200, {"access-control-allow-origin": ("*",)}))

    assert (found.path, found.expected, found.actual) == ("header.access-control-allow-origin", "no such header", '"*"')
    assert match_response(contract, HttpAnswer(200, {"vary": ("origin",)})) == ()


def test_a_class_of_statuses_may_be_expected() -> None:
    rules = {"status": parse({"matchers": [{"match": "statusCode", "status": "clientError"}]}, named=False)}

    assert match_response(http(status=404, rules=rules), HttpAnswer(409, {})) == ()
    assert match_response(http(status=404, rules=rules), HttpAnswer(500, {})) != ()


def test_a_json_body_that_is_none_is_a_difference_of_the_whole() -> None:
    found = match_response(http(body=Body(b'{"a": 1}', "application/json")), HttpAnswer(200, {}, b"<html>"))

    assert [entry.path for entry in found] == ["$"]


@pytest.mark.parametrize(
    ("body", "actual", "held"),
    [
        pytest.param(Body(b"hello", "text/plain"), b"hello", True, id="the same text"),
        pytest.param(Body(b"hello", "text/plain"), b"help", False, id="another text"),
        pytest.param(Body(b"", ""), b"x", False, id="expected empty"),
        pytest.param(None, b"anything", True, id="nothing said"),
    ],
)
def test_bodies_that_are_not_json_are_compared_as_they_are(body: Body | None, actual: bytes, held: bool) -> None:
    assert (match_response(http(body=body), HttpAnswer(200, {}, actual)) == ()) is held


@pytest.mark.parametrize(("actual", "held"), [(b"{", True), (b"[", False), (b"[" * 99_999, False)])
def test_an_example_that_is_no_json_is_compared_as_it_is(actual: bytes, held: bool) -> None:
    expected = http(status=200, body=Body(b"{", "application/json"))

    assert (not match_response(expected, HttpAnswer(200, {}, actual))) is held


def test_a_body_may_be_expected_by_its_media_type() -> None:
    rules = {"body": parse({"$": {"matchers": [{"match": "contentType", "value": "image/png"}]}}, named=False)}
    expected = http(body=Body(b"\x89PNG", "image/png"), rules=rules)

    assert match_response(expected, HttpAnswer(200, {}, b"\x89PNG\r\n\x1a\n...")) == ()
    assert match_response(expected, HttpAnswer(200, {}, b"GIF89a")) != ()


def test_another_grpc_status_is_the_only_difference_told(call: Any, answer: Any) -> None:
    response = Part(body=Body(answer(name="a").SerializeToString()), fields={"x-id": ("1",)})

    found = match_answer(call(response), GrpcAnswer(status="NOT_FOUND", message="no such thing"))

    assert [(entry.path, entry.expected, entry.actual) for entry in found] == [("status", "OK", "NOT_FOUND")]
    assert "no such thing" in found[0].message


def test_an_expected_grpc_failure_holds_without_a_body(call: Any) -> None:
    expected = call(Part(body=Body(b""), fields={"grpc-status": ("NOT_FOUND",)}))

    assert match_answer(expected, GrpcAnswer(status="NOT_FOUND", message="whatever")) == ()


def test_the_message_of_a_grpc_failure_is_compared_if_it_is_expected(call: Any) -> None:
    expected = call(Part(fields={"grpc-status": ("NOT_FOUND",), "grpc-message": ("no user",)}))

    (found,) = match_answer(expected, GrpcAnswer(status="NOT_FOUND", message="gone"))

    assert (found.path, found.actual) == ("metadata.grpc-message", '"gone"')


def test_grpc_metadata_and_body_are_both_compared(call: Any, answer: Any) -> None:
    expected = call(Part(body=Body(answer(name="a").SerializeToString()), fields={"x-id": ("1",)}))

    found = match_answer(expected, GrpcAnswer(body=answer(name="b").SerializeToString()))

    assert [entry.path for entry in found] == ["metadata.x-id", "$.name"]


@pytest.fixture
def event(answer: Any) -> MessageInteraction:
    return MessageInteraction(
        description="one",
        location=HERE,
        output=answer,
        responses=(
            Part(
                body=Body(answer(name="a").SerializeToString(), "application/protobuf;message=.shop.v1.Answer"),
                fields={"topic": ("t",), "key": ("k",), "ce_type": ("Answer",)},
            ),
        ),
    )


def record(answer: Any, **changes: Any) -> Record:
    headers = {"content-type": ("application/protobuf",), "ce_type": ("Answer",), "ce_id": ("1",)}
    return Record(**{"key": b"k", "value": answer(name="a").SerializeToString(), "headers": headers, **changes})


def test_a_record_as_expected_holds(event: MessageInteraction, answer: Any) -> None:
    assert match_record(event, record(answer)) == ()


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        pytest.param({"key": b"other"}, "key", id="another key"),
        pytest.param({"key": None}, "key", id="no key"),
        pytest.param({"headers": {"content-type": ("application/protobuf",)}}, "header.ce_type", id="a lost header"),
        pytest.param(
            {"headers": {"content-type": ("application/json",), "ce_type": ("Answer",)}},
            "header.content-type",
            id="another encoding",
        ),
        pytest.param({"value": b""}, "$.name", id="a lost field"),
    ],
)
def test_each_part_of_a_record_is_compared(
    event: MessageInteraction, answer: Any, changes: dict[str, Any], path: str
) -> None:
    assert [found.path for found in match_record(event, record(answer, **changes))] == [path]


def test_as_many_differences_are_told_as_anybody_reads() -> None:
    many = http(body=Body(b'["a"]', "application/json"), rules={"body": parse(TYPE, named=False)})
    found = match_response(many, HttpAnswer(200, {}, json.dumps([1] * 3_000).encode()))
    assert len(found) == 1_001
    assert found[-1].message == "more than 1,000 differences; the others are not shown"


def test_of_a_long_value_the_beginning_is_told() -> None:
    one = http(body=Body(b'{"a": "x"}', "application/json"))
    (found,) = match_response(one, HttpAnswer(200, {}, json.dumps({"a": "y" * 100_000}).encode()))
    assert found.actual is not None
    assert found.actual.endswith("characters more]")
    assert len(found.message) < 20_000


@pytest.mark.parametrize(
    ("wanted", "received", "held"),
    [
        ("application/json", "application/json; charset=utf-8", True),
        ("application/json", "application/problem+json", True),
        ("application/json", "text/html", False),
        ("application/hal+json", "application/json", False),
        ("text/xml", "application/xml", True),
        ("text/plain", "text/html", False),
        ("application/json", None, True),
        ("", "text/html", True),
    ],
)
def test_a_body_of_another_media_type_is_a_difference_even_if_no_header_is_asked_for(
    wanted: str, received: str | None, held: bool
) -> None:
    body = b"<a/>" if "xml" in wanted else b"1"
    headers = {} if received is None else {"Content-Type": (received,)}
    found = match_response(http(body=Body(body, wanted)), HttpAnswer(200, headers, body))
    assert [entry.path for entry in found] == ([] if held else ["header.content-type"])


def test_a_media_type_that_is_asked_for_is_told_once() -> None:
    expected = http(body=Body(b"1", "application/json"), fields={"Content-Type": JSON})
    found = match_response(expected, HttpAnswer(200, {"content-type": ("text/html",)}, b"1"))
    assert [entry.path for entry in found] == ["header.content-type"]


def requested(**request: Any) -> HttpInteraction:
    return HttpInteraction(
        description="one", location=HERE, requests=(HttpRequest(**request),), responses=(HttpResponse(),)
    )


ASKED: dict[str, Any] = {
    "method": "POST",
    "path": "/a/1",
    "query": {"q": ("1", "2"), "full": (None,)},
    "fields": {"X-A": ("1",)},
    "body": Body(b'{"a": 1}', "application/json"),
}


def test_a_request_as_expected_holds_with_more_headers() -> None:
    more = {**ASKED, "method": "post", "fields": {"x-a": ("1",), "Host": ("h",)}}
    assert match_request(requested(**ASKED), HttpRequest(**more)) == ()


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"method": "PUT"}, "method"),
        ({"path": "/a/2"}, "path"),
        ({"query": {"q": ("2", "1"), "full": (None,)}}, "query.q"),
        ({"query": {"q": ("1", "2"), "full": ("",)}}, "query.full"),
        ({"query": {"q": ("1", "2")}}, "query.full"),
        ({"query": {**ASKED["query"], "more": ("1",)}}, "query.more"),
        ({"fields": {}}, "header.x-a"),
        ({"body": Body(b'{"a": 2}', "application/json")}, "$.a"),
        ({"body": Body(b'{"a": 1, "b": 2}', "application/json")}, "$.b"),
        ({"body": None}, "$"),
    ],
)
def test_what_a_request_has_otherwise_is_named(change: dict[str, Any], path: str) -> None:
    assert [found.path for found in match_request(requested(**ASKED), HttpRequest(**{**ASKED, **change}))] == [path]


def test_rules_for_path_and_query_are_about_the_whole_of_each_value() -> None:
    digits = {"matchers": [{"match": "regex", "regex": r"/a/\d+|\d{1,4}"}]}
    rules = {"path": parse(digits, named=False), "query": parse({"q": digits}, named=True)}
    expected = requested(**{**ASKED, "rules": rules})
    other = {**ASKED, "path": "/a/77", "query": {"q": ("123", "9999", "5"), "full": (None,)}}
    assert match_request(expected, HttpRequest(**other)) == ()
    wrong = {**other, "path": "/a/77x", "query": {"q": ("123", "9999X"), "full": (None,)}}
    assert [found.path for found in match_request(expected, HttpRequest(**wrong))] == ["path", "query.q"]


@pytest.mark.parametrize(
    ("asked", "headers", "path"),
    [
        ({}, {}, None),
        ({}, {"content-type": ("application/json",)}, None),
        ({}, {"content-type": ("text/html",)}, "header.content-type"),
        ({"content-type": JSON}, {}, "header.content-type"),
        ({"Content-Type": JSON}, {"content-type": ("text/html",)}, "header.content-type"),
    ],
)
def test_an_event_needs_a_media_type_only_if_the_consumer_asks_for_it(
    asked: dict[str, tuple[str, ...]], headers: dict[str, tuple[str, ...]], path: str | None
) -> None:
    contents = Part(body=Body(b'{"a": 1}', "application/json"), fields={"contentType": JSON, **asked})
    expected = MessageInteraction(description="one", location=HERE, responses=(contents,))
    found = match_record(expected, Record(None, b'{"a": 1}', headers))
    assert [entry.path for entry in found] == ([] if path is None else [path])


def test_an_event_that_names_another_message_is_a_difference(event: MessageInteraction, answer: Any) -> None:
    def held(content_type: str) -> bool:
        headers = {"content-type": (content_type,), "ce_type": ("Answer",)}
        return match_record(event, record(answer, headers=headers)) == ()

    assert held("application/x-protobuf; message=shop.v1.Answer")
    assert not held("application/protobuf; message=shop.v1.Request")


@pytest.mark.parametrize("written", ["NOT_FOUND", "not_found", "5", "5.0"])
def test_a_grpc_status_is_written_by_its_name_or_its_number(call: Any, written: str) -> None:
    expected = call(Part(fields={"grpc-status": (written,)}))
    assert expected.status == "NOT_FOUND"
    assert match_answer(expected, GrpcAnswer(status="NOT_FOUND")) == ()
    assert match_answer(expected, GrpcAnswer(status="INTERNAL")) != ()


def test_a_default_that_a_grpc_contract_encodes_is_expected(call: Any, answer: Any) -> None:
    expected = call(Part(body=Body(b"\x10\x00", "application/protobuf")))
    assert match_answer(expected, GrpcAnswer(body=b"")) == ()
    assert [found.path for found in match_answer(expected, GrpcAnswer(body=answer(count=3).SerializeToString()))] == [
        "$.count"
    ]


@pytest.mark.parametrize(
    ("content_type", "value", "held"),
    [
        ("application/vnd.schemaregistry.v1+json", b'\0\0\0\0\x07{"a": 1}', True),
        ("application/vnd.schemaregistry.v1+json", b'{"a": 1}', True),
        ("application/vnd.schemaregistry.v1+json", b'\0\0\0\0\x07{"a": 2}', False),
        ("application/json", b'\0\0\0\0\x07{"a": 1}', False),
    ],
)
def test_json_of_a_schema_registry_is_read_without_its_frame(content_type: str, value: bytes, held: bool) -> None:
    contents = Part(body=Body(b'{"a": 1}', content_type), fields={"contentType": (content_type,)})
    expected = MessageInteraction(description="one", location=HERE, responses=(contents,))
    assert (match_record(expected, Record(None, value, {"content-type": (content_type,)})) == ()) is held
