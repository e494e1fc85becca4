"""What a repository says about itself, read once and handed down."""

from servanda.configuration.git import Revision, revision
from servanda.configuration.load import find, load, search
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
    "Configuration",
    "Contracts",
    "EndToEnd",
    "Events",
    "Interfaces",
    "Pacticipant",
    "Revision",
    "Service",
    "Store",
    "find",
    "load",
    "revision",
    "search",
]
