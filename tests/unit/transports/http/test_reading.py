"""What of an exchange over HTTP is read in a way of its own."""

import base64
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from servanda.pact import Body, load
from servanda.transports.http.interaction import HttpInteraction, HttpResponse

Read = Callable[..., HttpResponse]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """What is read of the only response of a pact file."""

    def read(response: dict[str, Any], **more: Any) -> HttpResponse:
        request = {"method": "GET", "path": "/"}
        exchange = {"type": "Synchronous/HTTP", "description": "a", "request": request, "response": response, **more}
        parties = {"consumer": {"name": "basket"}, "provider": {"name": "shop"}}
        metadata = {"pactSpecification": {"version": "4.0"}}
        path = tmp_path / "basket-shop.json"
        path.write_text(json.dumps({**parties, "interactions": [exchange], "metadata": metadata}))
        (found,) = load(path).interactions
        assert isinstance(found, HttpInteraction)
        return found.response

    return read


@pytest.mark.parametrize("content", [gzip.compress(b"[1]"), b"[1]"], ids=["coded", "as-most-tools-write-it"])
def test_an_example_with_a_content_coding_is_read_by_what_it_holds(read: Read, content: bytes) -> None:
    body = {"content": base64.b64encode(content).decode(), "contentType": "application/json", "encoded": "base64"}
    found = read({"status": 200, "headers": {"content-encoding": ["gzip"]}, "body": body})

    assert found.body == Body(b"[1]", "application/json")


def test_headers_that_must_not_be_there_are_read(read: Read) -> None:
    assert read({"status": 200}, comments={"absentHeaders": ["X-Debug", 7]}).absent == ("X-Debug",)
    assert read({"status": 200}).absent == ()
