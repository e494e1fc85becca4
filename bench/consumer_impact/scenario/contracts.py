"""Writing the contracts and usage logs of a scenario as recorders write them."""

from __future__ import annotations

import base64
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2, json_format

from bench.consumer_impact.replay.routes import received
from bench.consumer_impact.replay.types import Types
from bench.consumer_impact.scenario.interactions import Event, Grpc, Http, Party, Recorded


def write(folder: Path, parties: tuple[Party, ...], types: Types) -> None:
    """Write all contracts to ``pacts/`` and all usage logs to ``usage/`` below a folder."""
    for party in parties:
        by_provider: dict[str, list[Recorded]] = defaultdict(list)
        for each in party.interactions:
            by_provider[each.provider].append(each)
        for provider, interactions in by_provider.items():
            document = _pact(party, provider, interactions, types)
            _write(folder / "pacts" / f"{party.name}-{provider}.json", document)
        if party.log:
            _write(folder / "usage" / f"{party.name}.json", _log(party, types))


def _write(path: Path, document: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def _pact(party: Party, provider: str, interactions: list[Recorded], types: Types) -> Mapping[str, object]:
    version = party.version_for(provider)
    parties = {"consumer": {"name": party.name}, "provider": {"name": provider}}
    if version == 3:
        http = [_http(each, 3) for each in interactions if isinstance(each.exchange, Http)]
        messages = [_message_v3(each) for each in interactions if isinstance(each.exchange, Event)]
        content: Mapping[str, object] = {"interactions": http} if http else {"messages": messages}
        return {**parties, **content, "metadata": {"pactSpecification": {"version": "3.0.0"}}}
    plugins = []
    if any(isinstance(each.exchange, Grpc) or _is_protobuf(each) for each in interactions):
        encoded = base64.b64encode(_without_comments(types).SerializeToString(deterministic=True)).decode()
        configuration = {"library": {"protoDescriptors": encoded}}
        plugins = [{"name": "protobuf", "version": "0.6.5", "configuration": configuration}]
    metadata = {"pactSpecification": {"version": "4.0"}, **({"plugins": plugins} if plugins else {})}
    return {**parties, "interactions": [_v4(each, types) for each in interactions], "metadata": metadata}


def _without_comments(types: Types) -> descriptor_pb2.FileDescriptorSet:
    image = descriptor_pb2.FileDescriptorSet()
    image.CopyFrom(types.image)
    for file in image.file:
        file.ClearField("source_code_info")
    return image


def _is_protobuf(each: Recorded) -> bool:
    return isinstance(each.exchange, Event) and each.exchange.encoding == "protobuf"


def _v4(each: Recorded, types: Types) -> Mapping[str, object]:
    named = {"description": each.name, "pending": False, "comments": {"testname": f"tests/{each.consumer}.py::test"}}
    exchange = each.exchange
    if isinstance(exchange, Http):
        return {"type": "Synchronous/HTTP", **named, **_http(each, 4)}
    if isinstance(exchange, Grpc):
        return {"type": "Synchronous/Messages", "transport": "grpc", **named, **_grpc(exchange, types)}
    return {"type": "Asynchronous/Messages", **named, **_message_v4(exchange, types)}


def _http(each: Recorded, version: int) -> Mapping[str, object]:
    exchange = each.exchange
    assert isinstance(exchange, Http)
    request: dict[str, Any] = {"method": exchange.method, "path": exchange.path}
    response: dict[str, Any] = {"status": exchange.status}
    if exchange.query:
        request["query"] = dict(exchange.query)
    for part, body, headers in (
        (request, exchange.body, exchange.request_headers),
        (response, exchange.answer, exchange.headers),
    ):
        json_type = {"Content-Type": ["application/json"]} if body is not None else {}
        written = {**json_type, **headers}
        if written:
            part["headers"] = written if version == 4 else {name: ", ".join(values) for name, values in written.items()}
        if body is not None:
            in_v4 = {"content": body, "contentType": "application/json", "encoded": False}
            part["body"] = in_v4 if version == 4 else body
    if exchange.like:
        response["matchingRules"] = _by_type(exchange.like)
    described = {} if version == 4 else {"description": each.name}
    return {**described, "request": request, "response": response}


def _by_type(places: Sequence[str]) -> Mapping[str, object]:
    return {"body": {place: {"combine": "AND", "matchers": [{"match": "type"}]} for place in places}}


def _message_v3(each: Recorded) -> Mapping[str, object]:
    exchange = each.exchange
    assert isinstance(exchange, Event)
    return {"description": each.name, "contents": exchange.content, "metadata": dict(exchange.metadata)}


def _message_v4(exchange: Event, types: Types) -> Mapping[str, object]:
    if exchange.encoding == "json":
        content = {"content": exchange.content, "contentType": "application/json", "encoded": False}
        return {"contents": content, "metadata": dict(exchange.metadata)}
    message = parsed(types, exchange.message, exchange.content)
    protobuf = {
        "descriptorKey": "library",
        "message": f".{exchange.message}",
        "expectations": {"response": exchange.content},
    }
    return {
        "contents": _contents(message),
        "metadata": dict(exchange.metadata),
        "pluginConfiguration": {"protobuf": protobuf},
    }


def _grpc(exchange: Grpc, types: Types) -> Mapping[str, object]:
    method = types.method(exchange.method)
    assert method is not None, exchange.method
    asked, answered = method.input_type.full_name, method.output_type.full_name
    expectations: dict[str, object] = {"request": exchange.request}
    response: dict[str, Any] = {"metadata": {"contentType": f"application/protobuf;message=.{answered}"}}
    if exchange.status:
        told = {"grpc-message": "refused", "grpc-status": exchange.status}
        response["metadata"] |= told
        response["contents"] = {"content": ""}
        expectations["responseMetadata"] = told
    else:
        response["contents"] = _contents(parsed(types, answered, exchange.response or {}))
        expectations["response"] = exchange.response
    protobuf = {"descriptorKey": "library", "service": f".{exchange.method}", "expectations": expectations}
    return {
        "request": {"contents": _contents(parsed(types, asked, exchange.request))},
        "response": [response],
        "pluginConfiguration": {"protobuf": protobuf},
    }


def parsed(types: Types, name: str, content: Mapping[str, Any]) -> Any:
    """Return a message of this type from JSON.

    Raises:
        ParseError: The content is not a message of the type.
    """
    kind = types.message(name)
    assert kind is not None, name
    return json_format.ParseDict(dict(content), kind(), descriptor_pool=types.pool)


def _contents(message: Any) -> Mapping[str, object]:
    return {
        "content": base64.b64encode(message.SerializeToString(deterministic=True)).decode(),
        "contentType": f"application/protobuf;message=.{message.DESCRIPTOR.full_name}",
        "contentTypeHint": "BINARY",
        "encoded": "base64",
    }


def _log(party: Party, types: Types) -> Mapping[str, object]:
    reads: set[tuple[str, str, bool]] = set()
    writes: set[tuple[str, str, bool]] = set()
    for each in party.interactions:
        for element, placed in _read(each, types):
            reads.add((element, each.transport, placed))
        for element, placed in _written(each, types):
            writes.add((element, each.transport, placed))
    for text in party.reads:
        element, _, transport = text.partition("@")
        reads.add((element, transport, False))
    about = {"format": 1, "consumer": party.name, "version": "1", "date": "2026-11-20"}
    return {**about, "reads": _entries(party, reads), "writes": _entries(party, writes)}


def _entries(party: Party, touched: set[tuple[str, str, bool]]) -> list[Mapping[str, object]]:
    return [
        {"element": element, "transport": transport, "test": f"tests/{party.name}.py::test"}
        | ({"placed": True} if placed else {})
        for element, transport, placed in sorted(touched)
    ]


Touched = Iterator[tuple[str, bool]]


def _read(each: Recorded, types: Types) -> Touched:
    exchange = each.exchange
    if isinstance(exchange, Event):
        yield from _elements(parsed(types, exchange.message, exchange.content))
    elif isinstance(exchange, Grpc):
        method = types.method(exchange.method)
        if method is not None and exchange.response is not None:
            yield from _elements(parsed(types, method.output_type.full_name, exchange.response))
    elif (call := received(exchange, types)) is not None and exchange.is_answered:
        yield from _elements(parsed(types, call.method.output_type.full_name, exchange.answer or {}))


def _written(each: Recorded, types: Types) -> Touched:
    exchange = each.exchange
    if isinstance(exchange, Event):
        return
    if isinstance(exchange, Grpc):
        method = types.method(exchange.method)
        assert method is not None
        message, placed = parsed(types, method.input_type.full_name, exchange.request), frozenset[str]()
    elif (call := received(exchange, types)) is not None:
        method, message, placed = call.method, call.message, call.placed
    else:
        yield f"{exchange.method} {exchange.path}", False
        return
    yield method.containing_service.full_name, False
    yield method.full_name, False
    for element, _ in _elements(message):
        yield element, element in placed


def _elements(message: Any) -> Touched:
    """Yield all elements that a message holds: its type, its fields with their oneofs, and values of enums."""
    descriptor = message.DESCRIPTOR
    if descriptor.full_name.startswith("google.protobuf."):
        return
    yield descriptor.full_name, False
    for field, value in message.ListFields():
        yield field.full_name, False
        if field.containing_oneof is not None and not field.containing_oneof.name.startswith("_"):
            yield f"{descriptor.full_name}.{field.containing_oneof.name}", False
        in_map = field.message_type is not None and field.message_type.GetOptions().map_entry
        kind = field.message_type.fields_by_name["value"] if in_map else field
        for entry in value.values() if in_map else value if field.is_repeated else (value,):
            if kind.message_type is not None:
                yield from _elements(entry)
            elif kind.enum_type is not None:
                yield kind.enum_type.full_name, False
                yield f"{kind.enum_type.full_name}.{kind.enum_type.values_by_number[entry].name}", False
