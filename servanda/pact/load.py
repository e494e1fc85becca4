"""Reading pact files: version 4 of the specification, and version 3 for HTTP and messages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

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
from servanda.pact.members import Members
from servanda.pact.parts import bodies, fields, generators, rules
from servanda.verdict import Location

_VERSIONS = ("4.", "3.")


def load(path: Path) -> PactFile:
    """The contract in this file.

    Raises:
        ContractError: It cannot be read, or says something that cannot be meant; the error names file and line.
    """
    return parse(_text(path), str(path))


def parse(text: str, path: str) -> PactFile:
    """The contract in this text.

    Args:
        text: A pact document.
        path: Where it is from, for locations.

    Raises:
        ContractError: It cannot be read, or says something that cannot be meant; the error names file and line.
    """
    try:
        return _file(Members.of(json.loads(text), "pact"), path, text)
    except json.JSONDecodeError as error:
        raise ContractError(f"no JSON: {error.msg}", where=f"{path}:{error.lineno}:{error.colno}") from error
    except ContractError as error:
        where = f"{path}:{error.where}" if error.where else path
        raise ContractError(error.what, where=where, hint=error.hint) from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ContractError(f"cannot be read: {error}", where=str(path)) from error


def _file(document: Members, path: str, text: str) -> PactFile:
    metadata = document.members("metadata")
    version = _version(metadata)
    plugins = tuple(_plugin(entry) for entry in metadata.list("plugins"))
    descriptors = {
        key: found
        for plugin in plugins
        if plugin.name == "protobuf"
        for key, found in from_configuration(plugin.configuration).items()
    }
    lines = _Lines(text)
    return PactFile(
        path=path,
        consumer=document.members("consumer").name("name"),
        provider=document.members("provider").name("name"),
        interactions=tuple(_interactions(document, path, lines, descriptors)),
        plugins=plugins,
        specification=version,
    )


def _version(metadata: Members) -> str:
    for key in ("pactSpecification", "pact-specification"):
        version = metadata.members(key).text("version")
        if version:
            break
    if not version.startswith(_VERSIONS):
        raise ContractError(
            f"version '{version}' of the Pact specification is not supported, expected 4 or 3",
            hint="let the consumer's tests write version 4",
        )
    return version


def _plugin(entry: Members) -> Plugin:
    return Plugin(entry.name("name"), entry.text("version"), entry.mapping("configuration"))


def _interactions(
    document: Members, path: str, lines: _Lines, descriptors: Mapping[str, Descriptors]
) -> Iterator[Interaction]:
    seen: set[str] = set()
    for kind, key in (("", "interactions"), ("Asynchronous/Messages", "messages")):
        for entry in document.list(key):
            description = entry.name("description")
            line = lines.of(description)
            try:
                if description in seen:
                    raise ContractError(
                        f"the description '{description}' is used twice", hint="give every interaction its own"
                    )
                yield _interaction(entry, kind, Location(path, line), descriptors)
            except ContractError as error:
                raise ContractError(f"'{description}': {error.what}", where=str(line), hint=error.hint) from error
            seen.add(description)


def _interaction(
    entry: Members, implied: str, location: Location, descriptors: Mapping[str, Descriptors]
) -> Interaction:
    kind = entry.text("type") or implied or "Synchronous/HTTP"
    match kind:
        case "Synchronous/HTTP":
            return _http(entry, location)
        case "Synchronous/Messages":
            return _grpc(entry, location, descriptors)
        case "Asynchronous/Messages":
            return _message(entry, location, descriptors)
    raise ContractError(f"the interaction type '{kind}' is unknown")


def _states(entry: Members) -> tuple[ProviderState, ...]:
    states = tuple(
        ProviderState(state.name("name"), MappingProxyType(dict(state.mapping("params"))))
        for state in entry.list("providerStates")
    )
    single = entry.text("providerState")
    return states or ((ProviderState(single),) if single else ())


def _test(entry: Members) -> str:
    return entry.members("comments").text("testname")


def _http(entry: Members, location: Location) -> HttpInteraction:
    asked, answered = entry.required("request"), entry.required("response")
    return HttpInteraction(
        description=entry.name("description"),
        location=location,
        states=_states(entry),
        test=_test(entry),
        name=entry.text("key"),
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


def _part(entry: Members, expectations: Mapping[str, object]) -> Part:
    return Part(
        body=bodies.of_contents(entry),
        fields=fields.metadata(entry),
        rules=rules.of(entry),
        generators=generators.of(entry),
        expectations=expectations,
    )


def _grpc(entry: Members, location: Location, descriptors: Mapping[str, Descriptors]) -> GrpcInteraction:
    configuration = entry.members("pluginConfiguration").members("protobuf")
    service, _, method = configuration.text("service").lstrip(".").rpartition("/")
    if not service:
        raise ContractError(
            "a synchronous message that names no gRPC service cannot be verified",
            hint="record it with the 'protobuf' plugin and 'pact:proto-service'",
        )
    found = _descriptors(configuration, descriptors).method(service, method)
    responses = entry.list("response")
    if len(responses) > 1:
        raise ContractError(f"{len(responses)} responses to one call, expected one: only unary calls are supported")
    if found.client_streaming or found.server_streaming:
        raise ContractError(f"'{service}/{method}' streams: only unary calls are supported")
    types = _descriptors(configuration, descriptors)
    expected = configuration.members("expectations")
    return GrpcInteraction(
        description=entry.name("description"),
        location=location,
        states=_states(entry),
        test=_test(entry),
        name=entry.text("key"),
        service=service,
        method=method,
        input=types.message(found.input_type.full_name),
        output=types.message(found.output_type.full_name),
        request=_part(entry.required("request"), expected.mapping("request")),
        response=_part(responses[0], expected.mapping("response")) if responses else Part(),
    )


def _message(entry: Members, location: Location, descriptors: Mapping[str, Descriptors]) -> MessageInteraction:
    configuration = entry.members("pluginConfiguration").members("protobuf")
    name = configuration.text("message")
    return MessageInteraction(
        description=entry.name("description"),
        location=location,
        states=_states(entry),
        test=_test(entry),
        name=entry.text("key"),
        contents=_part(entry, configuration.members("expectations").mapping("response")),
        message=_descriptors(configuration, descriptors).message(name) if name else None,
    )


def _descriptors(configuration: Members, descriptors: Mapping[str, Descriptors]) -> Descriptors:
    key = configuration.text("descriptorKey")
    if key not in descriptors:
        raise ContractError(f"the descriptors '{key}' are not in the file", hint="record the interaction again")
    return descriptors[key]


class _Lines:
    """Where the descriptions stand in the text."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()

    def of(self, description: str) -> int:
        """Line of a description, counted from 1; 1 if it cannot be told."""
        for written in (json.dumps(description), json.dumps(description, ensure_ascii=False)):
            for number, line in enumerate(self._lines, start=1):
                if '"description"' in line and written in line:
                    return number
        return 1
