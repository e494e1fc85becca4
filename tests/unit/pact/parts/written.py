"""Parts of interactions, written down in a test."""

from __future__ import annotations

import json
from collections.abc import Mapping

from servanda.documents import Notation, Reader, Table
from servanda.errors import ContractError


def table(written: Mapping[str, object]) -> Table:
    """Return an object as a pact file holds it."""
    return Reader(ContractError).parse(json.dumps(written), "basket-shop.json", Notation.JSON).root.table()
