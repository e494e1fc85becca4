"""What a consumer asks for over HTTP."""

import pytest

from servanda.transports.http.interaction import HttpRequest


@pytest.mark.parametrize(
    ("query", "target"),
    [
        ({}, "/a"),
        ({"b": ("1", "2"), "a": ("3",)}, "/a?b=1&b=2&a=3"),
        ({"full": (None,), "empty": ("",)}, "/a?full&empty="),
        ({"a b": ("x&y", "ü+%2F", "1=1")}, "/a?a+b=x%26y&a+b=%C3%BC%2B%252F&a+b=1%3D1"),
        ({"none": ()}, "/a"),
    ],
)
def test_a_query_is_sent_in_its_order_with_what_it_may_not_hold_encoded(
    query: dict[str, tuple[str | None, ...]], target: str
) -> None:
    assert HttpRequest(path="/a", query=query).target == target


def test_a_query_is_added_to_one_in_the_path() -> None:
    assert HttpRequest(path="/a?b=1", query={"c": ("2",)}).target == "/a?b=1&c=2"


def test_a_path_is_sent_whole() -> None:
    assert HttpRequest(path="/a#b", query={"c": ("#",)}).target == "/a%23b?c=%23"
