"""The OpenAPI document that is compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from servanda.configuration import Configuration
from servanda.interfaces.openapi.document import Document


@dataclass(frozen=True, slots=True)
class Examined:
    """A document in both states.

    Attributes:
        file: Where it lies.
    """

    file: Path
    previous: Document
    current: Document

    def providers(self, configuration: Configuration, known: Iterable[str]) -> frozenset[str]:
        """Who answers for it: whose contracts tell how it is used.

        That is who is configured with the document, else who is called like its file. If nobody is, any provider may
        be meant: contracts with each of them count as far as their requests are described.

        Args:
            configuration: Says which document is whose.
            known: Names of all providers that contracts are with.
        """
        parties = configuration.pacticipants.values()
        file = self.file.resolve()
        owners = {
            party.name for party in parties if party.openapi and (configuration.root / party.openapi).resolve() == file
        }
        everybody = frozenset(known)
        return frozenset(owners) or frozenset({self.file.stem}) & everybody or everybody
