"""Address of Kafka."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from servanda.verdict import StoreFact

NAME: Final = "kafka"


@dataclass(frozen=True, slots=True)
class KafkaEndpoint:
    """Address of a Kafka cluster; ``bootstrap`` is a comma-separated list of ``host:port``."""

    bootstrap: str
    fact: StoreFact
