"""Reading pact files: version 4 of the specification, and version 3 for HTTP and messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

from servanda.documents import Notation, Reader, Table
from servanda.errors import ContractError
from servanda.extensions import TRANSPORTS
from servanda.pact.descriptors import Descriptors, from_configuration
from servanda.pact.document import Interaction, PactFile, Plugin
from servanda.pact.entry import Entry, Read, records
from servanda.transport import TransportKind, transport_kind
from servanda.verdict import Location

_VERSIONS = ("4.", "3.")
READER = Reader(ContractError)
"""Reads contracts, within the limits that hold if nobody says otherwise."""


def load(path: Path, reader: Reader = READER) -> PactFile:
    """Return the contract in this file.

    Raises:
        ContractError: It cannot be read, or says something that cannot be meant; the error names file and line.
    """
    return _file(reader.read(path, notation=Notation.JSON).root.table(), str(path))


def parse(text: str, path: str, reader: Reader = READER) -> PactFile:
    """Return the contract in this text.

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
        plugins = tuple(_plugin(entry) for entry in records(metadata, "plugins"))
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
        for entry in records(document, key):
            description = entry.name("description")
            place = entry.required("description")
            try:
                if description in seen:
                    hint = "give every interaction its own description"
                    raise ContractError(f"the description '{description}' is used twice", hint=hint)
                yield _interaction(entry, kind, Location(path, place.line), descriptors)
            except ContractError as error:
                where = error.where or place.where
                raise ContractError(f"'{description}': {error.what}", where=where, hint=error.hint) from error
            seen.add(description)


def _interaction(table: Table, implied: str, location: Location, descriptors: Mapping[str, Descriptors]) -> Interaction:
    kind = table.text("type", "") or implied or "Synchronous/HTTP"
    read = cast("Read", _transport(kind, table.text("transport", "")).module("reading").read)
    return read(Entry(table, location, descriptors))


def _transport(kind: str, named: str) -> TransportKind:
    """Find the transport that an interaction names, else the first one of its type: the file may name a variant."""
    if named and TRANSPORTS.has(named) and transport_kind(named).pact_type == kind:
        return transport_kind(named)
    for name in TRANSPORTS.built_in:
        if (found := transport_kind(name)).pact_type == kind:
            return found
    raise ContractError(f"the interaction type '{kind}' is unknown")
