"""Values of provider states in interactions."""

import json
from typing import Any

import pytest

from servanda.errors import ContractError
from servanda.pact import Body, Part, resolve
from servanda.pact.document import Generator
from servanda.transports.http.interaction import HttpInteraction, HttpRequest, HttpResponse
from servanda.transports.kafka.interaction import MessageInteraction
from servanda.verdict import Location

HERE = Location("basket-shop.json", 1)


def from_state(expression: str) -> Generator:
    return Generator("ProviderState", {"expression": expression})


def request(**parts: Any) -> HttpInteraction:
    return HttpInteraction(
        description="one", location=HERE, requests=(HttpRequest(**parts),), responses=(HttpResponse(status=204),)
    )


def test_a_value_in_a_json_body_keeps_its_type() -> None:
    interaction = request(
        body=Body(b'{"ids": [1, 2], "name": "n"}', "application/json"),
        generators={"body": {"$.ids[*]": from_state("${id}"), "$.name": from_state("user ${id}")}},
    )

    body = resolve(interaction, {"id": 9}).request.body

    assert body is not None
    assert json.loads(body.content) == {"ids": [9, 9], "name": "user 9"}


def event(answer: Any, path: str, expression: str, **values: Any) -> MessageInteraction:
    return MessageInteraction(
        description="one",
        location=HERE,
        output=answer,
        responses=(
            Part(
                body=Body(answer(**values).SerializeToString(), "application/protobuf"),
                generators={"body": {path: from_state(expression)}},
            ),
        ),
    )


@pytest.mark.parametrize(
    ("path", "example", "value", "expected"),
    [
        pytest.param("$.name", {"name": "x"}, 5, {"name": "5"}, id="text"),
        pytest.param("$.count", {"count": 1}, "7", {"count": 7}, id="number"),
        pytest.param("$.kind", {"kind": 1}, "KIND_USED", {"kind": 2}, id="enum"),
        pytest.param("$.lines[0].sku", {"lines": [{"sku": "x"}]}, "A", {"lines": [{"sku": "A"}]}, id="within a list"),
        pytest.param("$.main.quantity", {"main": {"quantity": 1}}, 3, {"main": {"quantity": 3}}, id="within a message"),
    ],
)
def test_a_field_of_a_message_takes_a_value_of_the_state(
    answer: Any, path: str, example: dict[str, Any], value: Any, expected: dict[str, Any]
) -> None:
    found = resolve(event(answer, path, "${value}", **example), {"value": value})

    assert found.contents.body is not None
    assert answer.FromString(found.contents.body.content) == answer(**expected)


@pytest.mark.parametrize("path", ["$.nothing", "$.lines[3].sku", "$.lines", "$.main"])
def test_a_place_that_the_example_does_not_have_is_refused(answer: Any, path: str) -> None:
    with pytest.raises(ContractError, match="the example has no single value at"):
        resolve(event(answer, path, "${value}", name="x"), {"value": 1})


def test_an_expression_of_beginnings_alone_is_read_in_no_time() -> None:
    expression = "${" * 500_000
    interaction = request(path="/a", generators={"path": {"": from_state(expression)}})

    assert resolve(interaction, {"id": 1}).request.path == "/a"


@pytest.mark.parametrize(("path", "value"), [("$.count", "many"), ("$.count", 1 << 70), ("$.kind", "KIND_NONE")])
def test_a_value_that_does_not_fit_is_refused(answer: Any, path: str, value: object) -> None:
    with pytest.raises(ContractError, match=f"of a provider state cannot be inserted at \\{path}"):
        resolve(event(answer, path, "${value}", count=1, kind=1), {"value": value})
