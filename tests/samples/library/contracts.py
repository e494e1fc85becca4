"""What the reader expects of the library, as pact documents."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any, TypeAlias

from google.protobuf import descriptor_pb2, wrappers_pb2
from google.protobuf.wrappers_pb2 import StringValue

from servanda import pact
from servanda.pact import PactFile

Document: TypeAlias = dict[str, Any]
_TYPE = ".google.protobuf.StringValue"
_LIKE: Document = {"combine": "AND", "matchers": [{"match": "type"}]}


def states(*names: str, **params: object) -> list[Document]:
    return [{"name": name, "params": params} for name in names]


def a_book_over_http(**changes: Any) -> Document:
    return {
        "type": "Synchronous/HTTP",
        "description": "a book",
        "providerStates": states("a book exists", book="b-1", title="Persuasion"),
        "request": {"method": "GET", "path": "/books/b-1", "query": {"fields": ["id", "title"]}},
        "response": {
            "status": 200,
            "headers": {"X-Shelf": ["7"]},
            "body": {"content": {"id": "b-1", "title": "Emma"}, "contentType": "application/json", "encoded": False},
            "matchingRules": {"body": {"$.title": _LIKE}, "header": {"X-Shelf": _LIKE}},
        },
        **changes,
    }


def a_missing_book_over_http(**changes: Any) -> Document:
    return {
        "type": "Synchronous/HTTP",
        "description": "a missing book",
        "providerStates": states("no book exists"),
        "request": {"method": "GET", "path": "/books/b-1"},
        "response": {"status": 404},
        **changes,
    }


def a_title_over_grpc(**changes: Any) -> Document:
    return {
        "type": "Synchronous/Messages",
        "transport": "grpc",
        "description": "a title",
        "providerStates": states("a book exists", book="b-1", title="Emma"),
        "pluginConfiguration": {"protobuf": _grpc(request={"value": "b-1"}, response={"value": "Emma"})},
        "request": _contents(StringValue(value="b-1")),
        "response": [{**_contents(StringValue(value="Emma")), "metadata": {"x-shelf": "3"}}],
        **changes,
    }


def a_missing_title_over_grpc(**changes: Any) -> Document:
    return {
        "type": "Synchronous/Messages",
        "transport": "grpc",
        "description": "a missing title",
        "providerStates": states("no book exists"),
        "pluginConfiguration": {"protobuf": _grpc(request={"value": "b-1"})},
        "request": _contents(StringValue(value="b-1")),
        "response": [{"contents": {"content": ""}, "metadata": {"grpc-status": "NOT_FOUND"}}],
        **changes,
    }


def a_loan_over_kafka(**changes: Any) -> Document:
    return {
        "type": "Asynchronous/Messages",
        "description": "a loan",
        "providerStates": states("a book was lent", book="b-1"),
        "contents": {"content": {"book": "b-1", "days": 14}, "contentType": "application/json", "encoded": False},
        "metadata": {"topic": "loans", "key": "b-1", "kind": "loan"},
        "matchingRules": {"body": {"$.days": _LIKE}},
        **changes,
    }


def contract(folder: Path, *interactions: Document, consumer: str = "reader", provider: str = "library") -> PactFile:
    """The contract with these interactions, read from a file in the folder."""
    document = {
        "consumer": {"name": consumer},
        "provider": {"name": provider},
        "interactions": list(interactions),
        "metadata": {
            "pactSpecification": {"version": "4.0"},
            "plugins": [
                {
                    "name": "protobuf",
                    "version": "1.0.0",
                    "configuration": {
                        _key(): {"protoDescriptors": base64.b64encode(_descriptors()).decode(), "protoFile": ""}
                    },
                }
            ],
        },
    }
    path = folder / f"{consumer}-{provider}.json"
    path.write_text(json.dumps(document, indent=1))
    return pact.load(path)


def _grpc(**expectations: object) -> Document:
    return {"descriptorKey": _key(), "service": ".library.v1.Library/Find", "expectations": expectations}


def _contents(message: StringValue) -> Document:
    content_type = f"application/protobuf;message={_TYPE}"
    encoded = base64.b64encode(message.SerializeToString()).decode()
    return {"contents": {"content": encoded, "contentType": content_type, "encoded": "base64"}}


def _descriptors() -> bytes:
    wrappers, library = descriptor_pb2.FileDescriptorProto(), descriptor_pb2.FileDescriptorProto(name="library.proto")
    wrappers_pb2.DESCRIPTOR.CopyToProto(wrappers)
    library.package, library.syntax = "library.v1", "proto3"
    library.dependency.append(wrappers.name)
    library.service.add(name="Library").method.add(name="Find", input_type=_TYPE, output_type=_TYPE)
    return descriptor_pb2.FileDescriptorSet(file=[wrappers, library]).SerializeToString(deterministic=True)


def _key() -> str:
    return hashlib.md5(_descriptors(), usedforsecurity=False).hexdigest()
