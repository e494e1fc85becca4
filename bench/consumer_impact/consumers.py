"""Made-up consumers: what each of them calls, writes and reads, and what can be known of it."""

from __future__ import annotations

import enum
import random
from collections.abc import Iterator
from dataclasses import dataclass

from bench.consumer_impact.interface import Interface

Path = tuple[str, ...]
"""Names of fields from a message down to one that is no message, as they were before the change."""


class Evidence(enum.StrEnum):
    """Evidence of a consumer."""

    CONTRACT = "contract"
    """A contract that names all that it uses; no usage log."""
    USAGE_LOG = "usage-log"
    """A contract that names a part, and a usage log of all that its tests read."""
    PARTIAL = "partial"
    """A contract that names a part, and nothing else."""

    @property
    def is_complete(self) -> bool:
        """Tell whether everything that the consumer uses is in evidence."""
        return self is not Evidence.PARTIAL


@dataclass(frozen=True)
class Consumer:
    """One consumer.

    Attributes:
        operation: Rpc that it calls, or ``ParcelSent`` for a consumer of events.
        writes: Fields of the request that it sets.
        reads: Fields of the response or event that it relies on.
        contracted: Those of its reads that its contract names.
        status: Number of the enum value that it sends and expects.
    """

    name: str
    transport: str
    operation: str
    writes: tuple[Path, ...]
    reads: tuple[Path, ...]
    contracted: tuple[Path, ...]
    evidence: Evidence
    status: int


def make(name: str, interface: Interface, random_: random.Random) -> Consumer:
    """Return a consumer that is compatible with this state of the interface."""
    transport = random_.choice(("grpc", "http", "kafka"))
    operation = "ParcelSent" if transport == "kafka" else random_.choice([rpc.name for rpc in interface.rpcs])
    evidence = random_.choice(tuple(Evidence))
    answer = "ParcelSent" if transport == "kafka" else f"{operation}Response"
    reads = _some(list(_leaves(interface, answer)), random_)
    writes: tuple[Path, ...] = ()
    if transport != "kafka":
        candidates = list(_leaves(interface, f"{operation}Request"))
        first = candidates[:1] if operation == "GetParcel" else []
        writes = tuple(dict.fromkeys([*first, *_some(candidates, random_)]))
    contracted = reads if evidence is Evidence.CONTRACT else _some(list(reads), random_)
    return Consumer(name, transport, operation, writes, reads, contracted, evidence, random_.randint(1, 3))


def _some(paths: list[Path], random_: random.Random) -> tuple[Path, ...]:
    return tuple(sorted(random_.sample(paths, random_.randint(1, max(1, len(paths) // 2)))))


def _leaves(interface: Interface, message: str) -> Iterator[Path]:
    for field in interface.messages[message].fields:
        if field.kind in interface.messages:
            yield from ((field.name, *rest) for rest in _leaves(interface, field.kind))
        else:
            yield (field.name,)
