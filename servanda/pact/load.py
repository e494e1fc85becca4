"""Reading pact files: version 4 of the specification, and version 3 for HTTP and messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from servanda.documents import Notation, Reader, Table
from servanda.errors import ContractError
from servanda.pact.descriptors import Descriptors, from_configuration
from servanda.pact.document import (
    GrpcInteraction,
    HttpInteraction,
    HttpRequest,
    HttpResponse,
    Interaction,
    MessageInteraction,
    PactFile,
    Part,
    Plugin,
    ProviderState,
)
from servanda.pact.parts import bodies, fields, generators, rules
from servanda.verdict import Location

_VERSIONS = ("4.", "3.")
READER = Reader(ContractError)
"""Reads contracts, within the limits that hold if nobody says otherwise."""


def load(path: Path, reader: Reader = READER) -> PactFile:
    """The contract in this file.

    Raises:
        ContractError: It cannot be read, or says something that cannot be meant; the error names file and line.
    """
    return _file(reader.read(path, notation=Notation.JSON).root.table(), str(path))


def parse(text: str, path: str, reader: Reader = READER) -> PactFile:
    """The contract in this text.

    Args:
        text: A pact document.
        path: Where it is from, for locations.
        reader: Says how much it may hold.

    Raises:
        ContractError: It cannot be read, or says something that cannot be meant; the error names file and line.
    """
    return _file(reader.parse(text, path, Notation.JSON).root.table(), path)


def _file(document: Table, path: str) -> PactFile:
    metadata = document.table("metadata")
    version = _version(metadata)
    try:
        plugins = tuple(_plugin(entry) for entry in _records(metadata, "plugins"))
        descriptors = {
            key: found
            for plugin in plugins
            if plugin.name == "protobuf"
            for key, found in from_configuration(plugin.configuration).items()
        }
    except ContractError as error:
        raise ContractError(error.what, where=error.where or metadata.where, hint=error.hint) from error
    return PactFile(
        path=path,
        consumer=document.table("consumer").name("name"),
        provider=document.table("provider").name("name"),
        interactions=tuple(_interactions(document, path, descriptors)),
        plugins=plugins,
        specification=version,
    )


def _records(table: Table, key: str) -> tuple[Table, ...]:
    """A list of objects; empty if it is not there. A single object counts as a list of one."""
    found = table.get(key)
    if found is None:
        return ()
    return tuple(each.table() for each in found.items()) if isinstance(found.raw, list) else (found.table(),)


def _version(metadata: Table) -> str:
    for key in ("pactSpecification", "pact-specification"):
        version = metadata.table(key).text("version", "")
        if version:
            break
    if not version.startswith(_VERSIONS):
        what = f"version '{version}' of the Pact specification is not supported, expected 4 or 3"
        raise ContractError(what, where=metadata.where, hint="let the consumer's tests write version 4")
    return version


def _plugin(entry: Table) -> Plugin:
    return Plugin(entry.name("name"), entry.text("version", ""), entry.table("configuration").raw)


def _interactions(document: Table, path: str, descriptors: Mapping[str, Descriptors]) -> Iterator[Interaction]:
    seen: set[str] = set()
    for kind, key in (("", "interactions"), ("Asynchronous/Messages", "messages")):
        for entry in _records(document, key):
            description = entry.name("description")
            place = entry.required("description")
            try:
                if description in seen:
                    hint = "give every interaction its own"
                    raise ContractError(f"the description '{description}' is used twice", hint=hint)
                yield _interaction(entry, kind, Location(path, place.line), descriptors)
            except ContractError as error:
                where = error.where or place.where
                raise ContractError(f"'{description}': {error.what}", where=where, hint=error.hint) from error
            seen.add(description)


def _interaction(entry: Table, implied: str, location: Location, descriptors: Mapping[str, Descriptors]) -> Interaction:
    kind = entry.text("type", "") or implied or "Synchronous/HTTP"
    match kind:
        case "Synchronous/HTTP":
            return _http(entry, location)
        case "Synchronous/Messages":
            return _grpc(entry, location, descriptors)
        case "Asynchronous/Messages":
            return _message(entry, location, descriptors)
    raise ContractError(f"the interaction type '{kind}' is unknown")


def _states(entry: Table) -> tuple[ProviderState, ...]:
    states = tuple(
        ProviderState(state.name("name"), MappingProxyType(dict(state.table("params").raw)))
        for state in _records(entry, "providerStates")
    )
    single = entry.text("providerState", "")
    return states or ((ProviderState(single),) if single else ())


def _test(entry: Table) -> str:
    return entry.table("comments").text("testname", "")


def _http(entry: Table, location: Location) -> HttpInteraction:
    asked, answered = entry.required("request").table(), entry.required("response").table()
    return HttpInteraction(
        description=entry.name("description"),
        location=location,
        states=_states(entry),
        test=_test(entry),
        name=entry.text("key", ""),
        request=HttpRequest(
            body=bodies.of_http(asked),
            fields=fields.listed(asked, "headers"),
            rules=rules.of(asked),
            generators=generators.of(asked),
            method=asked.text("method", "GET").upper(),
            path=asked.text("path", "/"),
            query=fields.query(asked),
        ),
        response=HttpResponse(
            body=bodies.of_http(answered),
            fields=fields.listed(answered, "headers"),
            rules=rules.of(answered),
            generators=generators.of(answered),
            status=answered.integer("status", 200),
        ),
    )


def _part(entry: Table, expectations: Mapping[str, object]) -> Part:
    return Part(
        body=bodies.of_contents(entry),
        fields=fields.metadata(entry),
        rules=rules.of(entry),
        generators=generators.of(entry),
        expectations=expectations,
    )


def _grpc(entry: Table, location: Location, descriptors: Mapping[str, Descriptors]) -> GrpcInteraction:
    configuration = entry.table("pluginConfiguration").table("protobuf")
    service, _, method = configuration.text("service", "").lstrip(".").rpartition("/")
    if not service:
        raise ContractError(
            "a synchronous message that names no gRPC service cannot be verified",
            hint="record it with the 'protobuf' plugin and 'pact:proto-service'",
        )
    found = _descriptors(configuration, descriptors).method(service, method)
    responses = _records(entry, "response")
    if len(responses) > 1:
        raise ContractError(f"{len(responses)} responses to one call, expected one: only unary calls are supported")
    if found.client_streaming or found.server_streaming:
        raise ContractError(f"'{service}/{method}' streams: only unary calls are supported")
    types = _descriptors(configuration, descriptors)
    expected = configuration.table("expectations")
    return GrpcInteraction(
        description=entry.name("description"),
        location=location,
        states=_states(entry),
        test=_test(entry),
        name=entry.text("key", ""),
        service=service,
        method=method,
        input=types.message(found.input_type.full_name),
        output=types.message(found.output_type.full_name),
        request=_part(entry.required("request").table(), expected.table("request").raw),
        response=_part(responses[0], expected.table("response").raw) if responses else Part(),
    )


def _message(entry: Table, location: Location, descriptors: Mapping[str, Descriptors]) -> MessageInteraction:
    configuration = entry.table("pluginConfiguration").table("protobuf")
    name = configuration.text("message", "")
    return MessageInteraction(
        description=entry.name("description"),
        location=location,
        states=_states(entry),
        test=_test(entry),
        name=entry.text("key", ""),
        contents=_part(entry, configuration.table("expectations").table("response").raw),
        message=_descriptors(configuration, descriptors).message(name) if name else None,
    )


def _descriptors(configuration: Table, descriptors: Mapping[str, Descriptors]) -> Descriptors:
    key = configuration.text("descriptorKey", "")
    if key not in descriptors:
        raise ContractError(f"the descriptors '{key}' are not in the file", hint="record the interaction again")
    return descriptors[key]
