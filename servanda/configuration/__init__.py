"""Configuration of a repository, read once and handed down."""

from servanda.configuration.git import Revision, revision
from servanda.configuration.limits import DEFAULT_LIMITS, Limits
from servanda.configuration.load import (
    CONFIGURATION_FILES,
    earlier_configuration,
    find,
    load,
    parse_configuration,
    search,
)
from servanda.configuration.model import (
    Configuration,
    Contracts,
    EndToEnd,
    Events,
    Interfaces,
    Pacticipant,
    Service,
    Store,
)

__all__ = [
    "CONFIGURATION_FILES",
    "DEFAULT_LIMITS",
    "Configuration",
    "Contracts",
    "EndToEnd",
    "Events",
    "Interfaces",
    "Limits",
    "Pacticipant",
    "Revision",
    "Service",
    "Store",
    "earlier_configuration",
    "find",
    "load",
    "parse_configuration",
    "revision",
    "search",
]
