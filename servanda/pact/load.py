"""Reading pact files in the versions 1 to 4 of the specification."""

from __future__ import annotations

import contextlib
import gc
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import cast

from servanda.documents import Notation, Reader, Table, Value
from servanda.errors import ContractError
from servanda.extensions import TRANSPORTS
from servanda.pact.descriptors import Descriptors, from_configuration
from servanda.pact.document import Interaction, PactFile, Plugin, ProviderState
from servanda.pact.entry import Entry, Read, records
from servanda.pact.parts.tables import table
from servanda.transport import TransportKind, transport_kind
from servanda.verdict import Location

_VERSION = re.compile(r"([1-4])(\.\d+)*")
READER = Reader(ContractError)
"""Reads contracts, within the limits that hold if nobody says otherwise."""


def load(path: Path, reader: Reader = READER) -> PactFile:
    """Return the contract in this file.

    Raises:
        ContractError: It cannot be read, or says something that cannot be meant; the error names file and line.
    """
    with _uncollected():
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


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Hold back the collection of garbage: all that is read is kept, and looking through it takes as long."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _file(document: Table, path: str) -> PactFile:
    metadata = table(document, "metadata")
    version = _version(document, metadata)
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
        interactions=tuple(_interactions(document, path, descriptors, int(version[0]))),
        plugins=plugins,
        specification=version,
    )


def _version(document: Table, metadata: Table) -> str:
    """Return the version of the specification that a file names, or that its shape tells if it names none."""
    named = next((found for found in _named_versions(metadata) if found is not None), None)
    if named is None:
        typed = any("type" in each.raw for each in records(document, "interactions"))
        return "4.0" if typed else "3.0.0"
    version = str(named.raw)
    if not _VERSION.fullmatch(version):
        what = f"version '{version:.80}' of the Pact specification is not supported, expected 1, 1.1, 2, 3 or 4"
        raise ContractError(what, where=named.where, hint="let the consumer's tests write version 4")
    return version


def _named_versions(metadata: Table) -> Iterator[Value | None]:
    for key in ("pactSpecification", "pact-specification"):
        yield table(metadata, key).get("version")
    yield metadata.get("pactSpecificationVersion")


def _plugin(entry: Table) -> Plugin:
    return Plugin(entry.name("name"), entry.text("version", ""), entry.table("configuration").raw)


def _interactions(
    document: Table, path: str, descriptors: Mapping[str, Descriptors], version: int
) -> Iterator[Interaction]:
    seen: set[tuple[str, str]] = set()
    for kind, key in (("", "interactions"), ("Asynchronous/Messages", "messages")):
        for entry in records(document, key):
            description = entry.name("description")
            place = entry.required("description")
            try:
                found = _interaction(entry, kind, Entry(entry, Location(path, place.line), descriptors, version))
                if (identity := (description, _told(found.states))) in seen:
                    hint = "give every interaction its own description, or its own provider states"
                    raise ContractError(f"the description '{description}' is used twice", hint=hint)
                yield found
            except ContractError as error:
                where = error.where or place.where
                raise ContractError(f"'{description}': {error.what}", where=where, hint=error.hint) from error
            seen.add(identity)


def _told(states: Iterable[ProviderState]) -> str:
    return json.dumps([[state.name, dict(state.params)] for state in states], sort_keys=True)


def _interaction(written: Table, implied: str, entry: Entry) -> Interaction:
    kind = written.text("type", "") or implied or "Synchronous/HTTP"
    read = cast("Read", _transport(kind, written.text("transport", "")).module("reading").read)
    return read(entry)


def _transport(kind: str, named: str) -> TransportKind:
    """Find the transport that an interaction names, else the first one of its type: the file may name a variant."""
    if named and TRANSPORTS.has(named) and transport_kind(named).pact_type == kind:
        return transport_kind(named)
    for name in TRANSPORTS.built_in:
        if (found := transport_kind(name)).pact_type == kind:
            return found
    raise ContractError(f"the interaction type '{kind}' is unknown")
