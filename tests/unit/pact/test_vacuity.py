"""Contracts that would hold whatever the provider answers."""

from typing import Any

import pytest

from servanda.pact import Body, Part, checks_nothing
from servanda.transports.grpc.interaction import GrpcInteraction
from servanda.transports.http.interaction import HttpInteraction, HttpRequest, HttpResponse
from servanda.transports.kafka.interaction import MessageInteraction
from servanda.verdict import Location

HERE = Location("basket-shop.json", 1)
EMPTY = Body(b"", "application/protobuf;message=.shop.v1.Answer")


@pytest.mark.parametrize(
    ("response", "nothing"),
    [
        pytest.param(HttpResponse(), True, id="no word about the answer"),
        pytest.param(HttpResponse(fields={"Content-Type": ("application/json",)}), True, id="only a content type"),
        pytest.param(HttpResponse(body=Body(b"{}", "application/json")), True, id="any object would do"),
        pytest.param(HttpResponse(status=204), False, id="another status than 200"),
        pytest.param(HttpResponse(fields={"Location": ("/a",)}), False, id="a header"),
        pytest.param(HttpResponse(body=Body(b"[]", "application/json")), False, id="a body"),
        pytest.param(HttpResponse(body=Body(b"{", "application/json")), False, id="a body that is no JSON"),
        pytest.param(HttpResponse(body=Body(b"[" * 99_999, "application/json")), False, id="a body that nests deeply"),
        pytest.param(HttpResponse(body=Body(b"", "text/plain")), False, id="a body that is empty"),
    ],
)
def test_an_http_contract_has_to_say_something_of_the_answer(response: HttpResponse, nothing: bool) -> None:
    interaction = HttpInteraction(description="one", location=HERE, requests=(HttpRequest(),), responses=(response,))

    assert checks_nothing(interaction) is nothing


@pytest.mark.parametrize(
    ("part", "nothing"),
    [
        pytest.param(Part(), True, id="nothing at all"),
        pytest.param(Part(body=EMPTY, fields={"contentType": ("application/protobuf",)}), True, id="an empty message"),
        pytest.param(Part(body=EMPTY, expectations={"count": 0}), False, id="a default that was written down"),
        pytest.param(Part(body=Body(b"\x0a\x01a", EMPTY.content_type)), False, id="a field"),
        pytest.param(Part(body=EMPTY, fields={"grpc-status": ("OK",)}), False, id="a status that was written down"),
    ],
)
def test_a_grpc_contract_has_to_say_something_of_the_answer(answer: Any, part: Part, nothing: bool) -> None:
    interaction = GrpcInteraction(
        description="one",
        location=HERE,
        service="shop.v1.Shop",
        method="Get",
        input=answer,
        output=answer,
        requests=(Part(),),
        responses=(part,),
    )

    assert checks_nothing(interaction) is nothing


@pytest.mark.parametrize(
    ("part", "nothing"),
    [
        pytest.param(Part(body=EMPTY, fields={"topic": ("t",)}), True, id="only a topic"),
        pytest.param(Part(body=EMPTY, fields={"key": ("k",)}), False, id="a key"),
    ],
)
def test_an_event_contract_has_to_say_something_of_the_record(answer: Any, part: Part, nothing: bool) -> None:
    interaction = MessageInteraction(description="one", location=HERE, responses=(part,), output=answer)

    assert checks_nothing(interaction) is nothing
