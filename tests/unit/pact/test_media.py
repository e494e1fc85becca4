"""Media types, as far as they tell how a body is read."""

import pytest

from servanda.pact.media import bare, is_json, is_protobuf


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
