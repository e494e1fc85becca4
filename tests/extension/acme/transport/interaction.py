"""A message in a spool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from servanda.pact import Interaction, Part
from servanda.verdict import Transport


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolInteraction(Interaction):
    """A message that the provider puts into the spool."""

    transport: ClassVar[Transport] = Transport("spool")

    @property
    def message(self) -> Part:
        return self.responses[0]
