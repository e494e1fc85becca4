"""Facts that the rest of the suite produces and hands on: immutable, comparable, free of prose."""

from servanda.verdict.arrow import Arrow, arrows
from servanda.verdict.comparison import Bump, InterfaceComparison
from servanda.verdict.finding import Consumer, ConsumerImpact, Evidence, Finding, Impact, Severity, Steps
from servanda.verdict.interaction import InteractionResult, Mismatch, Reason, ReasonKind
from servanda.verdict.interface_use import ElementUse, InterfaceUse
from servanda.verdict.location import Location, Span
from servanda.verdict.outcome import Answer, Outcome, Transport
from servanda.verdict.run import InstanceFact, StageResult, StoreFact, Verdict, combine, decide, outcome_of
from servanda.verdict.transition import DeployOrder, Transition

__all__ = [
    "Answer",
    "Arrow",
    "Bump",
    "Consumer",
    "ConsumerImpact",
    "DeployOrder",
    "ElementUse",
    "Evidence",
    "Finding",
    "Impact",
    "InstanceFact",
    "InteractionResult",
    "InterfaceComparison",
    "InterfaceUse",
    "Location",
    "Mismatch",
    "Outcome",
    "Reason",
    "ReasonKind",
    "Severity",
    "Span",
    "StageResult",
    "Steps",
    "StoreFact",
    "Transition",
    "Transport",
    "Verdict",
    "arrows",
    "combine",
    "decide",
    "outcome_of",
]
