from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servanda.wire import Request, UnsendableError


def lines(request: Request) -> list[bytes]:
    return request.encoded("shop").split(b"\r\n")


def test_nothing_is_sent_that_nobody_asked_for() -> None:
    assert Request("GET", "/a").encoded("shop:81") == b"GET /a HTTP/1.1\r\nHost: shop:81\r\n\r\n"


def test_headers_keep_their_order_their_spelling_and_their_number() -> None:
    headers = (("X-b", "1"), ("x-A", "2"), ("X-b", "3"))
    assert lines(Request("GET", "/", headers))[2:5] == [b"X-b: 1", b"x-A: 2", b"X-b: 3"]


def test_a_host_that_is_given_is_the_only_one() -> None:
    assert lines(Request("GET", "/", (("host", "other"),)))[1:] == [b"host: other", b"", b""]


@pytest.mark.parametrize("method", ["GET", "DELETE", "QUERY"])
def test_any_method_can_have_a_body(method: str) -> None:
    assert lines(Request(method, "/", body=b"ab"))[2:] == [b"Content-Length: 2", b"", b"ab"]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_where_a_body_is_expected_its_absence_is_said(method: str) -> None:
    assert lines(Request(method, "/"))[2:] == [b"Content-Length: 0", b"", b""]


@pytest.mark.parametrize(
    ("target", "sent"),
    [
        ("/a/../b/./c", b"/a/../b/./c"),
        ("/a%2Fb%2fc%", b"/a%2Fb%2fc%"),
        ("/a b", b"/a%20b"),
        ("/ü", b"/%C3%BC"),
        ("/{id}", b"/%7Bid%7D"),
        ("/?q={id}&r=a?b", b"/?q={id}&r=a?b"),
        ("/?q=a+b%20c d", b"/?q=a+b%20c%20d"),
        ("//a", b"//a"),
        ("*", b"*"),
    ],
)
def test_a_path_is_sent_as_it_is_but_for_what_cannot_stand_in_one(target: str, sent: bytes) -> None:
    assert lines(Request("OPTIONS", target))[0] == b"OPTIONS " + sent + b" HTTP/1.1"


@pytest.mark.parametrize("value", ["", " a ", "a\tb", "ÿ"])
def test_a_value_is_sent_as_it_is(value: str) -> None:
    assert lines(Request("GET", "/", (("X-A", value),)))[2] == b"X-A: " + value.encode("latin-1")


@pytest.mark.parametrize(
    ("request_", "what"),
    [
        (Request("", "/"), "'' is no method"),
        (Request("GET\r\n", "/"), "is no method"),
        (Request("GÉT", "/"), "is no method"),
        (Request("GET", "/\r\nX-A: b"), r"the path has the character '\\r'"),
        (Request("GET", "/\ud800"), r"it has the character '\\ud800'"),
        (Request("GET", "/", (("X A", "b"),)), "'X A' is no name of a header"),
        (Request("GET", "/", (("", "b"),)), "'' is no name of a header"),
        (Request("GET", "/", (("X-A", "a\nb"),)), r"the header X-A has the character '\\n'"),
        (Request("GET", "/", (("X-A", "\ud800"),)), r"it has the character '\\ud800'"),
    ],
)
def test_what_is_no_request_is_not_sent(request_: Request, what: str) -> None:
    with pytest.raises(UnsendableError, match=what):
        request_.encoded("shop")


TEXTS = st.text(max_size=8)


@given(method=TEXTS, target=TEXTS, headers=st.lists(st.tuples(TEXTS, TEXTS), max_size=2), body=st.binary(max_size=8))
def test_no_text_can_be_more_than_a_part_of_one_request(
    method: str, target: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    try:
        sent = Request(method, target, (*headers, ("Host", "shop")), body).encoded("")
    except UnsendableError:
        return
    head, _, rest = sent.partition(b"\r\n\r\n")
    first, *others = head.split(b"\r\n")
    assert first.count(b" ") == 2
    assert all(b": " in other and b"\n" not in other for other in others)
    assert rest == body
