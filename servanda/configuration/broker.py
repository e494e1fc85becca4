"""The table ``[contracts.broker]``."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from servanda.configuration.forms import FLAG, TEXT, matching, tables
from servanda.configuration.model import BrokerSettings
from servanda.configuration.shape import Key, Shape
from servanda.documents import Table

# https://docs.pact.io/pact_broker/advanced_topics/consumer_version_selectors
_TEXTS: Final = ("consumer", "branch", "fallbackBranch", "tag", "fallbackTag", "environment")
_FLAGS: Final = ("mainBranch", "matchingBranch", "latest", "deployed", "released", "deployedOrReleased")


def _selector(**values: object) -> Mapping[str, object]:
    return MappingProxyType({name: value for name, value in values.items() if value is not None})


def _selects_something(values: Mapping[str, Any], table: Table) -> None:
    if all(value is None for value in values.values()):
        raise table.error("a selector that selects nothing", "for example { mainBranch = true }")


_SELECTOR: Final = Shape(
    _selector,
    (*(Key(name, TEXT) for name in _TEXTS), *(Key(name, FLAG) for name in _FLAGS)),
    check=_selects_something,
    least=1,
)

BROKER: Final = Shape(
    BrokerSettings,
    (
        Key(
            "url",
            TEXT,
            "address of the broker for `servanda verify --broker`",
            default="",
            shown="`PACT_BROKER_BASE_URL`",
        ),
        Key(
            "selectors",
            tables(_SELECTOR),
            "[consumer version selectors](https://docs.pact.io/pact_broker/advanced_topics/consumer_version_selectors)",
            shown="the choice of the broker",
        ),
        Key("pending", FLAG, "whether contracts that never held break nothing", default=True),
        Key(
            "wip_since",
            matching("[0-9]{4}-[0-9]{2}-[0-9]{2}", "a day", 'it as "2026-01-31"'),
            "day from which contracts that are work in progress are verified as well",
            default="",
        ),
    ),
)
"""Choice of the contracts of a broker."""
