"""Recorded interactions of a scenario, as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Http:
    """An exchange over HTTP.

    Attributes:
        answer: Expected content; ``None`` if the consumer expects none.
        like: Places in it that are expected by type only, with all that is below.
    """

    method: str
    path: str
    status: int
    query: Mapping[str, list[str]] = field(default_factory=dict)
    request_headers: Mapping[str, list[str]] = field(default_factory=dict)
    body: Any = None
    headers: Mapping[str, list[str]] = field(default_factory=dict)
    answer: Any = None
    like: Sequence[str] = ()

    @property
    def is_invalid(self) -> bool:
        """Tell whether the request is meant to be refused for what is in it."""
        return self.status in (400, 422)

    @property
    def is_answered(self) -> bool:
        """Tell whether the response is a success."""
        return self.status in range(200, 300)


@dataclass(frozen=True)
class Grpc:
    """A unary call, its messages by the names of the definition; ``status`` is not empty if a refusal is expected."""

    method: str
    request: Mapping[str, Any]
    response: Mapping[str, Any] | None = None
    status: str = ""

    @property
    def is_invalid(self) -> bool:
        """Tell whether the request is meant to be refused for what is in it."""
        return self.status == "INVALID_ARGUMENT"


@dataclass(frozen=True)
class Event:
    """An event on Kafka; ``encoding`` is ``protobuf`` or ``json``."""

    message: str
    encoding: str
    metadata: Mapping[str, str]
    content: Mapping[str, Any]


@dataclass(frozen=True)
class Recorded:
    """One interaction between a consumer and a provider."""

    consumer: str
    provider: str
    name: str
    exchange: Http | Grpc | Event

    @property
    def transport(self) -> str:
        """Name of the transport, as in usage logs."""
        return {Http: "http", Grpc: "grpc", Event: "kafka"}[type(self.exchange)]


@dataclass(frozen=True)
class Party:
    """A consumer: its interactions, the version of each of its pacts, and what else its tests were seen to read.

    Attributes:
        log: Whether there is a usage log of all that it reads and writes.
        reads: Elements that no contract names, each with its transport: ``shop.v1.Order.note@http``.
    """

    name: str
    interactions: tuple[Recorded, ...]
    version: int
    versions: Mapping[str, int]
    log: bool
    reads: tuple[str, ...]

    def version_for(self, provider: str) -> int:
        """Return the version of the Pact specification of the contract with a provider."""
        return self.versions.get(provider, self.version)


_EXCHANGES: Mapping[str, type[Http | Grpc | Event]] = {"http": Http, "grpc": Grpc, "event": Event}


def load(path: Path) -> tuple[Party, ...]:
    """Read the consumers of a scenario."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(_party(name, entry) for name, entry in document.items())


def _party(name: str, entry: Mapping[str, Any]) -> Party:
    return Party(
        name,
        tuple(_recorded(name, each) for each in entry["interactions"]),
        entry["pact"],
        entry.get("pact_of", {}),
        entry["log"],
        tuple(entry.get("reads", ())),
    )


def _recorded(consumer: str, entry: Mapping[str, Any]) -> Recorded:
    kind = next(kind for kind in _EXCHANGES if kind in entry)
    return Recorded(consumer, entry["provider"], entry["name"], _EXCHANGES[kind](**entry[kind]))


def recorded(parties: tuple[Party, ...]) -> Iterator[Recorded]:
    """Yield the interactions of all consumers."""
    for party in parties:
        yield from party.interactions
