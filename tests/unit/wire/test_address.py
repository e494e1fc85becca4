from __future__ import annotations

import pytest

from servanda.wire import Address, UnsendableError


@pytest.mark.parametrize(
    ("url", "address", "authority"),
    [
        ("http://shop", Address("shop", 80, False, "/"), "shop"),
        ("http://shop:80/a?b=c", Address("shop", 80, False, "/a?b=c"), "shop"),
        ("https://shop:80/", Address("shop", 80, True, "/"), "shop:80"),
        ("https://[::1]:444/", Address("::1", 444, True, "/"), "[::1]:444"),
        ("http://Bücher/", Address("xn--bcher-kva", 80, False, "/"), "xn--bcher-kva"),
        ("http://shop:0/", Address("shop", 0, False, "/"), "shop:0"),
        ("http://ada:p%61ss@shop/", Address("shop", 80, False, "/", "Basic YWRhOnBhc3M="), "shop"),
    ],
)
def test_a_url_is_taken_apart(url: str, address: Address, authority: str) -> None:
    assert Address.of(url) == address
    assert address.authority == authority


@pytest.mark.parametrize(
    "url", ["", "shop", "ftp://shop", "http://", "http://shop:x", "http://shop:99999", "http://[::"]
)
def test_what_is_no_url_of_http_is_refused(url: str) -> None:
    with pytest.raises(UnsendableError, match="is no URL"):
        Address.of(url)
