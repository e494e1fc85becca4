"""Media types, told from how data begin."""

import pytest

from servanda.errors import ContractError
from servanda.pact.matching.signatures import is_of_type

SAMPLES = {
    "application/gzip": b"\x1f\x8b\x08\x00",
    "application/pdf": b"%PDF-1.7\n",
    "application/zip": b"PK\x03\x04\xff",
    "image/gif": b"GIF89a\xff",
    "image/jpeg": b"\xff\xd8\xff\xe0",
    "image/png": b"\x89PNG\r\n\x1a\n\x00",
    "application/json": b'{"a": [1]}',
    "application/xml": b"<order><line/></order>",
    "text/plain": "Grüße".encode(),
}
# Text is whatever is UTF-8, so that JSON, XML and PDF are text too.
ALSO_TEXT = {"application/json", "application/xml", "application/pdf"}


@pytest.mark.parametrize("content_type", SAMPLES)
def test_data_are_of_their_own_type_and_of_no_other(content_type: str) -> None:
    told = {name for name in SAMPLES if is_of_type(SAMPLES[content_type], name)}
    assert told == {content_type} | ({"text/plain"} if content_type in ALSO_TEXT else set())


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        pytest.param(b"PK\x05\x06\x00\x00", "application/zip", id="an archive of nothing"),
        pytest.param(b"GIF87a\x01\x00", "image/gif", id="the older GIF"),
        pytest.param(b"<a/>", "text/xml; charset=utf-8", id="XML by its other name"),
        pytest.param(b"[]", "application/problem+json", id="JSON by its suffix"),
        pytest.param(b"a,b\n", "TEXT/CSV", id="text of some kind"),
        pytest.param(b"", "text/plain", id="no text at all"),
        pytest.param(b"a=1", "application/x-www-form-urlencoded", id="a form"),
        pytest.param(b"\xff\x00", "application/octet-stream", id="anything as bytes"),
        pytest.param(b"\xff\xd8\xff\xe0", "image/jpg", id="a name that many write"),
        pytest.param(b"RIFF\x24\x00\x00\x00WEBPVP8 ", "image/webp", id="one of many other types"),
    ],
)
def test_a_type_has_several_beginnings_and_several_names(data: bytes, content_type: str) -> None:
    assert is_of_type(data, content_type) is True


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        pytest.param(b"", "application/json", id="nothing as JSON"),
        pytest.param(b"{", "application/json", id="half of JSON"),
        pytest.param(b"<a>", "text/xml", id="half of XML"),
        pytest.param(b"a", "text/xml", id="text as XML"),
        pytest.param(b"\xff\xfe", "text/plain", id="bytes that are no text"),
        pytest.param(b"hello", "image/webp", id="text as an image"),
        pytest.param(b"", "image/webp", id="nothing as an image"),
        pytest.param(b"PNG\r\n", "image/png", id="a name without the byte before it"),
    ],
)
def test_data_that_begin_otherwise_are_of_another_type(data: bytes, content_type: str) -> None:
    assert is_of_type(data, content_type) is False


def test_a_type_that_no_beginning_tells_is_refused() -> None:
    with pytest.raises(ContractError, match="'application/x-our-own' cannot be detected from the bytes"):
        is_of_type(b"a", "application/x-our-own")
