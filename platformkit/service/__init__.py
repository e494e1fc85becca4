"""Parts that every service would otherwise write again: its main, its store, its refusals, its pages.

What takes long to import is imported when it is first asked for, so that a migration does not pay for it.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from platformkit.service.clock import Clock, now
from platformkit.service.errors import StoreUnavailableError
from platformkit.service.main import Command, Load, run
from platformkit.service.page import Cursor, Page, page_of

if TYPE_CHECKING:
    from platformkit.service.connections import Connections
    from platformkit.service.contract_caller import ContractCaller
    from platformkit.service.contract_letters import ContractLetters
    from platformkit.service.listing import Listing
    from platformkit.service.refusals import Refusals
    from platformkit.service.store import PostgresStoreBase

__all__ = [
    "Clock",
    "Command",
    "Connections",
    "ContractCaller",
    "ContractLetters",
    "Cursor",
    "Listing",
    "Load",
    "Page",
    "PostgresStoreBase",
    "Refusals",
    "StoreUnavailableError",
    "now",
    "page_of",
    "run",
]

_MODULES = {
    "Connections": "connections",
    "ContractCaller": "contract_caller",
    "ContractLetters": "contract_letters",
    "Listing": "listing",
    "PostgresStoreBase": "store",
    "Refusals": "refusals",
}


def __getattr__(name: str) -> object:
    """Import what is offered under a name.

    Raises:
        AttributeError: Nothing is.
    """
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
