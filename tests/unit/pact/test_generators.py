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
        pytest.param("$.ok", {"ok": False}, "true", {"ok": True}, id="boolean by its name"),
        pytest.param("$.ok", {"ok": True}, False, {"ok": False}, id="boolean"),
        pytest.param("$.ok", {"ok": True}, "no", {"ok": False}, id="no boolean"),
        pytest.param("$.kind", {"kind": 1}, 2, {"kind": 2}, id="enum by its number"),
        pytest.param("$.blob", {"blob": b"x"}, "é", {"blob": "é".encode()}, id="bytes from text"),
        pytest.param("$.blob", {"blob": b"x"}, b"\xff", {"blob": b"\xff"}, id="bytes"),
        pytest.param("$.name", {"name": "x"}, None, {"name": "None"}, id="nothing as text"),
        pytest.param("$.rank", {"rank": 1}, "2", {"rank": 2}, id="with presence"),
        pytest.param("$.lines[1].sku", {"lines": [{}, {}]}, "A", {"lines": [{}, {"sku": "A"}]}, id="second of a list"),
        pytest.param("$.main.quantity", {"main": {"quantity": 1}}, 3, {"main": {"quantity": 3}}, id="within a message"),
    ],
)
def test_a_field_of_a_message_takes_a_value_of_the_state(
    answer: Any, path: str, example: dict[str, Any], value: Any, expected: dict[str, Any]
) -> None:
    found = resolve(event(answer, path, "${value}", **example), {"value": value})

    assert found.contents.body is not None
    assert answer.FromString(found.contents.body.content) == answer(**expected)


@pytest.mark.parametrize(
    "path", ["$", "$.nothing", "$.nothing.sku", "$.lines[0].sku", "$.lines.sku", "$.lines", "$.main", "$.name.sku"]
)
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


@pytest.mark.parametrize(
    ("expression", "values", "expected"),
    [
        pytest.param("${id}", {"id": 9}, 9, id="the whole keeps its type"),
        pytest.param("${id}", {}, "example", id="a name that is not there"),
        pytest.param("id", {"id": 9}, 9, id="a bare name"),
        pytest.param("/users/${id}/${tab}", {"id": 9, "tab": "a"}, "/users/9/a", id="names within a text"),
        pytest.param("/users/${id}/${tab}", {"id": 9}, "example", id="one name of two"),
        pytest.param("nothing", {"id": 9}, "example", id="a text without names"),
        pytest.param(7, {"id": 9}, "example", id="no text"),
    ],
)
def test_an_expression_takes_its_names_from_the_state_or_leaves_the_example(
    expression: Any, values: dict[str, object], expected: object
) -> None:
    interaction = request(
        body=Body(b'{"a": "example"}', "application/json"), generators={"body": {"$.a": from_state(expression)}}
    )
    assert filled(interaction, values) == {"a": expected}


def filled(interaction: HttpInteraction, values: dict[str, object]) -> Any:
    body = resolve(interaction, values).request.body
    assert body is not None
    return json.loads(body.content)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("$", 9, id="the whole"),
        pytest.param("$.a[0].b", {"a": [{"b": 9}, {"b": 2}], "c": {"d": 3}}, id="one of a list"),
        pytest.param("$.a[*].b", {"a": [{"b": 9}, {"b": 9}], "c": {"d": 3}}, id="each of a list"),
        pytest.param("$.c.*", {"a": [{"b": 1}, {"b": 2}], "c": {"d": 9}}, id="each of an object"),
        pytest.param("$.a[2].b", {"a": [{"b": 1}, {"b": 2}], "c": {"d": 3}}, id="an index that is not there"),
        pytest.param("$.x.y", {"a": [{"b": 1}, {"b": 2}], "c": {"d": 3}}, id="a name that is not there"),
        pytest.param("$.a.b", {"a": [{"b": 1}, {"b": 2}], "c": {"d": 3}}, id="a name of a list"),
        pytest.param("$.c.d.e", {"a": [{"b": 1}, {"b": 2}], "c": {"d": 3}}, id="below a scalar"),
    ],
)
def test_a_path_leads_to_one_place_of_a_json_body_or_to_several(path: str, expected: object) -> None:
    body = Body(b'{"a": [{"b": 1}, {"b": 2}], "c": {"d": 3}}', "application/json")
    assert filled(request(body=body, generators={"body": {path: from_state("${id}")}}), {"id": 9}) == expected


def test_a_generator_of_a_kind_that_nobody_knows_leaves_the_example() -> None:
    body, other = Body(b'{"a": 1}', "application/json"), Generator("OfAPlugin", {"expression": "${id}"})
    assert filled(request(body=body, generators={"body": {"$.a": other}}), {"id": 9}) == {"a": 1}


def test_only_what_a_provider_state_returns_changes_what_is_expected() -> None:
    body = Body(b'{"a": "x", "b": "y"}', "application/json")
    generators = {"body": {"$.a": from_state("${id}"), "$.b": Generator("Uuid")}}
    response = HttpResponse(body=body, generators=generators)
    interaction = HttpInteraction(description="one", location=HERE, requests=(HttpRequest(),), responses=(response,))
    found = resolve(interaction, {"id": 9}).response
    assert found.body == Body(b'{"a": 9, "b": "y"}', "application/json")
    assert found.generators == generators


def test_fields_of_a_form_are_replaced_by_their_names() -> None:
    body = Body(b"a=1&b=2&a=3", "application/x-www-form-urlencoded")
    generators = {"body": {"$.a": from_state("x ${id}"), "$['c']": from_state("${id}")}}
    found = resolve(request(body=body, generators=generators), {"id": 9}).request.body
    assert found == Body(b"a=x+9&b=2&a=x+9", "application/x-www-form-urlencoded")


def test_a_text_is_replaced_as_a_whole() -> None:
    generators = {"body": {"$": from_state("id ${id}"), "$.a": from_state("${id}")}}
    for content_type, expected in (("text/plain; charset=utf-8", b"id 9"), ("image/png", b"x")):
        found = resolve(request(body=Body(b"x", content_type), generators=generators), {"id": 9}).request.body
        assert found == Body(expected, content_type)


def test_attributes_and_texts_of_xml_are_replaced_by_their_paths() -> None:
    body = Body(b'<n:a xmlns:n="u" b="1"><c>2</c><c>3</c><d/></n:a>', "application/xml")
    places = ("$['n:a']['@b']", "$['n:a'].c['#text']", "$['n:a'].d", "$['n:a']['@none']")
    generators = {"body": dict.fromkeys(places, from_state("<${id}>"))}
    found = resolve(request(body=body, generators=generators), {"id": 9}).request.body
    assert found is not None
    text = "&lt;9&gt;"
    inner = f"<c>{text}</c><c>{text}</c><d>{text}</d>"
    assert found.content.decode().endswith(f'<n:a xmlns:n="u" b="{text}">{inner}</n:a>')


def test_xml_that_declares_entities_is_not_filled() -> None:
    body = Body(b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "application/xml")
    with pytest.raises(ContractError, match="declares a document type"):
        resolve(request(body=body, generators={"body": {"$.a": from_state("${id}")}}), {"id": 9})


def test_each_element_of_a_list_of_messages_takes_the_value(answer: Any) -> None:
    example = event(answer, "$.lines[*].sku", "${id}", lines=[{"sku": "a"}, {"sku": "b"}])
    found = resolve(example, {"id": "z"}).contents.body
    assert found is not None
    assert answer.FromString(found.content) == answer(lines=[{"sku": "z"}, {"sku": "z"}])


def test_a_body_that_is_neither_json_nor_a_message_stays_as_it_is() -> None:
    body = Body(b"a", "text/plain")
    assert (
        resolve(request(body=body, generators={"body": {"$.a": from_state("${id}")}}), {"id": 9}).request.body == body
    )
    assert resolve(request(generators={"body": {"$.a": from_state("${id}")}}), {"id": 9}).request.body is None


def test_an_example_that_is_no_json_is_refused_with_what_to_do() -> None:
    interaction = request(body=Body(b"{", "application/json"), generators={"body": {"$.a": from_state("${id}")}})
    with pytest.raises(ContractError, match="the example is not JSON") as failed:
        resolve(interaction, {"id": 9})
    assert failed.value.hint == "record the contract again"


@pytest.mark.parametrize("name", ["X-Id", "x-id", "$.X-Id", "$['X-Id']", "X-Id[0]"])
def test_a_header_is_found_however_its_generator_names_it(name: str) -> None:
    interaction = request(fields={"X-Id": ("1",)}, generators={"header": {name: from_state("user ${id}")}})
    assert resolve(interaction, {"id": 9}).request.fields == {"X-Id": ("user 9",)}


def test_a_value_that_is_no_text_is_written_as_json_in_a_header() -> None:
    interaction = request(fields={"X-Ok": ("1",)}, generators={"header": {"X-Ok": from_state("${ok}")}})
    assert resolve(interaction, {"ok": True}).request.fields == {"X-Ok": ("true",)}


def test_metadata_of_an_event_take_a_value_of_the_state() -> None:
    part = Part(fields={"key": ("1",)}, generators={"metadata": {"key": from_state("${id}")}})
    interaction = MessageInteraction(description="one", location=HERE, responses=(part,))
    assert resolve(interaction, {"id": "u-1"}).contents.fields == {"key": ("u-1",)}


def test_a_generator_adds_no_header_that_the_example_does_not_have() -> None:
    interaction = request(generators={"header": {"X-Id": from_state("${id}")}})
    assert resolve(interaction, {"id": "9"}).request.fields == {}
