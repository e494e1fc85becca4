"""Reading pact files in the versions 1 to 4 of the specification."""

from __future__ import annotations

import contextlib
import gc
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, cast

from servanda.documents import Notation, Reader, Table, Value, read_bytes
from servanda.errors import ContractError, ServandaError
from servanda.extensions import TRANSPORTS
from servanda.pact.document import Interaction, PactFile, Plugin, ProviderState, Unreadable
from servanda.pact.entry import Entry, Read, records
from servanda.pact.isolation import Apart, Place, isolated
from servanda.pact.parts.tables import table
from servanda.transport import TransportKind, transport_kind
from servanda.verdict import Location

if TYPE_CHECKING:
    from servanda.pact.descriptors import Descriptors

_VERSION = re.compile(r"([1-4])(\.\d+)*")
_NOTHING: Final[Mapping[Place, Apart]] = MappingProxyType({})
READER = Reader(ContractError)
"""Reads contracts, within the limits that hold if nobody says otherwise."""


def load(path: Path, reader: Reader = READER) -> PactFile:
    """Return the contract in this file.

    Raises:
        ContractError: It cannot be read, or says something that cannot be meant; the error names file and line.
    """
    return _whole(load_readable(path, reader))


def load_readable(path: Path, reader: Reader = READER) -> PactFile:
    """Return the contract in this file, also if some of its interactions cannot be read.

    Raises:
        ContractError: The file cannot be read, or what it says outside of its interactions.
    """
    with _uncollected():
        content = read_bytes(path, str(path), reader.limits.size, reader.error)
        try:
            document, apart = reader.parse(content, str(path), Notation.JSON), _NOTHING
        except ContractError as error:
            document, apart = isolated(content, str(path), reader, error)
        return _file(document.root.table(), str(path), apart)


def parse(text: str, path: str, reader: Reader = READER) -> PactFile:
    """Return the contract in this text.

    Args:
        text: A pact document.
        path: Where it is from, for locations.
        reader: Says how much it may hold.

    Raises:
        ContractError: It cannot be read, or says something that cannot be meant; the error names file and line.
    """
    return _whole(_file(reader.parse(text, path, Notation.JSON).root.table(), path))


def _whole(contract: PactFile) -> PactFile:
    for unreadable in contract.unreadable:
        raise unreadable.error
    return contract


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


def _file(document: Table, path: str, apart: Mapping[Place, Apart] = _NOTHING) -> PactFile:
    metadata = table(document, "metadata")
    version = _version(document, metadata)
    try:
        plugins = tuple(_plugin(entry) for entry in records(metadata, "plugins"))
    except ContractError as error:
        raise ContractError(error.what, where=error.where or metadata.where, hint=error.hint) from error
    descriptors = {
        key: _descriptors(key, value)
        for plugin in plugins
        if plugin.name == "protobuf"
        for key, value in plugin.configuration.items()
    }
    read = tuple(_interactions(document, path, descriptors, int(version[0]), apart))
    return PactFile(
        path=path,
        consumer=document.table("consumer").name("name"),
        provider=document.table("provider").name("name"),
        interactions=tuple(each for each in read if isinstance(each, Interaction)),
        plugins=plugins,
        specification=version,
        unreadable=tuple(each for each in read if isinstance(each, Unreadable)),
    )


def _descriptors(key: str, value: object) -> Descriptors | ContractError:
    # Contracts over HTTP do without protobuf.
    from servanda.pact.descriptors import descriptor_set  # noqa: PLC0415

    try:
        return descriptor_set(key, value)
    except ContractError as error:
        return error  # which costs the interactions that need them


def _version(document: Table, metadata: Table) -> str:
    """Return the version of the specification that a file names, or that its shape tells if it names none."""
    named = next((found for found in _named_versions(metadata) if found is not None), None)
    if named is None:
        typed = any(isinstance(each.raw, dict) and "type" in each.raw for each in _entries(document, "interactions"))
        return "4.0" if typed else "3.0.0"
    version = str(named.raw)
    if not _VERSION.fullmatch(version):
        what = f"version '{version:.80}' of the Pact specification is not supported, expected 1, 1.1, 2, 3 or 4"
        raise ContractError(what, where=named.where, hint="let the consumer's tests write version 4")
    return version


def _named_versions(metadata: Table) -> Iterator[Value | None]:
    for key in ("pactSpecification", "pact-specification"):
        # Some writers leave out the object around it.
        yield metadata.get(key) if isinstance(metadata.raw.get(key), str) else table(metadata, key).get("version")
    yield metadata.get("pactSpecificationVersion")


def _plugin(entry: Table) -> Plugin:
    return Plugin(entry.name("name"), entry.text("version", ""), entry.table("configuration").raw)


def _interactions(
    document: Table,
    path: str,
    descriptors: Mapping[str, Descriptors | ContractError],
    version: int,
    apart: Mapping[Place, Apart],
) -> Iterator[Interaction | Unreadable]:
    seen: set[tuple[str, str]] = set()
    for kind, key in (("", "interactions"), ("Asynchronous/Messages", "messages")):
        for number, entry in enumerate(_entries(document, key)):
            if (refused := apart.get((key, number))) is not None:
                yield _unreadable(entry, refused.members, number, path, kind, refused.error)
                continue
            try:
                written = entry.table()
                place = Location(path, written.required("description").line)
                yield _described(written, kind, Entry(written, place, descriptors, version), seen)
            except ServandaError as error:
                yield _unreadable(entry, entry.raw, number, path, kind, error)
            except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever one of them is, it does not cost the others
                what = f"cannot be read: {type(error).__name__}: {error}"
                yield _unreadable(entry, entry.raw, number, path, kind, ContractError(what, where=entry.where))


def _entries(document: Table, key: str) -> tuple[Value, ...]:
    found = document.get(key)
    if found is None:
        return ()
    return tuple(found.items()) if isinstance(found.raw, list) else (found.table().value,)


def _described(written: Table, kind: str, entry: Entry, seen: set[tuple[str, str]]) -> Interaction:
    description = written.name("description")
    try:
        found = _interaction(written, kind, entry)
        if (identity := (description, _told(found.states))) in seen:
            hint = "give every interaction its own description, or its own provider states"
            raise ContractError(f"the description '{description}' is used twice", hint=hint)
    except ContractError as error:
        where = error.where or written.required("description").where
        raise ContractError(f"'{description}': {error.what}", where=where, hint=error.hint) from error
    seen.add(identity)
    return found


def _unreadable(entry: Value, said: object, number: int, path: str, implied: str, error: ServandaError) -> Unreadable:
    written = said if isinstance(said, Mapping) else {}
    description, kind = written.get("description"), written.get("type", implied)
    return Unreadable(
        description if isinstance(description, str) and description else f"interaction {number + 1}",
        Location(path, entry.line),
        kind if isinstance(kind, str) else "",
        error,
        written.get("pending") is True,
    )


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
