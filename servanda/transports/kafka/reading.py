"""Reading events from a pact file."""

from __future__ import annotations

from servanda.pact.entry import Entry
from servanda.transports.kafka.interaction import MessageInteraction


def read(entry: Entry) -> MessageInteraction:
    """Read one event.

    Raises:
        ContractError: It says something that cannot be meant.
    """
    configuration = entry.protobuf
    name = configuration.text("message", "")
    contents = entry.part(entry.table, configuration.table("expectations").table("response").raw)
    output = entry.types().message(name) if name else None
    return MessageInteraction(**entry.named(), responses=(contents,), output=output)
