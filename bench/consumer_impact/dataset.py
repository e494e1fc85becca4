"""Writing a data set that any tool can be asked about; README.md describes the format."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Mapping
from pathlib import Path

from google.protobuf import descriptor_pb2, json_format
from google.protobuf.message import Message

from bench.consumer_impact import consumers, interface, oracle
from bench.consumer_impact.consumers import Consumer, Evidence
from bench.consumer_impact.edits import EDITS
from servanda.interfaces.protobuf.compiler import compile_workspace
from servanda.pact.descriptors import Descriptors

FORMAT = 1
_PROTO = "depot.proto"
_CONSUMERS = 6


def write(folder: Path, cases: int, seed: int) -> None:
    """Write this many cases below a folder; the same seed always gives the same ones."""
    kinds = list(EDITS)
    for index in range(cases):
        random_ = random.Random(f"{seed}/{index}")
        case = folder / f"{index:05}"
        before = interface.make(random_)
        after, done = before.copy(), ""
        kind = kinds[index % len(kinds)]
        while not done:
            after = before.copy()
            done = EDITS[kind](after, random_)
        everybody = [consumers.make(f"consumer-{number}", before, random_) for number in range(_CONSUMERS)]
        _case(case, (before, after), everybody, {"seed": seed, "kind": kind, "change": done})


def _case(
    case: Path,
    states: tuple[interface.Interface, interface.Interface],
    everybody: list[Consumer],
    about: Mapping[str, object],
) -> None:
    images = [_compiled(case / name, state) for name, state in zip(("previous", "current"), states, strict=True)]
    before, after = (oracle.State(state, Descriptors(image)) for state, image in zip(states, images, strict=True))
    truth = []
    for consumer in everybody:
        _write(case / "contracts" / "pacts" / f"{consumer.name}-depot.json", _pact(consumer, before, images[0]))
        if consumer.evidence is Evidence.USAGE_LOG:
            _write(case / "contracts" / "usage" / f"{consumer.name}.json", _usage_log(consumer, before))
        reason = oracle.breaks(consumer, before, after)
        evidence = {"evidence": consumer.evidence, "complete": consumer.evidence.is_complete}
        truth.append({"consumer": consumer.name, "broken": bool(reason), "because": reason, **evidence})
    _write(case / "case.json", {"format": FORMAT, "consumers": [consumer.name for consumer in everybody]})
    _write(case / "truth.json", {"format": FORMAT, **about, "consumers": truth})


def _compiled(folder: Path, state: interface.Interface) -> descriptor_pb2.FileDescriptorSet:
    folder.mkdir(parents=True)
    (folder / _PROTO).write_text(interface.render(state), encoding="utf-8")
    return compile_workspace(folder)


def _write(path: Path, document: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _pact(consumer: Consumer, before: oracle.State, image: descriptor_pb2.FileDescriptorSet) -> object:
    answer = oracle.response(consumer, before, consumer.contracted)
    sent = None if consumer.transport == "kafka" else oracle.request(consumer, before)
    entry = _http(consumer, before, sent, answer) if consumer.transport == "http" else _binary(consumer, sent, answer)
    encoded = base64.b64encode(image.SerializeToString(deterministic=True)).decode()
    plugin = {"name": "protobuf", "version": "0", "configuration": {"depot": {"protoDescriptors": encoded}}}
    plugins = [] if consumer.transport == "http" else [plugin]
    interaction = {"description": f"{consumer.operation} of {consumer.name}", **entry}
    return {
        "consumer": {"name": consumer.name},
        "provider": {"name": "depot"},
        "interactions": [{**interaction, "comments": {"testname": f"test_{consumer.name}.py::test"}}],
        "metadata": {"pactSpecification": {"version": "4.0"}, "plugins": plugins},
    }


def _http(consumer: Consumer, before: oracle.State, sent: Message | None, answer: Message) -> Mapping[str, object]:
    rpc = next(rpc for rpc in before.interface.rpcs if rpc.name == consumer.operation)
    written = json_format.MessageToDict(sent) if sent is not None else {}
    request: dict[str, object] = {"method": rpc.verb.upper(), "path": rpc.path}
    if rpc.verb == "get":
        identifier = written.pop("parcelId")
        request["path"] = rpc.path.replace("{}", str(identifier).replace(" ", "-"))
        request["query"] = {name: [str(value)] for name, value in written.items()}
    else:
        request["body"] = {"content": written, "contentType": "application/json", "encoded": False}
    content = json_format.MessageToDict(answer)
    response = {"status": 200, "body": {"content": content, "contentType": "application/json", "encoded": False}}
    return {"type": "Synchronous/HTTP", "request": request, "response": response}


def _binary(consumer: Consumer, sent: Message | None, answer: Message) -> Mapping[str, object]:
    read = json_format.MessageToDict(answer, preserving_proto_field_name=True)
    if sent is None:
        message = {"message": f".{answer.DESCRIPTOR.full_name}", "expectations": {"response": read}}
        configuration = {"protobuf": {"descriptorKey": "depot", **message}}
        return {"type": "Asynchronous/Messages", "contents": _contents(answer), "pluginConfiguration": configuration}
    expectations = {"request": json_format.MessageToDict(sent, preserving_proto_field_name=True), "response": read}
    service = {"service": f".{oracle.PACKAGE}.Depot/{consumer.operation}", "expectations": expectations}
    return {
        "type": "Synchronous/Messages",
        "request": {"contents": _contents(sent)},
        "response": [{"contents": _contents(answer)}],
        "pluginConfiguration": {"protobuf": {"descriptorKey": "depot", **service}},
    }


def _contents(message: Message) -> Mapping[str, object]:
    return {
        "content": base64.b64encode(message.SerializeToString(deterministic=True)).decode(),
        "contentType": f"application/protobuf;message=.{message.DESCRIPTOR.full_name}",
        "encoded": "base64",
    }


def _usage_log(consumer: Consumer, before: oracle.State) -> object:
    answer = "ParcelSent" if consumer.transport == "kafka" else f"{consumer.operation}Response"
    reads = {f"{oracle.PACKAGE}.{answer}"}
    for path in consumer.reads:
        holder = answer
        for name in path:
            reads.add(f"{oracle.PACKAGE}.{holder}.{name}")
            holder = next(each.kind for each in before.interface.messages[holder].fields if each.name == name)
            if holder == "Status":
                value = next(each.name for each in before.interface.values if each.number == consumer.status)
                reads |= {f"{oracle.PACKAGE}.Status", f"{oracle.PACKAGE}.Status.{value}"}
            elif holder in before.interface.messages:
                reads.add(f"{oracle.PACKAGE}.{holder}")
    test = f"test_{consumer.name}.py::test"
    entries = [{"element": element, "transport": consumer.transport, "test": test} for element in sorted(reads)]
    about = {"format": 1, "consumer": consumer.name, "version": "1", "date": "2026-01-01"}
    # All that is sent is in the contract already: a request of a contract is complete.
    return {**about, "reads": entries, "writes": []}
