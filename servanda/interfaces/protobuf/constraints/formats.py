"""Texts of the formats that buf.validate knows, chosen so that any two formats disagree about one of them.

Source: the rules of ``buf.validate.StringRules`` and of ``buf.validate.BytesRules``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_LABEL: Final = 63

EXAMPLES: Final = (
    # Plain words, of each alphabet that a format could be content with.
    "a", "A", "0", "abc", "ABC", "a b", "a-b", "a_b", "a.b", "é", "日本", "😀", " ", "\t", "\n", "\r", "\x00", "\x7f",
    "-", "_", ".", "/", ":", "@", "#", "?", "%", "%zz", "a\nb", "a\x00b", " a", "a ", "\ta", ":a", "a:", "..", "a..b",
    # Host names and addresses.
    "example.com", "EXAMPLE.com", "example.com.", "localhost", "a.example", "a-b.example", "-a.example", "a-.example",
    "a_b.example", "1.example", "example.1", "1", "256.256.256.256", "1.2.3", "127.0.0.1", "0.0.0.0", "01.2.3.4",  # noqa: S104  # nobody binds to it
    "255.255.255.255", "::1", "::", "2001:db8::1", "2001:DB8::1", "fe80::1%eth0", "::ffff:1.2.3.4", "1::2::3",
    "[::1]", "example.com:80", "example.com:0", "example.com:65536", "127.0.0.1:80", "[::1]:80", "[::1%a]:80", ":80",
    "localhost:http", "a.example:65535",
    # Networks.
    "127.0.0.0/8", "127.0.0.1/8", "127.0.0.1/32", "0.0.0.0/0", "1.2.3.4/33", "10.0.0.0/08", "2001:db8::/32",
    "2001:db8::1/32", "::/0", "::1/128", "::1/129",
    # Mail addresses.
    "a@example.com", "a@b", "a+b@example.com", "A.B@EXAMPLE.com", "a@127.0.0.1", "a@[127.0.0.1]", "a b@example.com",
    "@example.com", "a@", "a@@b", "a@-b", ".a@b", '"a b"@example.com',
    # Locations.
    "http://example.com", "https://example.com/a?b=c#d", "http://example.com/a b", "http://", "mailto:a@example.com",
    "urn:a:b", "//example.com/a", "/a/b", "a/b", "?b=c", "#d", "./a", "http://[::1]/", "http://127.0.0.1:80",
    "HTTP://EXAMPLE.com", "http://é.example/", "1http://a", "foo:", "http://a/%zz",
    # Identifiers.
    "00000000-0000-0000-0000-000000000000", "123e4567-e89b-12d3-a456-426614174000",
    "123E4567-E89B-12D3-A456-426614174000", "123e4567e89b12d3a456426614174000", "123E4567E89B12D3A456426614174000",
    "123e4567-e89b-12d3-a456-42661417400g", "{123e4567-e89b-12d3-a456-426614174000}",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV", "01arz3ndektsv4rrffq69g5fav", "81ARZ3NDEKTSV4RRFFQ69G5FAV",
    "ILOU3NDEKTSV4RRFFQ69G5FAV0", "0" * 26, "0" * 32, "a.b.C", ".a.b.C", "a1._b", ".a", "a.", "1a.b", "_a",
    # Headers.
    "content-type", "Content-Type", ":path", ":", "x y", "x\ty", "text/plain; q=1", "a\x01b", "a\rb", "é\n",
)  # fmt: skip

RAW: Final = (
    b"", b"a", b"\x00", b"\xff", b"\xc3\xa9", b"\x7f\x00\x00\x01", b"\x00" * 4, b"\x00" * 15, b"\x00" * 16,
    bytes(range(16)), b"\x00" * 17, b"abc", b"abcd",
)  # fmt: skip


def stretched(size: int) -> Iterator[str]:
    """Yield texts of the formats that have room for it with this number of characters."""
    if size < 1:
        return
    fill = "a" * size
    yield fill  # a host name, a header, a reference
    for front, back in (("", "@b.co"), ("http://a/", ""), ("/", ""), ("urn:", ""), (".", ""), (":", "")):
        room = size - len(front) - len(back)
        if room > 0:
            yield f"{front}{'a' * room}{back}"
    yield from (_host(size), f"a@{_host(size - 2)}", f"http://{_host(size - 7)}", f"{_host(size - 3)}:80")


def _host(size: int) -> str:
    """Return a name of labels that are as long as they may be."""
    label = "a" * _LABEL + "."
    whole = label * (max(size, 0) // len(label) + 1)
    name = whole[: max(size, 0)]
    return name[:-1] + "a" if name.endswith(".") else name
