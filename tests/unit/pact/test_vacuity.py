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
    "response",
    [
        pytest.param(HttpResponse(), id="the usual status"),
        pytest.param(HttpResponse(status=204), id="another status"),
        pytest.param(HttpResponse(body=Body(b"{}", "application/json")), id="any object would do"),
    ],
)
def test_an_http_contract_always_checks_the_status(response: HttpResponse) -> None:
    interaction = HttpInteraction(description="one", location=HERE, requests=(HttpRequest(),), responses=(response,))

    assert not checks_nothing(interaction)


def test_a_grpc_contract_always_checks_the_status(answer: Any) -> None:
    interaction = GrpcInteraction(
        description="one",
        location=HERE,
        service="shop.v1.Shop",
        method="Get",
        input=answer,
        output=answer,
        requests=(Part(),),
        responses=(Part(),),
    )

    assert not checks_nothing(interaction)


@pytest.mark.parametrize(
    ("part", "nothing"),
    [
        pytest.param(Part(), True, id="nothing at all"),
        pytest.param(Part(body=Body(b"{}", "application/json")), True, id="any object would do"),
        pytest.param(Part(fields={"Content-Type": ("application/json",)}), True, id="only a content type"),
        pytest.param(Part(body=Body(b"[]", "application/json")), False, id="a payload"),
        pytest.param(Part(body=Body(b"{", "application/json")), False, id="a payload that is no JSON"),
        pytest.param(Part(body=Body(b"[" * 99_999, "application/json")), False, id="a payload that nests deeply"),
        pytest.param(Part(body=Body(b"", "text/plain")), False, id="a payload that is empty"),
        pytest.param(Part(body=EMPTY, expectations={"count": 0}), False, id="a default that was written down"),
        pytest.param(Part(body=Body(b"\x0a\x01a", EMPTY.content_type)), False, id="a field"),
        pytest.param(Part(body=EMPTY, fields={"topic": ("t",)}), True, id="only a topic"),
        pytest.param(Part(body=EMPTY, fields={"key": ("k",)}), False, id="a key"),
    ],
)
def test_an_event_contract_has_to_say_something_of_the_record(answer: Any, part: Part, nothing: bool) -> None:
    interaction = MessageInteraction(description="one", location=HERE, responses=(part,), output=answer)

    assert checks_nothing(interaction) is nothing
