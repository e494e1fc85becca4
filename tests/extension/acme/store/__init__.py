"""A store: a folder into which messages are put as files."""

from __future__ import annotations

from dataclasses import dataclass

from servanda.infra import StoreKind
from servanda.verdict import StoreFact


@dataclass(frozen=True, slots=True)
class SpoolEndpoint:
    """Where the spool is."""

    folder: str
    fact: StoreFact


STORE = StoreKind("spool", package=__name__, endpoint=SpoolEndpoint)
