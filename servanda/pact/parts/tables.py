"""Tables as the writers of pact files leave them."""

from __future__ import annotations

from servanda.documents import Table, Value


def table(part: Table, key: str) -> Table:
    """Return a table within a part; empty if it is not there. An empty list counts as one: PHP has no empty objects.

    Raises:
        ContractError: Something else is there.
    """
    if part.raw.get(key) == []:
        found = part.required(key)
        return Value({}, found.pointer, found.document).table()
    return part.table(key)
