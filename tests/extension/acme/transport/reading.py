"""Reading messages of spools from a pact file."""

from __future__ import annotations

from acme.transport.interaction import SpoolInteraction
from servanda.pact.entry import Entry


def read(entry: Entry) -> SpoolInteraction:
    """Read one message."""
    return SpoolInteraction(**entry.named(), responses=(entry.part(entry.table, {}),))
