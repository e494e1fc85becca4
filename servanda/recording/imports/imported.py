"""The request for an import, and what an importer found."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from servanda.interfaces.usage.exchange import Exchange
from servanda.interfaces.usage.log import Noted
from servanda.verdict import Transport


@dataclass(frozen=True, slots=True)
class Wanted:
    """An import that somebody asks for.

    Attributes:
        service: Name of the consumer in the file, if it is another one there.
        transport: Over which the consumer speaks, where the file does not say.
    """

    file: Path
    consumer: str
    service: str = ""
    transport: Transport = Transport.GRPC


@dataclass(frozen=True, slots=True)
class Imported:
    """Content of a file of another tool, as far as it is about interfaces that are described here.

    Attributes:
        day: Day of the newest part; ``None`` if the file does not say.
        version: Version of the consumer; empty if the file does not say.
        told: What was found, in a few words.
    """

    exchanges: tuple[Exchange, ...] = ()
    reads: tuple[Noted, ...] = ()
    writes: tuple[Noted, ...] = ()
    day: dt.date | None = None
    version: str = ""
    told: str = ""
