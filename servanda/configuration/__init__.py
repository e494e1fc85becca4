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
    mistakes,
    parse_configuration,
    search,
)
from servanda.configuration.model import (
    INSTANCES,
    AcceptedDifference,
    BrokerSettings,
    Configuration,
    Contracts,
    EndToEnd,
    EventConsumer,
    Events,
    ImpactSettings,
    Interfaces,
    Migrations,
    Pacticipant,
    RecordCommand,
    Service,
    Store,
    Up,
    VersionSettings,
)
from servanda.configuration.names import unknown_service
from servanda.configuration.origin import Origin, origin
from servanda.configuration.readiness import READY_FORMS
from servanda.configuration.reference import schema
from servanda.configuration.rules import NO_LEVELS, Level, RuleLevels
from servanda.configuration.secrets import REFERENCE, Secrets

__all__ = [
    "CONFIGURATION_FILES",
    "DEFAULT_LIMITS",
    "DIRECT",
    "INSTANCES",
    "NO_LEVELS",
    "READY_FORMS",
    "REFERENCE",
    "AcceptedDifference",
    "BrokerSettings",
    "Build",
    "Configuration",
    "Connection",
    "Contracts",
    "EndToEnd",
    "EventConsumer",
    "Events",
    "ImpactSettings",
    "Interfaces",
    "Level",
    "Limits",
    "Migrations",
    "Origin",
    "Pacticipant",
    "RecordCommand",
    "Revision",
    "RuleLevels",
    "Secrets",
    "Service",
    "Store",
    "Up",
    "VersionSettings",
    "build_of",
    "connection",
    "earlier_configuration",
    "find",
    "load",
    "mistakes",
    "origin",
    "parse_configuration",
    "revision",
    "schema",
    "search",
    "unknown_service",
]
