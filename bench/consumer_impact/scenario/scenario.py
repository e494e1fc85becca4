"""A scenario: the former state of a repository, its consumers, and edits with their truth."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from bench.consumer_impact.replay.projection import Meaning
from bench.consumer_impact.replay.state import State
from bench.consumer_impact.replay.types import Types
from bench.consumer_impact.scenario import contracts, edits, interactions
from bench.consumer_impact.scenario.edits import Edit
from bench.consumer_impact.scenario.interactions import Event, Grpc, Http, Party
from servanda.interfaces.protobuf.compiler import compile_workspace

_PROTO, _API = "proto/", "api/"


@dataclass(frozen=True)
class Scenario:
    """A scenario, read.

    Attributes:
        files: Interfaces, configuration, contracts and usage logs of the former state by path.
        providers: Those who only provide, and so are no consumers.
    """

    files: Mapping[str, str]
    parties: tuple[Party, ...]
    edits: tuple[Edit, ...]
    state: State
    providers: frozenset[str]

    def transport(self, consumer: str, edit: Edit) -> str:
        """Return over what a consumer uses the interface that an edit is about; empty if no contract is about it."""
        providers = {_provider(path) for path in edit.replaced}
        return min((found for each in providers if (found := self.transport_with(consumer, each))), default="")

    def transport_with(self, consumer: str, provider: str) -> str:
        """Return over what a consumer talks to a provider; empty if there is no contract."""
        party = next(each for each in self.parties if each.name == consumer)
        is_document = provider in self.state.documents
        found = {_kind(each.exchange, is_document) for each in party.interactions if each.provider == provider}
        return min(found, default="")


def _kind(exchange: Http | Grpc | Event, is_document: bool) -> str:
    if isinstance(exchange, Event):
        return f"kafka {exchange.encoding}"
    return "grpc" if isinstance(exchange, Grpc) else "openapi" if is_document else "http"


def _provider(path: str) -> str:
    return Path(path).stem if path.startswith(_API) else Path(path).parts[2]


def load(folder: Path, *, with_reads: bool = True) -> Scenario:
    """Read a scenario and write its contracts.

    Args:
        folder: Folder of the scenario.
        with_reads: Whether usage logs name more than contracts do.
    """
    base = folder / "base"
    files = {path.relative_to(base).as_posix(): path.read_text(encoding="utf-8") for path in _files(base)}
    state = compiled(files)
    parties = interactions.load(folder / "interactions.yaml")
    if not with_reads:
        parties = tuple(replace(party, reads=()) for party in parties)
    with tempfile.TemporaryDirectory() as scratch:
        contracts.write(Path(scratch, "contracts"), parties, state.types)
        files |= {
            path.relative_to(scratch).as_posix(): path.read_text(encoding="utf-8") for path in _files(Path(scratch))
        }
    return Scenario(files, parties, edits.load(folder / "edits"), state, frozenset(state.documents))


def compiled(
    files: Mapping[str, str], former: State | None = None, unlike: Mapping[str, str] = MappingProxyType({})
) -> State:
    """Return a state that an oracle can make providers from.

    Args:
        files: All files by path.
        former: A state whose protobuf definitions are taken if they are those of ``unlike``.
        unlike: The files of that state.
    """
    protos = {path: text for path, text in files.items() if path.startswith(_PROTO)}
    if former is not None and protos == {path: text for path, text in unlike.items() if path.startswith(_PROTO)}:
        return State(former.types, _documents(files), tomllib.loads(files["servanda.toml"])["events"]["option"])
    with tempfile.TemporaryDirectory() as scratch:
        for path, text in protos.items():
            target = Path(scratch, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        image = compile_workspace(Path(scratch, _PROTO))
    return State(Types(image), _documents(files), tomllib.loads(files["servanda.toml"])["events"]["option"])


def _documents(files: Mapping[str, str]) -> Mapping[str, Mapping[str, Any]]:
    return {Path(path).stem: yaml.safe_load(text) for path, text in files.items() if path.startswith(_API)}


def meaning(edit: Edit) -> Meaning:
    """Return what elements are called after an edit."""
    return Meaning(edit.moved)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())
