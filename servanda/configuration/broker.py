"""Reading the table ``[contracts.broker]``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from servanda.configuration.model import BrokerSettings
from servanda.documents import Table, Value

_TEXTS = ("consumer", "branch", "fallbackBranch", "tag", "fallbackTag", "environment")
_FLAGS = ("mainBranch", "matchingBranch", "latest", "deployed", "released", "deployedOrReleased")
# https://docs.pact.io/pact_broker/advanced_topics/consumer_version_selectors
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def broker_settings(table: Table) -> BrokerSettings:
    """Read which contracts of a broker are verified.

    Raises:
        ConfigurationError: A selector has a key that no broker knows, or something cannot be meant.
    """
    since = table.get("wip_since")
    if since is not None and not _DAY.fullmatch(since.text()):
        raise since.error(f"'{since.text()}' is not a day", 'write it as "2026-01-31"')
    settings = BrokerSettings(
        url=table.text("url", ""),
        selectors=tuple(_selector(each) for each in table.items("selectors")),
        pending=table.flag("pending", default=True),
        wip_since=since.text() if since is not None else "",
    )
    table.close()
    return settings


def _selector(place: Value) -> Mapping[str, object]:
    table = place.table()
    found: dict[str, object] = {}
    for name in _TEXTS:
        if table.get(name) is not None:
            found[name] = table.text(name)
    for name in _FLAGS:
        if table.get(name) is not None:
            found[name] = table.flag(name, default=False)
    table.close()
    if not found:
        raise place.error("a selector that selects nothing", "for example { mainBranch = true }")
    return MappingProxyType(found)
