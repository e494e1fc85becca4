"""What a consumer needs of the provider "things", in the DSL of pact-python: every matcher, generator and place.

As a program it records all of it with pact-python alone: ``python -m tests.integration.interop.described FOLDER``.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx2
from pact import Pact, generate, match, xml

from tests.integration.interop.things import PIXEL

BODIES: Final[Mapping[str, Any]] = {
    "equality": "fixed",
    "type": match.type("a"),
    "type-object": match.type({"id": 1, "name": "a"}),
    "regex": match.regex("red", regex="red|blue"),
    "each-like": match.each_like({"id": match.int(1)}, min=2),
    "at-least": match.type(["a", "a", "a"], min=2),
    "at-most": match.type(["a", "a"], max=3),
    "constrained": match.type(["a", "a"], min=1, max=3),
    "integer": match.int(1),
    "decimal": match.float(1.5),
    "number": match.number(1),
    "boolean": match.bool(True),
    "string": match.str("a"),
    "uuid": match.uuid("e2490de5-5bd3-43d5-b7c4-526e33f71304"),
    "datetime": match.datetime("2026-01-31T10:00:00Z", format="%Y-%m-%dT%H:%M:%SZ"),
    "date": match.date("2026-01-31", format="%Y-%m-%d"),
    "time": match.time("10:30", format="%H:%M"),
    "includes": match.includes("part"),
    "null": match.none(),
    "array-containing": match.array_containing([{"id": match.int(1), "kind": "a"}, {"id": match.int(2), "kind": "b"}]),
    "state-value": match.type("1", generator=generate.provider_state("${id}")),
}
BODIES_SINCE_V4: Final[Mapping[str, Any]] = {
    "each-key-matches": match.each_key_matches({"ab": "x"}, rules=[match.regex("ab", regex="[a-z]{2}")]),
    "each-value-matches": match.each_value_matches({"ab": "x"}, rules=[match.type("x")]),
}
GENERATED: Final[Mapping[str, Any]] = {
    "uuid": match.uuid(),
    "integer": match.int(min=5, max=6),
    "decimal": match.decimal(precision=3),
    "hexadecimal": match.type("AB", generator=generate.hex(4)),
    "string": match.str(size=5),
    "boolean": match.bool(),
    "date": match.date(format="%Y-%m-%d"),
    "time": match.time(format="%H:%M:%S"),
    "datetime": match.datetime(format="%Y-%m-%dT%H:%M:%S"),
    "regex": match.regex(regex="[a-z]{3}"),
    "address": match.type(
        "http://localhost/things/1",
        generator=generate.mock_server_url(r".*(/things/\d+)$", "http://localhost/things/1"),
    ),
}


@dataclass(frozen=True)
class Described:
    """An interaction, and the request with which the consumer's code proves it."""

    describe: Callable[[Any], object]
    method: str = "GET"
    path: str = ""
    request: Mapping[str, Any] = field(default_factory=dict)

    def call(self, url: str, name: str) -> None:
        httpx2.request(self.method, f"{url}{self.path or f'/{name}'}", trust_env=False, **self.request)


def _body(name: str, value: Any) -> Described:
    return Described(
        lambda asked: (
            asked.given("a thing exists", {"kind": "a"})
            .with_request("GET", f"/{name}")
            .will_respond_with(200)
            .with_body({"value": value}, "application/json")
        )
    )


def _answered(name: str, status: int, describe: Callable[[Any], object] = lambda answer: None) -> Described:
    return Described(lambda asked: describe(asked.with_request("GET", f"/{name}").will_respond_with(status)))


def _sent(name: str, content_type: str, body: Any, example: bytes) -> Described:
    """A request with a body of a media type."""
    return Described(
        lambda asked: (
            asked.given("a thing exists")
            .with_request("POST", f"/{name}")
            .with_body(body, content_type)
            .will_respond_with(200)
        ),
        method="POST",
        request={"content": example, "headers": {"Content-Type": content_type}},
    )


def _xml() -> Any:
    name = xml.element("name", match.str("one"))
    thing = xml.element("thing", name, attrs={"id": match.int(1), "kind": "a"}).each(min=1)
    return xml.body(xml.element("things", thing))


def _with_query(asked: Any) -> object:
    asked.with_request("GET", "/query").with_query_parameter("q", match.regex("aa", regex="a+"))
    return asked.with_query_parameter("many", "1").with_query_parameter("many", "2").will_respond_with(200)


def _with_part(asked: Any) -> object:
    path = Path(tempfile.mkdtemp()) / "one.png"
    path.write_bytes(PIXEL)
    asked.with_request("POST", "/multipart").with_multipart_file("picture", path, "image/png", boundary="XyZ")
    return asked.will_respond_with(200)


def _with_rules(asked: Any) -> object:
    asked.with_request("GET", "/raw-rules").will_respond_with(200).with_body('{"value": "a"}', "application/json")
    return asked.with_matching_rules({"body": {"$.value": {"matchers": [{"match": "type"}]}}})


OTHERS: Final[Mapping[str, Described]] = {
    "path": Described(
        lambda asked: asked.with_request("GET", match.regex("/path/7", regex=r"/path/\d+")).will_respond_with(200),
        path="/path/7",
    ),
    "query": Described(_with_query, request={"params": {"q": "aa", "many": ["1", "2"]}}),
    "request-header": Described(
        lambda asked: (
            asked.with_request("GET", "/request-header")
            .with_header("X-Id", match.regex("7", regex=r"\d+"))
            .will_respond_with(200)
        ),
        request={"headers": {"X-Id": "7"}},
    ),
    "request-body": _sent(
        "request-body",
        "application/json",
        {"id": match.int(7), "tags": match.each_like("a", min=1)},
        b'{"id": 7, "tags": ["a"]}',
    ),
    "state-in-body": _sent(
        "state-in-body",
        "application/json",
        {"id": match.type("1", generator=generate.provider_state("${id}"))},
        b'{"id": "1"}',
    ),
    "request-text": _sent("request-text", "text/plain", "hello", b"hello"),
    "request-form": _sent("request-form", "application/x-www-form-urlencoded", "a=1&b=2", b"a=1&b=2"),
    "request-xml": _sent(
        "request-xml", "application/xml", "<things><thing id='1'/></things>", b"<things><thing id='1'/></things>"
    ),
    "answer-header": _answered(
        "answer-header", 200, lambda answer: answer.with_header("X-Kind", match.regex("a", regex="a|b"))
    ),
    "answer-headers": _answered(
        "answer-headers", 200, lambda answer: answer.with_header("X-Many", "a").with_header("X-Many", "b")
    ),
    "cookie": _answered(
        "cookie", 200, lambda answer: answer.with_header("Set-Cookie", match.regex("a=1; Path=/", regex="a=.+"))
    ),
    "text-body": _answered("text-body", 200, lambda answer: answer.with_body("hello", "text/plain")),
    "form": _answered("form", 200, lambda answer: answer.with_body("a=1&b=2", "application/x-www-form-urlencoded")),
    "binary": _answered("binary", 200, lambda answer: answer.with_binary_body(PIXEL, "image/png")),
    "picture": _answered(
        "picture",
        200,
        lambda answer: answer.with_binary_body(PIXEL, "image/png").with_matching_rules(
            {"body": {"$": {"matchers": [{"match": "contentType", "value": "image/png"}]}}}
        ),
    ),
    "xml": _answered("xml", 200, lambda answer: answer.with_body(_xml(), "application/xml")),
    "empty-answer": _answered("empty-answer", 204),
    "several-states": Described(
        lambda asked: (
            asked.given("a thing exists", {"kind": "a"})
            .given("another thing exists", numbers=[1, 2], deep={"a": None})
            .with_request("GET", "/several-states")
            .will_respond_with(200)
        )
    ),
}
SINCE_V3: Final = frozenset({"several-states", "state-in-body"})
SINCE_V4: Final[Mapping[str, Described]] = {
    "pending": Described(
        lambda asked: (
            asked.set_pending(pending=True)
            .add_text_comment("not there yet")
            .set_comment("why", {"a": [1]})
            .add_external_reference("tracker", "ticket", "7")
            .with_request("GET", "/pending")
            .will_respond_with(200)
        )
    ),
    "key": Described(lambda asked: asked.set_key("k-1").with_request("GET", "/key").will_respond_with(200)),
    "multipart": Described(_with_part, method="POST", request={"files": {"picture": ("one.png", PIXEL, "image/png")}}),
    "raw-rules": Described(_with_rules),
    "generated": Described(
        lambda asked: (
            asked.with_request("POST", "/generated")
            .with_body(dict(GENERATED), "application/json")
            .will_respond_with(200)
        ),
        method="POST",
        request={
            "json": {
                "uuid": "936da01f-9abd-4d9d-80c7-02af85c822a8",
                "integer": 5,
                "decimal": 1.25,
                "hexadecimal": "AB12",
                "string": "abcde",
                "boolean": True,
                "date": "2026-07-02",
                "time": "10:11:12",
                "datetime": "2026-07-02T10:11:12",
                "regex": "abc",
                "address": "http://localhost/things/1",
            }
        },
    ),
}


def http(version: int) -> Iterator[tuple[str, Described]]:
    """All interactions over HTTP that a version of the specification knows, by the name of their case."""
    for name, value in {**BODIES, **(BODIES_SINCE_V4 if version >= 4 else {})}.items():
        yield name, _body(name, value)
    yield from ((name, each) for name, each in OTHERS.items() if version >= 3 or name not in SINCE_V3)
    if version >= 4:
        yield from SINCE_V4.items()


def events(version: int) -> Mapping[str, Any]:
    """The values of all events that a version of the specification knows, by the name of their case."""
    return {**BODIES, **(BODIES_SINCE_V4 if version >= 4 else {})}


def _record(folder: Path, version: int) -> None:
    for name, described in http(version):
        pact = Pact(f"desk-v{version}", "things").with_specification(f"V{version}")
        described.describe(pact.upon_receiving(name))
        with pact.serve(addr="127.0.0.1") as server:
            described.call(str(server.url), name)
        pact.write_file(folder)
    for name, value in events(version).items() if version >= 3 else ():
        pact = Pact(f"bell-v{version}", "things").with_specification(f"V{version}")
        event = pact.upon_receiving(name, "Async").given("a thing was made")
        event.with_body({"value": value}, "application/json").with_metadata(topic="things", key="a")
        pact.verify(lambda body, metadata: None, kind="Async")
        pact.write_file(folder)


if __name__ == "__main__":
    for each in (2, 3, 4):
        _record(Path(sys.argv[1]), each)
