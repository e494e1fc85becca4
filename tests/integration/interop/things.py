"""The provider that the contracts of every writer are about: one path for each case, answers that keep or break it."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

PIXEL: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
JPEG: Final = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
THING_ID: Final = "42"
"""What the provider state "a thing exists" returns as ``id``."""


@dataclass(frozen=True)
class Answer:
    """Answer of the provider, over HTTP or as an event."""

    status: int = 200
    headers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Case:
    """Answers that keep an interaction, and answers that break it."""

    keeps: tuple[Answer, ...]
    breaks: tuple[Answer, ...] = ()


def _json(value: object, content_type: str = "application/json; charset=utf-8") -> Answer:
    return Answer(headers={"Content-Type": [content_type]}, body=json.dumps({"value": value}).encode())


def _of(content_type: str, body: bytes) -> Answer:
    return Answer(headers={"Content-Type": [content_type]}, body=body)


_UUID: Final = "936da01f-9abd-4d9d-80c7-02af85c822a8"
_ADDRESS: Final = "http://elsewhere.example/users/12/posts"
# The values that keep a case, and those that break it.
_VALUES: Final[Mapping[str, tuple[Sequence[object], Sequence[object]]]] = {
    "equality": (["fixed"], ["other", None]),
    "type": (["another"], [1, None]),
    "type-object": ([{"id": 2, "name": "b", "more": True}], [{"id": "2", "name": "b"}, {"id": 2}]),
    "regex": (["blue"], ["green", "bluegrey"]),
    "each-like": ([[{"id": 5}, {"id": 6}, {"id": 7}]], [[{"id": 5}], [{"id": 5}, {"id": "6"}], {}]),
    "at-least": ([["b", "c"]], [["b"], ["b", 1]]),
    "at-most": ([["b"], ["b", "c", "d"]], [["b", "c", "d", "e"], [1]]),
    "constrained": ([["b"], ["b", "c", "d"]], [[], ["b", "c", "d", "e"]]),
    "integer": ([2], ["2"]),
    "decimal": ([2.5], ["2.5"]),
    "number": ([2, 2.5], ["2", None]),
    "boolean": ([False], ["true", 1]),
    "string": (["another"], [1]),
    "raw-rules": (["another"], [1]),
    "uuid": ([_UUID], ["no uuid", f"{_UUID}0"]),
    "ipv4": (["10.0.0.1"], ["ten"]),
    "ipv6": (["2001:db8::1"], ["12"]),
    "hexadecimal": (["ab12"], ["xyz"]),
    "email": (["a@b.example"], ["nobody"]),
    "iso-datetime": (["2026-07-02T10:00:00Z"], ["2 July"]),
    "iso-datetime-millis": (["2026-07-02T10:00:00.123Z"], ["2026-07-02T10:00:00Z"]),
    "iso-date": (["2026-07-02"], ["2 July"]),
    "iso-time": (["T10:00:00Z"], ["ten"]),
    "rfc1123": (["Thu, 02 Jul 2026 10:00:00 +0200"], ["2026-07-02"]),
    "explicit-equal": ([{"fixed": "fixed", "free": "b"}], [{"fixed": "other", "free": "b"}]),
    "datetime": (["2026-07-02T11:12:13Z"], ["2026-07-02", "2026-13-02T11:12:13Z"]),
    "date": (["2026-07-02"], ["02.07.2026", "2026-02-30"]),
    "time": (["23:59"], ["24:61", "noon"]),
    "includes": (["a part of it"], ["a piece"]),
    "null": ([None], ["a", 0]),
    "url": ([_ADDRESS], ["http://elsewhere.example/users/x/posts"]),
    "array-containing": (
        [[{"id": 9, "kind": "b"}, {"id": 8, "kind": "a"}, {"id": 7, "kind": "c"}]],
        [[{"id": 9, "kind": "a"}], [{"id": "9", "kind": "a"}, {"id": 8, "kind": "b"}]],
    ),
    "each-key-like": ([{"one": 2, "two": 3}], [{"one": "2"}]),
    "each-key-matches": ([{"cd": "x", "ef": "y"}], [{"c": "x"}]),
    "each-value-matches": ([{"cd": "z"}], [{"cd": 1}]),
    "state-value": ([THING_ID, "7"], [7]),
    "all-of": (["a long one"], ["a"]),
    "one-of": (["a", None], [1]),
    "each-value-under-keys": ([{"ab": {"name": "z"}}], [{"ab": {"name": 1}}, {"cd": {"name": "z"}}]),
    "unordered-at-least": ([["z", "a"], ["z", "a", 1]], [["a"], ["y", "z"]]),
    "unordered-at-most": ([["a", "b"], ["b", "a", "c"]], [["b", "b"], ["a", "b", "c", "d"]]),
    "unordered": ([["b", "a"], ["a", "b"]], [["a", "c"], ["a"]]),
    "not-empty": (["b"], [""]),
    "semver": (["2.0.1"], ["two"]),
}
_TEXT_IN_XML: Final = b"<things><thing kind='a' id='x'><name>two</name></thing></things>"
_SINCE_V3: Final[Mapping[str, tuple[Answer, ...]]] = {
    "integer": (_json(2.5), _json(2.0)),
    "decimal": (_json(2),),
    "xml": (_of("application/xml; charset=UTF-8", _TEXT_IN_XML),),
}
"""What breaks a case as well where the version of the specification has its matcher: before 3 there are only types."""

_OTHERS: Final[Mapping[str, Case]] = {
    "answer-header": Case((Answer(headers={"X-Kind": ["b"]}),), (Answer(), Answer(headers={"X-Kind": ["ab"]}))),
    "answer-headers": Case(
        (Answer(headers={"X-Many": ["a, b"]}), Answer(headers={"X-Many": ["a", "b"]})),
        (Answer(headers={"X-Many": ["a"]}),),
    ),
    "text-body": Case((_of("text/plain", b"hello"),), (_of("text/plain", b"bye"),)),
    "text-of-a-type": Case((_of("text/plain", b"bye"),), (_of("text/plain", PIXEL), _of("image/png", PIXEL))),
    "empty-answer": Case((Answer(204),), (Answer(500),)),
    "status-class": Case((Answer(201), Answer(204)), (Answer(404), Answer(302))),
    "status-codes": Case((Answer(201),), (Answer(204),)),
    "pending": Case((Answer(200),)),
    "binary": Case((_of("image/png", PIXEL),), (_of("image/png", JPEG), _of("image/jpeg", JPEG))),
    "form": Case((_of("application/x-www-form-urlencoded", b"a=1&b=2"),), (_of("image/png", PIXEL),)),
    "xml": Case(
        (
            _of(
                "application/xml; charset=UTF-8",
                b"<?xml version='1.0'?><things>\n  <thing kind='a' id='2'><name>two</name></thing>"
                b"<thing kind='a' id='3'><name>three</name></thing>\n</things>",
            ),
        ),
        (
            _of("application/xml; charset=UTF-8", b"<things><thing kind='a' id='2'/></things>"),
            _of("application/xml; charset=UTF-8", b"<other/>"),
        ),
    ),
    "cookie": Case((Answer(headers={"Set-Cookie": ["a=2; Path=/"]}),), (Answer(headers={"Set-Cookie": ["b=2"]}),)),
    "picture": Case((_of("image/png", PIXEL),), (_of("image/png", b"no picture"),)),
    **{
        name: Case((Answer(200),), (Answer(500),))
        for name in (
            *("path", "query", "request-header", "request-body", "request-text", "request-form", "request-xml"),
            *("state-in-path", "state-in-body", "several-states", "multipart", "generated", "generated-moments", "key"),
        )
    },
}


def case(name: str, version: int) -> Case:
    """The answers to a case whose contract is written in a version of the specification."""
    if name in _OTHERS:
        found = _OTHERS[name]
    else:
        keeps, breaks = _VALUES[name]
        found = Case(tuple(map(_json, keeps)), tuple(map(_json, breaks)))
    return replace(found, breaks=(*found.breaks, *_SINCE_V3.get(name, ()))) if version >= 3 else found


@dataclass(frozen=True)
class Request:
    """Request of a consumer."""

    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)


_WANTED: Final[Mapping[str, Callable[[Request], object]]] = {
    "query": lambda asked: sorted(asked.query) == [("many", "1"), ("many", "2"), ("q", "aa")],
    "request-header": lambda asked: asked.headers.get("x-id") == "7",
    "request-body": lambda asked: asked.document == {"id": 7, "tags": ["a"]},
    "state-in-body": lambda asked: asked.document == {"id": THING_ID},
    "request-text": lambda asked: asked.body == b"hello",
    "request-form": lambda asked: parse_qsl(asked.body.decode()) == [("a", "1"), ("b", "2")],
    "request-xml": lambda asked: b"<thing id=" in asked.body,
    "multipart": lambda asked: b'name="picture"' in asked.body and PIXEL in asked.body,
    "generated-moments": lambda asked: _is_later(asked.document),
    "generated": lambda asked: all(re.fullmatch(form, str(asked.document[name])) for name, form in GENERATED.items()),
}
"""Of the cases whose request says something besides its path: whether the provider can use what it was sent."""


def _is_later(document: Mapping[str, Any]) -> bool:
    """Check of the moments: in the future, as their expressions say, and nothing else is an example."""
    today, example = datetime.now(UTC).date().isoformat(), "e2490de5-5bd3-43d5-b7c4-526e33f71304"
    has_forms = all(re.fullmatch(GENERATED[name], str(document[name])) for name in ("date", "time", "datetime", "uuid"))
    later = document["date"] >= today and document["datetime"] >= today
    return has_forms and later and document["uuid"] != example and isinstance(document["integer"], int)


GENERATED: Final[Mapping[str, str]] = {
    "uuid": r"[0-9a-f-]{36}",
    "integer": r"[56]",
    "decimal": r"\d+(\.\d+)?",
    "hexadecimal": r"[0-9A-Fa-f]{2,4}",
    "string": r"\w+",
    "boolean": r"True|False",
    "date": r"\d{4}-\d\d-\d\d",
    "time": r"\d\d:\d\d:\d\d",
    "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d",
    "regex": r"[a-z]{3}",
    "address": r"http://.+/things/\d+",
}
"""The form of each value that a generator makes."""


class _Provider(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    version: int

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/states":
            self._send(Answer(headers={"Content-Type": ["application/json"]}, body=f'{{"id": "{THING_ID}"}}'.encode()))
        else:
            self._answer(body)

    def _answer(self, body: bytes) -> None:
        target = urlsplit(self.path)
        # The address of the provider says what it does: /keeps/0 or /breaks/1.
        _, promise, number, path = target.path.split("/", 3)
        known = {"path/7": "path", f"things/{THING_ID}": "state-in-path"}.get(path, path)
        asked = Request(
            path, tuple(parse_qsl(target.query)), {name.lower(): value for name, value in self.headers.items()}, body
        )
        try:
            found = case(known, self.version)
        except KeyError:
            return self._send(Answer(404, body=f"no case {path}".encode()))
        if known in _WANTED and not _WANTED[known](asked):
            return self._send(Answer(400, body=f"the request for {known} is wrong: {asked}".encode()))
        answers = getattr(found, promise) or found.keeps
        return self._send(answers[min(int(number), len(answers) - 1)])

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, values in answer.headers.items():
            for value in values:
                self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)


@contextmanager
def things(version: int) -> Iterator[str]:
    """Run the provider; gives its address."""
    handler = type("Provider", (_Provider,), {"version": version})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
