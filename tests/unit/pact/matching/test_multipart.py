"""Bodies of several parts."""

from typing import Any

import pytest

from servanda.pact import Body
from servanda.pact.matching.bodies import match_body
from servanda.pact.rules import parse

PNG = b"\x89PNG\r\n\x1a\n"


def form(boundary: str = "one", /, **parts: bytes | tuple[str, bytes]) -> bytes:
    lines = b""
    for name, part in parts.items():
        kind, content = ("text/plain", part) if isinstance(part, bytes) else part
        disposition = f'Content-Disposition: form-data; name="{name}"\r\nContent-Type: {kind}\r\n\r\n'
        lines += f"--{boundary}\r\n{disposition}".encode() + content + b"\r\n"
    return lines + f"--{boundary}--\r\n".encode()


def compare(
    expected: bytes, actual: bytes, rules: dict[str, Any] | None = None, received: str = "", **options: bool
) -> list[str]:
    body = Body(expected, "multipart/form-data; boundary=one")
    found = parse(rules or {}, named=False)
    return [found.path for found in match_body(body, actual, found, content_type="", received=received, **options)]


def test_the_boundary_and_the_order_of_named_parts_are_no_matter() -> None:
    other = form("two", b=b"2", a=b"1")
    assert compare(form(a=b"1", b=b"2"), other, received="multipart/form-data; boundary=two") == []
    assert compare(form(a=b"1", b=b"2"), other) != []


def test_the_first_line_is_the_boundary_where_the_header_names_none() -> None:
    assert compare(form(a=b"1"), form("two", a=b"1"), received="multipart/form-data") == []


@pytest.mark.parametrize(
    ("actual", "path"),
    [
        (form(a=b"1"), "$.b"),
        (form(a=b"1", b=b"3"), "$.b"),
        (form(a=b"1", b=("application/json", b"2")), "$.b"),
        (b"hello", "$"),
        (b"", "$"),
    ],
)
def test_a_part_that_differs_is_named(actual: bytes, path: str) -> None:
    assert compare(form(a=b"1", b=b"2"), actual) == [path]


def test_a_part_is_compared_by_its_own_media_type() -> None:
    example = form(a=("application/json", b'{"x": 1, "y": 2}'))
    assert compare(example, form(a=("application/json", b'{"y":2,"x":1}'))) == []
    assert compare(example, form(a=("application/json", b'{"y":2,"x":3}'))) == ["$.a.x"]


def test_rules_below_the_name_of_a_part_are_about_it() -> None:
    example = form(a=("application/json", b'{"x": 1}'), b=("image/png", PNG))
    rules = {"$.a.x": {"match": "integer"}, "$.b": {"match": "contentType", "value": "image/png"}}
    assert compare(example, form(a=("application/json", b'{"x": 7}'), b=("image/x-png", PNG + b"...")), rules) == []
    wrong = form(a=("application/json", b'{"x": "7"}'), b=("image/png", b"GIF89a"))
    assert compare(example, wrong, rules) == ["$.a.x", "$.b"]


def test_parts_without_names_are_compared_in_their_order() -> None:
    def mixed(*contents: bytes) -> bytes:
        return b"".join(b"--one\r\nContent-Type: text/plain\r\n\r\n" + each + b"\r\n" for each in contents) + b"--one--"

    assert compare(mixed(b"1", b"2"), mixed(b"1", b"2")) == []
    assert compare(mixed(b"1", b"2"), mixed(b"2", b"1")) == ["$.0", "$.1"]


def test_an_answer_may_have_more_parts_and_a_request_may_not() -> None:
    assert compare(form(a=b"1"), form(a=b"1", b=b"2")) == []
    assert compare(form(a=b"1"), form(a=b"1", b=b"2"), allow_unexpected=False) == ["$.b"]


def test_an_example_without_parts_is_compared_as_it_is() -> None:
    assert compare(b"hello", b"hello") == []
    assert compare(b"hello", form(a=b"1")) == ["$"]


def files(boundary: str, *contents: bytes) -> bytes:
    head = b'Content-Disposition: form-data; name="file"\r\n\r\n'
    lines = b"".join(b"--%b\r\n%b%b\r\n" % (boundary.encode(), head, content) for content in contents)
    return lines + b"--%b--\r\n" % boundary.encode()


def test_of_parts_of_one_name_the_first_belongs_to_the_first() -> None:
    received = "multipart/form-data; boundary=two"
    example = files("one", b"1", b"2")
    assert compare(example, files("two", b"1", b"2"), received=received) == []
    assert compare(example, files("two", b"1", b"3"), received=received) == ["$.file"]
    assert compare(example, files("two", b"1"), received=received) == ["$.file"]
    assert compare(example, files("two", b"1", b"2", b"3"), received=received) == []
    assert compare(example, files("one", b"1", b"2", b"3"), allow_unexpected=False) == ["$.file"]
