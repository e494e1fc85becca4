"""Contract testing and consumer-driven verification for services that speak gRPC, HTTP and Kafka.

What a repository uses of the suite in its tests and scripts is imported from here: ``from servanda import isolate``.
The names are those of ``__all__``; modules below may change without notice. Importing the package imports nothing
else: each name is looked up when it is used first (PEP 562).
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from servanda.checking.check import Examined, check
    from servanda.checking.kinds import kinds as interface_kinds
    from servanda.configuration import Configuration, Limits
    from servanda.configuration import find as find_configuration
    from servanda.configuration import load as load_configuration
    from servanda.errors import (
        ConfigurationError,
        ContractError,
        ExtensionError,
        InfrastructureError,
        InterfaceError,
        JobError,
        LimitError,
        MissingExtraError,
        PatternError,
        ProcessError,
        PublicationError,
        RecordingError,
        ServandaError,
        SupervisionError,
        VerdictError,
        VerificationError,
    )
    from servanda.infra import Choice as StoreChoice
    from servanda.infra import (
        Endpoints,
        KafkaEndpoint,
        Namespace,
        PostgresEndpoint,
        RedisEndpoint,
        database_template,
        isolate,
    )
    from servanda.infra import choose as choose_stores
    from servanda.infra import start as start_stores
    from servanda.interfaces.kind import Context as CheckContext
    from servanda.interfaces.kind import Wanted as CheckInput
    from servanda.pytest_plugin import ObserveFor, PactWith
    from servanda.recording.pacts.pact import RecordedPact
    from servanda.recording.usage.messages import unwrap
    from servanda.recording.usage.recorder import Observe
    from servanda.transports.grpc.recording import GrpcCall
    from servanda.transports.kafka.recording import Delivery, DescribedEvent
    from servanda.verdict import (
        Answer,
        Bump,
        Consumer,
        ConsumerImpact,
        DeployOrder,
        Evidence,
        Finding,
        Impact,
        InteractionResult,
        InterfaceComparison,
        Location,
        Mismatch,
        Outcome,
        Reason,
        ReasonKind,
        Severity,
        Span,
        StageResult,
        Steps,
        StoreFact,
        Transition,
        Transport,
        Verdict,
    )
    from servanda.verdict.document import from_document, to_document
    from servanda.verification.states import Handler as StateHandler
    from servanda.verification.states import Handlers as StateHandlers

__all__ = [
    "Answer",
    "Bump",
    "CheckContext",
    "CheckInput",
    "Configuration",
    "ConfigurationError",
    "Consumer",
    "ConsumerImpact",
    "ContractError",
    "Delivery",
    "DeployOrder",
    "DescribedEvent",
    "Endpoints",
    "Evidence",
    "Examined",
    "ExtensionError",
    "Finding",
    "GrpcCall",
    "Impact",
    "InfrastructureError",
    "InteractionResult",
    "InterfaceComparison",
    "InterfaceError",
    "JobError",
    "KafkaEndpoint",
    "LimitError",
    "Limits",
    "Location",
    "Mismatch",
    "MissingExtraError",
    "Namespace",
    "Observe",
    "ObserveFor",
    "Outcome",
    "PactWith",
    "PatternError",
    "PostgresEndpoint",
    "ProcessError",
    "PublicationError",
    "Reason",
    "ReasonKind",
    "RecordedPact",
    "RecordingError",
    "RedisEndpoint",
    "ServandaError",
    "Severity",
    "Span",
    "StageResult",
    "StateHandler",
    "StateHandlers",
    "Steps",
    "StoreChoice",
    "StoreFact",
    "SupervisionError",
    "Transition",
    "Transport",
    "Verdict",
    "VerdictError",
    "VerificationError",
    "check",
    "choose_stores",
    "database_template",
    "find_configuration",
    "from_document",
    "interface_kinds",
    "isolate",
    "load_configuration",
    "start_stores",
    "to_document",
    "unwrap",
]

_ROOMS: Mapping[str, str] = MappingProxyType(
    {
        "servanda.checking.check": "Examined check",
        "servanda.checking.kinds": "interface_kinds=kinds",
        "servanda.configuration": "Configuration Limits find_configuration=find load_configuration=load",
        "servanda.errors": (
            "ConfigurationError ContractError ExtensionError InfrastructureError InterfaceError JobError LimitError "
            "MissingExtraError PatternError ProcessError PublicationError RecordingError ServandaError "
            "SupervisionError VerdictError VerificationError"
        ),
        "servanda.infra": (
            "Endpoints KafkaEndpoint Namespace PostgresEndpoint RedisEndpoint StoreChoice=Choice "
            "choose_stores=choose database_template isolate start_stores=start"
        ),
        "servanda.interfaces.kind": "CheckContext=Context CheckInput=Wanted",
        "servanda.pytest_plugin": "ObserveFor PactWith",
        "servanda.recording.pacts.pact": "RecordedPact",
        "servanda.recording.usage.messages": "unwrap",
        "servanda.recording.usage.recorder": "Observe",
        "servanda.transports.grpc.recording": "GrpcCall",
        "servanda.transports.kafka.recording": "Delivery DescribedEvent",
        "servanda.verdict": (
            "Answer Bump Consumer ConsumerImpact DeployOrder Evidence Finding Impact InteractionResult "
            "InterfaceComparison Location Mismatch Outcome Reason ReasonKind Severity Span StageResult Steps StoreFact "
            "Transition Transport Verdict"
        ),
        "servanda.verdict.document": "from_document to_document",
        "servanda.verification.states": "StateHandler=Handler StateHandlers=Handlers",
    }
)
"""The names of each module; ``name=other`` if it has another one there, which would not tell here what it is of."""


if not TYPE_CHECKING:  # a type checker would else take every name for one that exists

    def __getattr__(name: str) -> object:
        """Import a public name from its room."""
        for module, names in _ROOMS.items():
            for public, _, own in (each.partition("=") for each in names.split()):
                if public == name:
                    globals()[name] = getattr(importlib.import_module(module), own or name)
                    return globals()[name]
        raise AttributeError(f"module 'servanda' has no attribute '{name}'")


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
