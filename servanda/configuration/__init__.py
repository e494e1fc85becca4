"""Configuration of a repository, read once and handed down."""

from servanda.configuration.build import Build, build_of
from servanda.configuration.connection import DIRECT, Connection, connection
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
    BrokerSettings,
    Configuration,
    Contracts,
    EndToEnd,
    Events,
    ImpactSettings,
    Interfaces,
    Pacticipant,
    RecordCommand,
    Service,
    Store,
)
from servanda.configuration.origin import Origin, origin
from servanda.configuration.readiness import READY_FORMS
from servanda.configuration.rules import NO_LEVELS, Level, RuleLevels

__all__ = [
    "CONFIGURATION_FILES",
    "DEFAULT_LIMITS",
    "DIRECT",
    "NO_LEVELS",
    "READY_FORMS",
    "BrokerSettings",
    "Build",
    "Configuration",
    "Connection",
    "Contracts",
    "EndToEnd",
    "Events",
    "ImpactSettings",
    "Interfaces",
    "Level",
    "Limits",
    "Origin",
    "Pacticipant",
    "RecordCommand",
    "Revision",
    "RuleLevels",
    "Service",
    "Store",
    "build_of",
    "connection",
    "earlier_configuration",
    "find",
    "load",
    "origin",
    "parse_configuration",
    "revision",
    "search",
]
