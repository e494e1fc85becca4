"""Media types, as far as they tell how a body is read."""

import pytest

from servanda.pact.media import bare, is_binary, is_json, is_protobuf, is_xml, parameters


def test_a_media_type_is_known_without_parameters_and_case() -> None:
    assert bare(" Application/JSON ; charset=utf-8") == "application/json"


@pytest.mark.parametrize(
    ("content_type", "json", "protobuf"),
    [
        ("application/json", True, False),
        ("application/json; charset=utf-8", True, False),
        ("application/problem+json", True, False),
        ("application/jsonl", False, False),
        ("text/json", False, False),
        ("application/protobuf;message=.a.B", False, True),
        ("application/x-protobuf", False, True),
        ("application/grpc", False, True),
        ("application/grpc-web", False, False),
        ("", False, False),
    ],
)
def test_a_media_type_tells_how_a_body_is_read(content_type: str, json: bool, protobuf: bool) -> None:
    assert (is_json(content_type), is_protobuf(content_type)) == (json, protobuf)


@pytest.mark.parametrize(
    ("content_type", "xml", "binary"),
    [
        ("application/xml", True, False),
        ("text/xml; charset=utf-8", True, False),
        ("application/soap+xml", True, False),
        ("image/svg+xml", True, True),
        ("application/octet-stream", False, True),
        ("image/png", False, True),
        ("text/csv", False, False),
        ("application/x-www-form-urlencoded", False, False),
        ("application/hal+json", False, False),
        ("", False, False),
    ],
)
def test_a_media_type_tells_whether_a_body_is_text(content_type: str, xml: bool, binary: bool) -> None:
    assert (is_xml(content_type), is_binary(content_type)) == (xml, binary)


def test_parameters_are_known_without_the_case_of_their_names_and_without_quotes() -> None:
    assert parameters('a/b; Charset=UTF-8;x="1; 2"') == {"charset": "UTF-8", "x": "1; 2"}
    assert parameters("a/b") == {}
    assert parameters("a/b;;x*=utf-8''c%20d; y*0=e; y*1=f;=g") == {"x": "c d", "y": "ef"}
