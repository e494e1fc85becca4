"""Address of Redis."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import quote

from servanda.verdict import StoreFact

NAME: Final = "redis"


@dataclass(frozen=True, slots=True)
class RedisEndpoint:
    """Address of Redis or a server that speaks its protocol; ``password`` is empty if it wants none."""

    host: str
    port: int
    url: str = field(repr=False)
    fact: StoreFact
    password: str = field(default="", repr=False)

    @classmethod
    def of(cls, host: str, port: int, password: str, fact: StoreFact) -> Self:
        """Make the endpoint of a server with a password for everybody, its first database."""
        return cls(host, port, f"redis://:{quote(password, safe='')}@{host}:{port}/0", fact, password)
