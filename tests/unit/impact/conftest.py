"""A shop: its interface in two states, and contracts of its consumers."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import descriptor_pb2, json_format

from codegen.image import image_of
from servanda import pact
from servanda.impact.assessment import assess
from servanda.interfaces.effect import Access
from servanda.interfaces.protobuf.comparison import compare
from servanda.interfaces.protobuf.rules.table import RULES
from servanda.interfaces.protobuf.schema import File, State
from servanda.interfaces.protobuf.usage import pacts
from servanda.interfaces.protobuf.usage.catalogue import Catalogue
from servanda.interfaces.protobuf.usage.change import ProtobufChange
from servanda.interfaces.protobuf.usage.evolution import Evolution
from servanda.interfaces.protobuf.usage.examples import Example
from servanda.interfaces.protobuf.usage.pacts import KnownState
from servanda.interfaces.rule import Found
from servanda.interfaces.usage.provenance import Provenance
from servanda.interfaces.usage.use import Observation, Usage, Use
from servanda.pact.descriptors import Descriptors
from servanda.verdict import Consumer, Evidence, Finding, Impact, Severity, Span, Transport

SHOP = """syntax = "proto3";
package shop.v1;
import "google/api/annotations.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/timestamp.proto";
service Shop {
  rpc GetOrder(GetOrderRequest) returns (GetOrderResponse) {
    option (google.api.http) = { get: "/v1/orders/{order_id}" };
  }
  rpc ListOrders(ListOrdersRequest) returns (ListOrdersResponse) {
    option (google.api.http) = { get: "/v1/orders" };
  }
  rpc UpdateOrder(UpdateOrderRequest) returns (Order) {
    option (google.api.http) = { patch: "/v1/{order.order_id=orders/*}" body: "order" };
  }
}
message GetOrderRequest {
  string order_id = 1;
  google.protobuf.FieldMask read_mask = 2;
}
message GetOrderResponse { Order order = 1; }
message ListOrdersRequest { int32 page_size = 1; Filter filter = 2; }
message Filter { string buyer_name = 1; }
message ListOrdersResponse { repeated Order orders = 1; }
message UpdateOrderRequest { Order order = 1; google.protobuf.FieldMask update_mask = 2; }
enum Status {
  STATUS_UNSPECIFIED = 0;
  STATUS_OPEN = 1;
  STATUS_PAID = 2;
}
message Address { string street_name = 1; string city = 2; }
message Order {
  string order_id = 1;
  string note = 2;
  Status status = 3;
  Address address = 4;
  map<string, Address> parcels = 5;
  oneof payment {
    string card = 6;
    string voucher = 7;
  }
  google.protobuf.Timestamp create_time = 8;
  bool gift = 9;
}
message OrderPlaced { Order order = 1; }
"""

Shown = tuple[str, str]


@dataclass
class Contracts:
    """Contracts that a test writes down, and what they prove."""

    folder: Path
    image: descriptor_pb2.FileDescriptorSet
    uses: list[Use] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)

    def http(
        self,
        consumer: str,
        method: str,
        path: str,
        *,
        query: Mapping[str, list[str]] | None = None,
        body: object = None,
        answer: object = None,
        status: int = 200,
    ) -> None:
        """A contract over HTTP with one interaction."""
        request: dict[str, object] = {"method": method, "path": path, "query": query or {}}
        if body is not None:
            request["body"] = {"content": body, "contentType": "application/json", "encoded": False}
        response: dict[str, object] = {"status": status}
        if answer is not None:
            response["body"] = {"content": answer, "contentType": "application/json", "encoded": False}
        entry = {"type": "Synchronous/HTTP", "request": request, "response": response}
        self._write(consumer, {"description": f"{method} {path}", **entry})

    def grpc(
        self,
        consumer: str,
        method: str,
        request: Mapping[str, Any],
        response: Mapping[str, Any],
        *,
        written: bool = True,
        status: str = "OK",
    ) -> None:
        """A contract over gRPC; ``written`` says whether it keeps the expectations beside the example."""
        service = self.image.file[-1].service[0]
        found = next(each for each in service.method if each.name == method)
        expectations = {"expectations": {"request": request, "response": response}} if written else {}
        entry = {
            "description": method,
            "type": "Synchronous/Messages",
            "request": {"contents": self._contents(found.input_type, request)},
            "response": [
                {"contents": self._contents(found.output_type, response), "metadata": {"grpc-status": status}}
            ],
            "pluginConfiguration": {"protobuf": self._plugin() | expectations | {"service": f".shop.v1.Shop/{method}"}},
        }
        self._write(consumer, entry)

    def event(self, consumer: str, name: str, value: Mapping[str, Any]) -> None:
        """A contract over Kafka."""
        entry = {
            "description": name,
            "type": "Asynchronous/Messages",
            "contents": self._contents(f".shop.v1.{name}", value),
            "metadata": {"topic": "orders"},
            "pluginConfiguration": {
                "protobuf": self._plugin() | {"expectations": {"response": value}, "message": f".shop.v1.{name}"}
            },
        }
        self._write(consumer, entry)

    def observed(self, consumer: str, date: str = "2026-11-01") -> None:
        """A usage log of all of a consumer's tests that read nothing besides what its contracts say."""
        document = f"contracts/usage/{consumer}.json"
        self.observations.append(Observation(consumer, date, document, "abc"))
        proof = Evidence("usage-log", document)
        self.uses += [
            Use("shop.v1.GetOrderResponse", consumer, Access.READ, transport, named=False, evidence=proof)
            for transport in {use.transport for use in self.uses if use.consumer == consumer}
        ]

    def of(self, text: str) -> None:
        """Let the contracts that follow speak of this interface instead of the shop as it is."""
        self.image = compiled(text)

    def read(self, consumer: str, element: str, transport: str) -> None:
        """A usage log of all of a consumer's tests that read one element."""
        document = f"contracts/usage/{consumer}.json"
        self.observations.append(Observation(consumer, "2026-11-01", document, "abc"))
        proof = Evidence("usage-log", document, "", "test_it.py::test", "abc", "2026-11-01")
        self.uses.append(Use(element, consumer, Access.READ, Transport(transport), transport == "http", proof))

    def wrote(self, consumer: str, *elements: str) -> None:
        """A usage log of all of a consumer's tests, which wrote these elements over gRPC."""
        document = f"contracts/usage/{consumer}.json"
        self.observations.append(Observation(consumer, "2026-11-01", document, "abc"))
        proof = Evidence("usage-log", document, "", "test_it.py::test", "abc", "2026-11-01")
        self.uses += [
            Use(each, consumer, Access.WRITE, Transport.GRPC, named=False, evidence=proof) for each in elements
        ]

    def placed(self, consumer: str, element: str) -> None:
        """A usage log of one element that tests wrote into a path."""
        proof = Evidence("usage-log", f"contracts/usage/{consumer}.json", "", "test_it.py::test", "abc", "2026-11-01")
        self.uses.append(Use(element, consumer, Access.WRITE, Transport.HTTP, named=False, evidence=proof))

    @property
    def usage(self) -> Usage:
        """What all contracts so far prove."""
        return Usage(self.uses, self.observations, self.examples)

    def _write(self, consumer: str, entry: Mapping[str, object]) -> None:
        encoded = base64.b64encode(self.image.SerializeToString()).decode()
        document = {
            "consumer": {"name": consumer},
            "provider": {"name": "shop"},
            "interactions": [{"comments": {"testname": f"test_{consumer}.py::test"}, **entry}],
            "metadata": {
                "pactSpecification": {"version": "4.0"},
                "plugins": [
                    {"name": "protobuf", "version": "0", "configuration": {"key": {"protoDescriptors": encoded}}}
                ],
            },
        }
        path = self.folder / f"{consumer}-shop.json"
        path.write_text(json.dumps(document, indent=1), encoding="utf-8")
        state = KnownState(Catalogue(state_of(self.image)))
        contract, origin = pact.load(path), Provenance("v7", "2026-10-31")
        self.uses += pacts.uses(contract, [state], origin)
        self.examples += pacts.examples(contract, [state], origin)

    def _contents(self, type_name: str, value: Mapping[str, Any]) -> dict[str, object]:
        message = Descriptors(self.image).message(type_name)()
        json_format.ParseDict(dict(value), message)
        content = base64.b64encode(message.SerializeToString()).decode()
        return {
            "content": content,
            "contentType": f"application/protobuf;message={type_name}",
            "encoded": "base64",
        }

    def _plugin(self) -> dict[str, object]:
        return {"descriptorKey": "key"}


def state_of(image: descriptor_pb2.FileDescriptorSet) -> State:
    return State(File(file.SerializeToString(), imported=file.name != "shop.proto") for file in image.file)


def compiled(text: str) -> descriptor_pb2.FileDescriptorSet:
    return image_of({"shop.proto": text})


@pytest.fixture(scope="session")
def image() -> descriptor_pb2.FileDescriptorSet:
    return compiled(SHOP)


@pytest.fixture
def interface(image: descriptor_pb2.FileDescriptorSet) -> Catalogue:
    return Catalogue(state_of(image))


@pytest.fixture
def shop() -> str:
    return SHOP


@pytest.fixture
def contracts(tmp_path: Path, image: descriptor_pb2.FileDescriptorSet) -> Contracts:
    return Contracts(tmp_path, image)


Edit = tuple[str, str]


@pytest.fixture
def changed(image: descriptor_pb2.FileDescriptorSet) -> Callable[..., Evolution]:
    """The shop after edits: each replaces one text by another."""

    def change(*edits: Edit) -> Evolution:
        text = SHOP
        for before, after in edits:
            assert before in text
            text = text.replace(before, after)
        return Evolution((state_of(image),), state_of(compiled(text)))

    return change


@pytest.fixture
def hit(contracts: Contracts) -> Callable[..., dict[str, str]]:
    """What one finding about a change means for each consumer."""

    def examine(change: Evolution, rule: str, *consumers: str) -> dict[str, str]:
        [row] = [row for row in RULES if row.id == rule]
        breaches = compare(change.bases[0], change.current, [row])
        assert breaches, f"{rule} objects to nothing"
        first = breaches[0].objection
        fingerprint = hashlib.sha256(first.message.encode()).hexdigest()[:16]
        finding = Finding(
            rule, "FILE", Severity.ERROR, first.span or Span(first.path), first.element, first.message, fingerprint
        )
        names = consumers or contracts.usage.consumers
        [told] = assess(
            [Found(row, finding)],
            ProtobufChange(change, contracts.usage.examples),
            contracts.usage,
            [Consumer(name) for name in names],
        )
        return {entry.consumer.name: str(entry.impact) for entry in told.consumers}

    return examine


@pytest.fixture
def told(contracts: Contracts) -> Callable[..., dict[str, str]]:
    """The worst that the findings of a rule mean for each consumer."""

    def examine(before: str, after: str, rule: str) -> dict[str, str]:
        change = Evolution((state_of(compiled(before)),), state_of(compiled(after)))
        [row] = [row for row in RULES if row.id == rule]
        found = [
            Found(row, Finding(rule, "FILE", Severity.ERROR, Span(each.path), each.element, each.message, "0" * 16))
            for breach in compare(change.bases[0], change.current, [row])
            for each in (breach.objection,)
        ]
        assert found, f"{rule} objects to nothing"
        usage = contracts.usage
        change_now = ProtobufChange(change, usage.examples, usage.uses)
        consumers = [Consumer(name) for name in usage.consumers]
        hits = [hit for each in assess(found, change_now, usage, consumers) for hit in each.consumers]
        ranks = (Impact.BROKEN, Impact.POTENTIALLY_AFFECTED, Impact.UNKNOWN, Impact.UNAFFECTED)
        worst = {
            name: min((hit for hit in hits if hit.consumer.name == name), key=lambda hit: ranks.index(hit.impact))
            for name in usage.consumers
        }
        return {name: f"{hit.impact}{', source only' if hit.source_only else ''}" for name, hit in worst.items()}

    return examine
