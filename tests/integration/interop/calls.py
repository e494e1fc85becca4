"""Calls over gRPC in the language of the stock plugin: each kind of field, what keeps its contract and what breaks it.

As a program it records all of them with whichever plugin ``PACT_PLUGIN_DIR`` holds:
``python -m tests.integration.interop.calls FOLDER``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent import futures
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import grpc
from google.protobuf import json_format
from pact import Pact

PROTO: Final = Path(__file__).parent / "proto"
DEFINITION: Final = PROTO / "kinds" / "v1" / "kinds.proto"


@dataclass(frozen=True)
class Outcome:
    """Answer of a provider: fields of the response as JSON, or a status."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    status: str = "OK"
    message: str = ""


@dataclass(frozen=True)
class Call:
    """Need of a consumer, with answers that keep it and answers that break it."""

    response: Mapping[str, Any] | None
    keeps: Sequence[Outcome]
    breaks: Sequence[Outcome]
    metadata: Mapping[str, str] = field(default_factory=dict)


def _fields(response: Mapping[str, Any], keeps: Sequence[Mapping[str, Any]], *breaks: Mapping[str, Any]) -> Call:
    return Call(response, tuple(map(Outcome, keeps)), tuple(map(Outcome, breaks)))


_TYPE: Final = "matching(type, 'a')"
_ONE: Final = "matching(integer, 1)"
_LETTER: Final = "matching(regex, '[a-z]', 'a')"

CALLS: Final[Mapping[str, Call]] = {
    "equality": _fields({"text": "fixed"}, [{"text": "fixed", "whole": 3}], {"text": "other"}, {}),
    "type": _fields({"text": _TYPE}, [{"text": "b"}], {}),
    "regex": _fields({"text": "matching(regex, 'red|blue', 'red')"}, [{"text": "blue"}], {"text": "bluegrey"}, {}),
    "include": _fields({"text": "matching(include, 'part')"}, [{"text": "a part of it"}], {"text": "a piece"}),
    "not-empty": _fields({"text": "notEmpty('x')"}, [{"text": "y"}], {}),
    "datetime": _fields(
        {"text": "matching(datetime, 'yyyy-MM-dd HH:mm', '2026-01-31 10:30')"},
        [{"text": "2026-07-02 11:00"}],
        {"text": "noon"},
    ),
    "integer": _fields({"whole": _ONE}, [{"whole": 2}], {}),
    "big": _fields({"big": _ONE}, [{"big": "9007199254740993"}], {}),
    "huge": _fields({"huge": "7"}, [{"huge": "7"}], {"huge": "8"}),
    "number": _fields({"ratio": "matching(number, 1.5)"}, [{"ratio": 2.5}], {}),
    "decimal": _fields({"ratio": "matching(decimal, 1.5)"}, [{"ratio": 2.5}], {}),
    "float": _fields({"small": "matching(decimal, 1.5)"}, [{"small": 2.25}], {}),
    "boolean": _fields({"flag": "matching(boolean, true)"}, [{"flag": True}, {}]),
    "boolean-fixed": _fields({"flag": True}, [{"flag": True}], {}),
    "default-written": _fields({"text": _TYPE, "whole": 0}, [{"text": "b"}], {"text": "b", "whole": 3}),
    "enum": _fields({"kind": "KIND_A"}, [{"kind": "KIND_A"}], {"kind": "KIND_B"}, {}),
    "enum-like": _fields({"kind": "matching(type, 'KIND_A')"}, [{"kind": "KIND_B"}]),
    "bytes": _fields({"data": "abc"}, [{"data": "YWJj"}], {"data": "YWJk"}),
    "message": _fields(
        {"item": {"id": _TYPE, "count": _ONE}}, [{"item": {"id": "b", "count": 2}}], {"item": {"count": 2}}, {}
    ),
    "deep": _fields(
        {"item": {"id": "a", "inner": {"id": _LETTER}}},
        [{"item": {"id": "a", "inner": {"id": "c"}}}],
        {"item": {"id": "a", "inner": {"id": "cc"}}},
        {"item": {"id": "a"}},
    ),
    "each-message": _fields(
        {"items": {"pact:match": "eachValue(matching($'one'))", "one": {"id": _TYPE, "count": _ONE}}},
        [{"items": [{"id": "b", "count": 2}, {"id": "c", "count": 3}]}],
        {"items": [{"id": "b"}]},
    ),
    "listed-messages": _fields(
        {"items": [{"id": _TYPE, "count": _ONE}]}, [{"items": [{"id": "b", "count": 2}]}], {"items": [{"id": "b"}]}, {}
    ),
    "at-least-messages": _fields(
        {"items": {"pact:match": "atLeast(2), eachValue(matching($'one'))", "one": {"id": _TYPE}}},
        [{"items": [{"id": "b"}, {"id": "c"}]}],
        {"items": [{"id": "b"}]},
    ),
    "words": _fields({"words": ["a", "b"]}, [{"words": ["a", "b"]}], {"words": ["a"]}, {"words": ["a", "c"]}),
    "each-word": _fields({"words": f"eachValue({_LETTER})"}, [{"words": ["b", "c"]}], {"words": ["b", "cc"]}),
    "at-least-words": _fields(
        {"words": f"atLeast(2), eachValue({_TYPE})"}, [{"words": ["b", "c", "d"]}], {"words": ["b"]}
    ),
    "numbers": _fields({"numbers": f"eachValue({_ONE})"}, [{"numbers": [2, 3]}]),
    "kinds": _fields({"kinds": ["KIND_A", "KIND_B"]}, [{"kinds": ["KIND_A", "KIND_B"]}], {"kinds": ["KIND_B"]}),
    "labels": _fields({"labels": {"a": "x"}}, [{"labels": {"a": "x"}}], {"labels": {"a": "y"}}, {}),
    "each-label": _fields(
        {"labels": {"pact:match": rf"eachKey({_LETTER}), eachValue(matching(regex, '\d+', '1'))", "a": "1"}},
        [{"labels": {"b": "2", "c": "3"}}],
        {"labels": {"bb": "2"}},
        {"labels": {"b": "x"}},
    ),
    "parts": _fields(
        {"parts": {"pact:match": f"eachKey({_LETTER}), eachValue(matching($'one'))", "one": {"id": _LETTER}}},
        [{"parts": {"b": {"id": "y"}}}],
        {"parts": {"b": {"id": "yy"}}},
    ),
    "oneof": _fields({"number": _ONE}, [{"number": 2}], {"name": "x"}, {}),
    "timestamp": _fields({"at": {"seconds": _ONE}}, [{"at": "2026-07-02T10:00:00Z"}], {}),
    "wrapper": _fields({"maybe": {"value": _TYPE}}, [{"maybe": "b"}], {}),
    "optional": _fields({"note": _TYPE}, [{"note": "b"}], {}),
    "metadata": Call(
        {"text": _TYPE},
        [Outcome({"text": "b"}, {"x-id": "7"})],
        [Outcome({"text": "b"}, {"x-id": "x"}), Outcome({"text": "b"})],
        {"x-id": r"matching(regex, '\d+', '1')"},
    ),
    "status": Call(
        None,
        [Outcome(status="NOT_FOUND", message="no such thing")],
        [
            Outcome(status="NOT_FOUND", message="gone"),
            Outcome(status="INTERNAL", message="no such"),
            Outcome({"text": "x"}),
        ],
        {"grpc-status": "NOT_FOUND", "grpc-message": "matching(include, 'no such')"},
    ),
}


@contextmanager
def kinds(promise: str, number: int, asked: Any, answered: Any) -> Iterator[int]:
    """Run a provider that keeps or breaks every call with the answer of a number; gives its port."""

    def answer(request: Any, context: grpc.ServicerContext) -> Any:
        call = CALLS[request.name]
        outcomes = getattr(call, promise) or call.keeps
        outcome = outcomes[min(number, len(outcomes) - 1)]
        context.send_initial_metadata(tuple(outcome.metadata.items()))
        if outcome.status != "OK":
            context.abort(getattr(grpc.StatusCode, outcome.status), outcome.message)
        return json_format.ParseDict(dict(outcome.fields), answered())

    method: Any = grpc.unary_unary_rpc_method_handler(
        answer, asked.FromString, lambda message: message.SerializeToString()
    )
    server = grpc.server(futures.ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("kinds.v1.Kinds", {"Get": method}),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield port
    server.stop(None).wait()


def _record(folder: Path, names: Sequence[str]) -> None:
    keeper = Pact("keeper", "keeper").using_plugin("protobuf", delay=0)
    for name in names or CALLS:
        call = CALLS[name]
        contents: dict[str, Any] = {
            "pact:proto": str(DEFINITION),
            "pact:protobuf-config": {"additionalIncludes": [str(PROTO)]},
            "pact:content-type": "application/grpc",
            "pact:proto-service": "Kinds/Get",
            "request": {"name": name},
        }
        contents |= {} if call.response is None else {"response": call.response}
        contents |= {"responseMetadata": call.metadata} if call.metadata else {}
        pact = Pact("desk", "kinds").using_plugin("protobuf", delay=0)
        pact.upon_receiving(name, "Sync").with_plugin_contents(contents, "application/grpc")
        with pact.serve(addr="127.0.0.1", transport="grpc") as server:
            # Whether it is answered or refused as described, the mock server tells.
            with grpc.insecure_channel(f"127.0.0.1:{server.port}") as channel, suppress(grpc.RpcError):
                get: Any = channel.unary_unary("/kinds.v1.Kinds/Get")
                get(b"\n" + bytes([len(name)]) + name.encode())
            server.write_file(folder)
        del server
    del keeper


if __name__ == "__main__":
    _record(Path(sys.argv[1]), sys.argv[2:])
